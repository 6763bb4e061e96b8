"""The templates of ntc-templates read what our routers print, and find the values that are configured."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from iosemu.lab.network import Host, VirtualNetwork
from tests.commands.routers import User, device
from tests.commands.wired import attached

parse = pytest.importorskip("ntc_templates.parse")
pytestmark = pytest.mark.peer

FIRST_PORT = {"as5300": "FastEthernet0", "3660": "FastEthernet0/0", "3745": "FastEthernet0/0"}
MAIL = "172.18.106.36"
ON_LINK = "15.80.7.1"

Read = Callable[[str], list[dict[str, Any]]]


@pytest.fixture(params=FIRST_PORT)
def platform(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def read(platform: str) -> Read:
    """Enter a command at a configured router; gives what the template of that command finds in the answer."""
    network = VirtualNetwork()
    network.add(Host("mail", lambda: (MAIL, ON_LINK)))
    router = attached(device(platform), network)
    user = User(router, "saved", "n", line="con 0")
    user.session.user = "eve"
    router.sessions = [user.session]
    user.configure(
        "hostname gate",
        f"interface {FIRST_PORT[platform]}",
        "ip address 15.80.7.11 255.255.255.0",
        "description uplink",
        "interface Loopback0",
        "ip address 192.0.2.1 255.255.255.255",
        "shutdown",
        "exit",
        "ip route 0.0.0.0 0.0.0.0 15.80.7.1",
        "isdn switch-type primary-ni",
        f"controller T1 {'0' if platform == 'as5300' else '1/0'}",
        "pri-group timeslots 1-24",
        "logging buffered 8192",
        "alias exec sv show version",
        "ip nat inside source static tcp 10.0.0.4 80 192.0.2.4 8080",
    )
    user.type("copy running-config flash:saved")
    router.log.event("SYS", 5, "CONFIG_I", "Configured from console by console")

    def found(command: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = parse.parse_output("cisco_ios", command, user.type(command))
        return rows

    return found


def some(row: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


def test_show_version(read: Read, platform: str) -> None:
    (row,) = read("show version")
    expected = {
        # The template keeps the last image it sees: on the access server, that of the boot helper.
        "as5300": ("C5300-BOOT-M", "12.0(4)XJ1", "c5300-js-mz.122-15.T9.bin", ["AS5300"], ["09393218"]),
        "3660": ("C3660-JS-M", "12.2(15)T9", "c3660-js-mz.122-15.T9.bin", ["3660"], ["JAB041985GN"]),
        "3745": ("C3745-JS-M", "12.2(15)T9", "c3745-js-mz.122-15.T9.bin", ["3745"], ["JMX0740L4UY"]),
    }
    assert some(row, "software_image", "version", "running_image", "hardware", "serial") == expected[platform]
    assert some(row, "hostname", "uptime", "uptime_minutes") == ("gate", "0 minutes", "0")
    assert some(row, "reload_reason", "config_register", "rommon") == ("power-on", "0x2102", "System")


def test_show_interfaces(read: Read, platform: str) -> None:
    rows = {row["interface"]: row for row in read("show interfaces")}
    port = rows[FIRST_PORT[platform]]
    assert some(port, "link_status", "protocol_status", "description") == ("up", "up", "uplink")
    assert some(port, "ip_address", "prefix_length", "mtu") == ("15.80.7.11", "24", "1500")
    chip = {"as5300": "DEC21140A", "3660": "AmdFE", "3745": "Gt96k FE"}[platform]
    assert some(port, "hardware_type", "bandwidth", "delay") == (chip, "100000 Kbit", "100 usec")
    assert some(port, "duplex", "speed", "encapsulation") == ("Full-duplex", "100Mb/s", "ARPA")
    assert port["mac_address"] == port["bia"] != ""
    ethernets = [row for row in rows.values() if row["encapsulation"] == "ARPA"]
    assert len({row["mac_address"] for row in ethernets}) == len(ethernets) > 1
    assert some(port, "last_input", "last_output", "last_output_hang") == ("never", "never", "never")
    assert some(port, "queue_size", "queue_max", "queue_drops", "queue_output_drops") == ("0", "75", "0", "0")
    counters = ("input_packets", "output_packets", "input_errors", "crc", "overrun", "output_errors", "input_rate")
    assert some(port, *counters) == ("0",) * len(counters)
    loopback = rows["Loopback0"]
    assert some(loopback, "link_status", "protocol_status") == ("administratively down", "down")
    assert some(loopback, "hardware_type", "mac_address", "mtu", "abort") == ("Loopback", "", "1514", "0")
    serial = rows["Serial0:23" if platform == "as5300" else "Serial1/0:23"]
    assert some(serial, "hardware_type", "link_status", "encapsulation") == ("DSX1", "down", "HDLC")


def test_show_ip_interface_brief(read: Read, platform: str) -> None:
    rows = {row.pop("interface"): row for row in read("show ip interface brief")}
    assert rows[FIRST_PORT[platform]] == {"ip_address": "15.80.7.11", "status": "up", "proto": "up"}
    assert rows["Loopback0"] == {"ip_address": "192.0.2.1", "status": "administratively down", "proto": "down"}


def test_show_ip_interface(read: Read, platform: str) -> None:
    rows = {row["interface"]: row for row in read("show ip interface")}
    port, loopback = rows[FIRST_PORT[platform]], rows["Loopback0"]
    assert some(port, "ip_address", "prefix_length", "mtu") == (["15.80.7.11"], ["24"], "1500")
    assert some(port, "link_status", "protocol_status", "ip_helper", "vrf") == ("up", "up", [], "")
    assert some(loopback, "ip_address", "link_status") == (["192.0.2.1"], "administratively down")


def test_show_clock(read: Read) -> None:
    assert read("show clock") == [
        {"time": "16:16:41.926", "timezone": "UTC", "dayweek": "Tue", "month": "Nov", "day": "18", "year": "2003"}
    ]


def test_show_users(read: Read) -> None:
    assert read("show users") == [
        {"line": "*  0 con 0", "user": "eve", "hosts": "idle", "idle": "00:00:00", "location": ""}
    ]


def test_dir(read: Read, platform: str) -> None:
    image, saved = read("dir")
    assert some(image, "id", "permissions", "file_system") == ("1", "-rw-", "flash:/")
    assert image["name"] == f"c{platform.removeprefix('as')}-js-mz.122-15.T9.bin"
    assert some(saved, "id", "name", "permissions") == ("2", "saved", "-rw-")
    assert saved["date_time"].endswith(" +00:00")
    assert int(saved["total_size"]) == int(saved["total_free"]) + int(image["size"]) + int(saved["size"])


def test_show_ip_route(read: Read, platform: str) -> None:
    columns = ("protocol", "flag", "network", "prefix_length", "nexthop_ip", "nexthop_if", "distance")
    assert [some(row, *columns) for row in read("show ip route")] == [
        ("C", "", "15.80.7.0", "24", "", FIRST_PORT[platform], ""),
        ("S", "*", "0.0.0.0", "0", "15.80.7.1", "", "1"),
    ]


def test_show_isdn_status(read: Read, platform: str) -> None:
    (row,) = read("show isdn status")
    assert row["interface"] == ("Serial0:23" if platform == "as5300" else "Serial1/0:23")
    assert some(row, "isdn_switchtype", "l1_status", "l3_active_calls") == ("primary-ni", "DEACTIVATED", "0")


def test_show_logging(read: Read) -> None:
    row = read("show logging")[-1]
    assert some(row, "time", "facility", "severity", "mnemonic") == ("00:00:00", "SYS", "5", "CONFIG_I")
    assert row["message"] == ["Configured from console by console"]


def test_show_aliases(read: Read) -> None:
    aliases = {row["alias"]: row["command"] for row in read("show aliases")}
    assert (aliases["sv"], aliases["p"]) == ("show version", "ping")


def test_show_file_systems(read: Read) -> None:
    rows = {row["prefixes"]: row for row in read("show file systems")}
    assert some(rows["nvram:"], "type", "flags") == ("nvram", "rw")
    assert int(rows["nvram:"]["size"]) >= int(rows["nvram:"]["free"]) > 0


@pytest.mark.parametrize(("host", "percent", "stream"), [(MAIL, "100", "!!!!!"), ("172.18.106.37", "0", ".....")])
def test_ping(read: Read, host: str, percent: str, stream: str) -> None:
    (row,) = read(f"ping {host}")
    assert some(row, "destination", "sent_qty", "success_pct") == (host, "5", percent)
    assert row["response_stream"] == [stream]


@pytest.mark.parametrize("command", ["show arp", "show ip arp"])
def test_arp_tables(read: Read, platform: str, command: str) -> None:
    read(f"ping {ON_LINK}")
    own, neighbour = read(command)
    address, age, hardware = (
        ("address", "age_min", "hardware_address") if command == "show arp" else ("ip_address", "age", "mac_address")
    )
    port = {row["interface"]: row for row in read("show interfaces")}[FIRST_PORT[platform]]
    assert some(own, address, age, hardware) == ("15.80.7.11", "-", port["mac_address"])
    assert some(neighbour, address, age, "type", "interface") == (ON_LINK, "0", "ARPA", FIRST_PORT[platform])


def test_show_processes_cpu(read: Read) -> None:
    rows = read("show processes cpu")
    assert [int(row["process_pid"]) for row in rows] == list(range(1, len(rows) + 1))
    (own,) = [row for row in rows if row["process_name"] == "Exec"]
    assert int(own["process_tty"]) == 0
    assert some(own, "cpu_usage_5_sec", "cpu_usage_1_min", "cpu_usage_5_min") == ("0", "0", "0")


@pytest.mark.parametrize(("host", "answers"), [(MAIL, ["4", "0", "4"]), ("172.18.106.37", ["*", "*", "*"])])
def test_traceroute(read: Read, host: str, answers: list[str]) -> None:
    first, *rest = read(f"traceroute {host}")
    assert some(first, "hop_num", "rtt_response") == ("1", answers)
    assert len(rest) == (0 if "4" in answers else 29)


def test_show_cdp_neighbors(read: Read) -> None:
    assert read("show cdp neighbors") == []


def test_show_ip_nat_translations(read: Read) -> None:
    (row,) = read("show ip nat translations")
    assert some(row, "protocol", "inside_global_ip", "inside_local_ip") == ("tcp", "192.0.2.4", "10.0.0.4")
    assert some(row, "inside_global_port", "inside_local_port") == ("8080", "80")
