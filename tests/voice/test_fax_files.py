"""The files of a fax: who writes them, what stands in them, how long they are kept."""

from __future__ import annotations

from typing import Any

from iosemu.voice.fax_files import FaxFiles
from tests.voice.conftest import mail_to


def watched(rig: Any) -> FaxFiles:
    files = FaxFiles(rig.voice.control.history)
    files.attach(rig.bus)
    return files


def kept(rig: Any, files: FaxFiles) -> list[str]:
    return [file.name for file in files.files(rig.voice.control.uptime())]


def test_an_on_ramp_call_leaves_a_record_with_the_facts_of_both_legs(on_ramp: Any) -> None:
    files = watched(on_ramp)
    on_ramp.fax(pages=2)
    on_ramp.clock.run(10.0)
    assert kept(on_ramp, files) == []  # it is still being written
    on_ramp.clock.run()
    (record,) = files.files(on_ramp.voice.control.uptime())
    facts = dict(record.facts)
    assert record.name == "fax_record.1"
    assert record.octets == sum(len(name) + len(value) + 2 for name, value in record.facts)
    assert facts["Direction"] == "on-ramp"
    assert (facts["CalledNumber"], facts["RemoteId"], facts["ImgPages"]) == ("5550199", "15551234", "2")
    assert facts["SessionTarget"] == "mailto:tom@example.org"
    assert facts["SmtpReply"] == "250 2.6.0 Queued mail for delivery"
    assert facts["T30"] == ">CSI >DIS <TSI <DCS >CFR <MPS >MCF <EOP >MCF <DCN"


def test_an_off_ramp_call_leaves_a_payload_of_its_pages_too(off_ramp: Any) -> None:
    files = watched(off_ramp)
    assert off_ramp.deliver(mail_to("9-5551234"), off_ramp.machine()).ok
    record, payload = files.files(off_ramp.voice.control.uptime())
    assert (record.name, payload.name) == ("fax_record.1", "fax_payload.1")
    assert dict(payload.facts)["Part1"] == "text/plain 6 bytes"
    assert dict(payload.facts)["Page1"] == f"{payload.octets} bytes"
    assert payload.octets > 100


def test_a_call_that_nobody_answers_leaves_no_payload(off_ramp: Any) -> None:
    files = watched(off_ramp)
    assert not off_ramp.deliver(mail_to("9-5551234"), off_ramp.machine("busy")).ok
    (record,) = files.files(off_ramp.voice.control.uptime())
    assert dict(record.facts)["DisconnectCause"] == "11"
    assert dict(record.facts)["T30"] == ""


def test_no_more_are_kept_than_of_the_call_history_and_no_longer(on_ramp: Any) -> None:
    files = watched(on_ramp)
    history = on_ramp.voice.control.history
    history.max_size = 2
    for _ in range(3):
        on_ramp.fax()
        on_ramp.clock.run()
    assert kept(on_ramp, files) == ["fax_record.2", "fax_record.3"]
    on_ramp.clock.run(on_ramp.clock.now() + history.retain_minutes * 60 + 1)
    assert kept(on_ramp, files) == []
