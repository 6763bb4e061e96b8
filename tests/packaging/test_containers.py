"""The image, compose file, manifests and containerlab topology: valid by their schemas, and what they run is a command
of the tool."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import check_jsonschema
import kubernetes_validate
import pytest
import yaml
from jsonschema import validators

from iosemu.app.arguments import parse

ROOT = Path(__file__).parents[2]
PACKAGING = ROOT / "packaging"
COMPOSE_SCHEMA = Path(check_jsonschema.__file__).parent / "builtin_schemas" / "vendor" / "compose-spec.json"
KUBERNETES = ("1.31", "1.37")
CONTAINERFILE = (PACKAGING / "Containerfile").read_text()


def read(name: str) -> list[Any]:
    return list(yaml.safe_load_all((PACKAGING / name).read_text()))


def valid(document: Any, schema: dict[str, Any]) -> None:
    validators.validator_for(schema)(schema).validate(document)


def clab_schema() -> dict[str, Any]:
    """containerlab's own, without its sentences; Python's patterns have no classes of Unicode."""
    text = (Path(__file__).parent / "clab.schema.json").read_text()
    loaded: dict[str, Any] = json.loads(text.replace(r"[\\p{N}\\p{L}]", r"\\w"))
    return loaded


def image_says(instruction: str) -> list[str]:
    return json.loads(re.findall(rf"^{instruction} (\[.*\])$", CONTAINERFILE, re.MULTILINE)[-1])


def commands() -> dict[str, list[str]]:
    """Every command that is run in a container, without the entry point."""
    found = {"image": image_says("CMD")}
    found["compose"] = read("compose.yaml")[0]["services"]["lab"]["healthcheck"]["test"][2:]
    (pod,) = (each for each in read("kubernetes/classroom.yaml") if each["kind"] == "StatefulSet")
    (container,) = pod["spec"]["template"]["spec"]["containers"]
    found["classroom"] = container["args"]
    found["readiness"] = container["readinessProbe"]["exec"]["command"][1:]
    for name, node in read("containerlab/iosemu.clab.yml")[0]["topology"]["nodes"].items():
        found[name] = shlex.split(node["cmd"])
    return found


def test_the_compose_file_is_valid() -> None:
    (document,) = read("compose.yaml")
    valid(document, json.loads(COMPOSE_SCHEMA.read_text()))
    service = document["services"]["lab"]
    assert all(str(port).startswith("127.0.0.1:") for port in service["ports"])
    built = (PACKAGING / service["build"]["context"]).resolve()
    assert (built / service["build"]["dockerfile"]).samefile(PACKAGING / "Containerfile")


@pytest.mark.parametrize("version", KUBERNETES)
def test_the_manifests_are_valid(version: str) -> None:
    documents = read("kubernetes/classroom.yaml")
    assert [each["kind"] for each in documents] == ["Namespace", "NetworkPolicy", "Service", "StatefulSet"]
    for document in documents:
        kubernetes_validate.validate(document, version, strict=True)


def test_the_manifests_belong_together() -> None:
    _, _, service, pods = read("kubernetes/classroom.yaml")
    spec = pods["spec"]["template"]["spec"]
    (container,) = spec["containers"]
    assert pods["spec"]["selector"]["matchLabels"].items() <= pods["spec"]["template"]["metadata"]["labels"].items()
    assert service["spec"]["selector"] == pods["spec"]["selector"]["matchLabels"]
    assert pods["spec"]["serviceName"] == service["metadata"]["name"]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    assert ports["page"] == service["spec"]["ports"][0]["port"]
    assert {container[probe]["tcpSocket"]["port"] for probe in ("startupProbe", "livenessProbe")} <= set(ports)
    claims = {claim["metadata"]["name"] for claim in pods["spec"]["volumeClaimTemplates"]}
    assert {mount["name"] for mount in container["volumeMounts"]} == claims | {v["name"] for v in spec["volumes"]}


def test_the_containerlab_topology_is_valid() -> None:
    (document,) = read("containerlab/iosemu.clab.yml")
    valid(document, clab_schema())
    for node in document["topology"]["nodes"].values():
        for bind in node["binds"]:
            assert (PACKAGING / "containerlab" / bind.split(":")[0]).is_file()


@pytest.mark.parametrize("name", commands())
def test_what_a_container_runs_is_a_command_of_the_tool(name: str) -> None:
    options = parse(commands()[name])
    assert options.module in ("lab", "router", "fax")


def test_the_ports_are_those_of_the_lab() -> None:
    lab = parse(commands()["image"])
    assert (lab.web, lab.ports) == (("0.0.0.0", 8080), ("0.0.0.0", 2300))
    exposed = re.findall(r"^EXPOSE (.*)$", CONTAINERFILE, re.MULTILINE)
    assert exposed == ["8080 2300-2329"]
    assert commands()["image"] == commands()["classroom"]


def test_the_image_is_built_from_what_is_there() -> None:
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", CONTAINERFILE, re.MULTILINE)
    sources = [ROOT / source for line in copied for source in line.split()]
    assert len(sources) >= 4
    assert all(source.exists() for source in sources)
    assert image_says("ENTRYPOINT") == ["iosemu"]
