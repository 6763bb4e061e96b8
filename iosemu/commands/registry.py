"""Which module answers which command: the one registry of handlers, filled family by family when first asked.

Rule: a family is imported when a command of it is first given, so a router that is asked the time loads only what tells
the time. The table below is the whole list; a test holds it against the catalogue.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from iosemu.cli.session import Handlers

if TYPE_CHECKING:
    from iosemu.commands.context import Device

FAMILIES = {
    "aliases": "show_aliases",
    "config_checks": (
        "controller_exists interface_exists interface_set voice_port_exists dial_peer dial_peer_port fast_ethernet_only"
        " serial_only isdn_only pri_group pri_group_made switch_type_made"
    ),
    "config_values": (
        "hostname enable_secret password password_encryption_set username clock_timezone logging_buffered"
        " fax_subscriber fax_header mta_server mta_alias ip_address name_server voice_port_gain"
        " cptone dial_peer_prefix exec_timeout line_vty version_line"
    ),
    "crypto": "crypto_key_generate crypto_key_zeroize show_ip_ssh show_ssh",
    "debug": "debug undebug_all show_debugging",
    "enable": "enable",
    "file_system": (
        "copy_running_startup copy_startup_running copy_running_file copy_file_running write_memory configure_memory"
        " erase_startup delete_file dir more reload show_file_systems show_flash"
    ),
    "ping": "ping",
    "show_call": "show_call_active_fax show_call_active_voice show_call_history_fax",
    "show_config": "show_running_config show_running_config_interface show_startup_config",
    "show_controllers": "show_controllers_t1 show_controllers_e1 show_isdn_status",
    "show_interfaces": (
        "show_ip_interface show_ip_interface_brief show_ipv6_interface show_interfaces show_ip_route clear_counters"
    ),
    "show_logging": "show_logging clear_logging",
    "show_system": (
        "show_version show_clock clock_set show_privilege show_users show_terminal show_hosts show_history"
    ),
    "show_voice": (
        "show_dial_peer_voice show_dialplan_number show_voice_port_summary show_num_exp show_call_application_voice"
    ),
    "telnet": "telnet",
    "terminal_settings": (
        "terminal_length terminal_no_length terminal_width terminal_no_width terminal_monitor terminal_no_monitor"
        " terminal_history terminal_no_history"
    ),
}
"""By module of this package: the names that its handlers are registered under."""

_MODULES = {name: module for module, names in FAMILIES.items() for name in names.split()}


def _find(name: str) -> None:
    module = _MODULES.get(name)
    if module is not None:
        import_module(f"iosemu.commands.{module}")


handlers: Handlers[Device] = Handlers(_find)
"""The handlers of every command, found by the name that the catalogue gives."""
