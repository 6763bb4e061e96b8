"""What a network engineer's script does over netmiko, whatever the transport."""

from __future__ import annotations

from typing import Any

from iosemu.router import Router


def configure_and_save(connection: Any, made: Router) -> None:
    """Enable, look around, configure, look again, save; `made` is the router behind the connection."""
    assert connection.find_prompt() == "gate>"
    connection.enable()
    assert connection.find_prompt() == "gate#"
    assert "% Invalid input" in connection.send_command("bogus command")
    assert "Cisco Internetwork Operating System Software" in connection.send_command("show version")
    output = connection.send_config_set(["interface FastEthernet0", "description uplink"])
    assert "gate(config-if)#" in output
    shown = connection.send_command("show running-config")
    assert " description uplink\n" in shown
    assert shown.rstrip().endswith("\nend")
    assert "[OK]" in connection.save_config()
    assert made.device.files.startup_config is not None
