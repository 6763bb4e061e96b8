"""What two gateways have counted after a call between them over H.323."""

from __future__ import annotations

from tests.commands.show_scenarios import Scene, over_ip


def _row(scene: Scene, name: str) -> list[str]:
    printed = scene.user.type("show h323 gateway h225").splitlines()
    return next(line for line in printed if line.startswith(f"{name}  ")).split()[-3:]


def test_both_gateways_count_the_messages_of_a_call() -> None:
    near, far = over_ip(None, sip=False), over_ip(None, sip=False, there=True)
    assert _row(near, "Setup") == ["1", "0", "0"]
    assert _row(far, "Setup") == ["0", "1", "0"]
    assert _row(near, "Setup confirm") == ["0", "1", "0"]
    assert _row(far, "Setup confirm") == ["1", "0", "0"]
    assert _row(near, "Release") == ["1", "0", "0"]
    assert _row(far, "Release") == ["0", "1", "0"]


def test_the_side_that_ended_a_call_counts_its_cause() -> None:
    near, far = over_ip(None, sip=False), over_ip(None, sip=False, there=True)
    heading, ours = near.user.type("show h323 gateway cause-code stats").splitlines()[2:4]
    assert ours == "16 normal call clearing   1                    0"
    assert heading.index("FROM OTHER PEER") == 26
    theirs = far.user.type("show h323 gateway cause-code stats").splitlines()[3]
    assert theirs == "16 normal call clearing   0                    1"


def test_counters_are_cleared_by_parts() -> None:
    near = over_ip(None, sip=False)
    near.user.type("clear h323 gateway cause-codes")
    assert "normal call clearing" not in near.user.type("show h323 gateway")
    assert _row(near, "Setup")[0] == "1"
    near.user.type("clear h323 gateway")
    assert _row(near, "Setup")[0] == "0"


def test_calls_by_sip_are_counted_elsewhere() -> None:
    assert _row(over_ip(None, sip=True), "Setup") == ["0", "0", "0"]
