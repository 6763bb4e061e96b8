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
    "aaa.credentials": "enable_secret enable_password password username",
    "aaa.enable": "enable",
    "aaa.methods": "aaa_server_group radius_host",
    "aaa.privilege": "privilege",
    "aaa.show_aaa": "show_aaa_servers show_accounting show_radius_statistics show_tacacs",
    "aaa.show_login": "show_login show_login_failures",
    "aaa.test_aaa": "test_aaa",
    "absent": "show_absent ping_absent",
    "aliases": "show_aliases",
    "boot.config_register": "config_register show_bootvar",
    "boot.power": "reload reload_in reload_at reload_cancel show_reload",
    "boot.setup_dialogue": "setup",
    "chassis.environment": "show_environment",
    "chassis.show_chassis": "show_region show_dial_shelf",
    "chassis.show_csm": "show_csm_voice show_csm_modem show_csm_call_rate show_csm_call",
    "chassis.show_diag": "show_diag",
    "chassis.show_inventory": "show_inventory",
    "chassis.show_memory": "show_memory show_buffers",
    "chassis.show_modem": (
        "show_modem show_modem_summary show_modem_version show_modem_operational_status show_modem_call_stats"
    ),
    "chassis.show_nextport": (
        "show_nextport_mm show_nextport_session show_nextport_vdev show_nextport_vpd_statistics "
        "show_nextport_vpd_traffic show_port_operational_status"
    ),
    "chassis.show_processes": (
        "show_processes show_processes_cpu show_processes_cpu_history show_processes_memory show_stacks"
    ),
    "chassis.show_resources": "show_call_resource show_call_resource_threshold",
    "chassis.show_spe": "show_spe show_spe_version show_spe_voice show_spe_voice_summary",
    "chassis.show_tdm": "show_tdm_mapping",
    "chassis.show_version": "show_version",
    "chassis.show_vrm": "show_vrm_active_calls show_vrm_vdevices show_vrm_summary show_vrm_alarms",
    "clear_tables": "clear_nothing",
    "config.checks": "voice_port_exists dial_peer dial_peer_port application_parameter certificate certificate_data",
    "config.replace": "configure_replace",
    "config.show_config": "show_running_config show_running_config_interface show_startup_config",
    "config.values": (
        "hostname clock_timezone summer_time logging_buffered fax_subscriber fax_header mta_server mta_alias "
        "name_server voice_port_gain cptone dial_peer_prefix exec_timeout version_line"
    ),
    "controllers.port_controllers": "show_controllers",
    "controllers.show_controllers": "show_controllers_t1 show_controllers_e1 show_controllers_t3",
    "controllers.show_isdn": "show_isdn_status show_isdn_active show_isdn_history show_isdn_service",
    "controllers.show_isdn_layers": "show_isdn_timers show_isdn_nfas_group",
    "controllers.show_trunks": (
        "show_controllers_timeslots show_call_counters_t1 show_call_counters_e1 show_trunk_group "
        "show_voice_call_summary"
    ),
    "controllers.trunk_config": (
        "controller_exists pri_group pri_group_made slot_group ds0_group_made channel_group_made switch_type_made "
        "t1_lines t1_made"
    ),
    "crypto.crypto": "crypto_key_generate crypto_key_zeroize show_ip_ssh show_ssh",
    "crypto.show_crypto": (
        "show_crypto_ipsec_sa show_crypto_isakmp_key show_crypto_isakmp_policy show_crypto_isakmp_sa "
        "show_crypto_key show_crypto_lifetime show_crypto_map show_crypto_transform_set"
    ),
    "debug.debug": "debug debug_all debug_condition show_debugging show_debugging_condition",
    "files.copy": "copy write_memory write_network configure_memory configure_network configure_overwrite_network",
    "files.listings": "dir more pwd cd verify show_flash show_file_systems show_file_information",
    "files.removal": "delete_file undelete squeeze erase erase_startup format mkdir rmdir rename",
    "interfaces.clear_counters": (
        "clear_tcp_statistics clear_ip_traffic clear_peer_statistics clear_bgp clear_ospf clear_call_counters "
        "clear_csm clear_interface"
    ),
    "interfaces.interface_config": (
        "interface_exists interface_set ethernet_only fast_ethernet_only serial_only atm_only tunnel_only "
        "isdn_only ip_address ip_address_secondary ip_unnumbered"
    ),
    "interfaces.redundancy": "group_address",
    "interfaces.show_interface_tables": "show_interfaces_description show_interfaces_stats show_interfaces_part",
    "interfaces.show_interfaces": (
        "show_ip_interface show_ip_interface_brief show_ipv6_interface show_interfaces clear_counters"
    ),
    "interfaces.show_link_states": "show_ip_ospf_database",
    "interfaces.show_qos": (
        "show_class_map show_policy_map show_policy_map_interface show_queue show_queueing show_traffic_shape "
        "show_traffic_shape_statistics"
    ),
    "interfaces.show_wan": (
        "show_backup show_caller show_dialer show_dialer_maps show_frame_relay_lmi show_frame_relay_map "
        "show_frame_relay_pvc show_frame_relay_traffic show_ppp_multilink show_standby show_vlans"
    ),
    "interfaces.switch_ports": "switch_port switch_port_set vlan_only",
    "ip.access_config": (
        "access_list_line access_list_entry access_list_set access_list_named access_list_resequence prefix_list "
        "route_map route_map_set clause_values passive_interface"
    ),
    "ip.dhcp_config": "dhcp_network dhcp_identifier",
    "ip.legacy_lists": "legacy_entry",
    "ip.ping": "ping ping_extended",
    "ip.show_access_lists": (
        "clear_access_list_counters show_access_lists show_ip_access_lists show_ip_prefix_list show_route_map "
        "show_as_path show_community"
    ),
    "ip.show_arp": "show_arp show_ip_arp clear_arp_cache",
    "ip.show_cdp": "show_cdp show_cdp_neighbors show_cdp_interface show_cdp_traffic",
    "ip.show_dhcp": (
        "show_ip_dhcp_binding show_ip_dhcp_conflict show_ip_dhcp_database show_ip_dhcp_pool "
        "show_ip_dhcp_server_statistics show_dhcp_lease show_dhcp_server"
    ),
    "ip.show_ip_tables": (
        "show_adjacency show_cef_interface show_ip_accounting show_ip_aliases show_ip_cache show_ip_cache_flow "
        "show_ip_cef show_ip_header_compression show_ip_http show_ip_irdp show_ip_local_policy show_ip_local_pool "
        "show_ip_masks show_ip_nat_statistics show_ip_policy show_ip_rpf show_ip_rsvp_interface show_ip_vrf"
    ),
    "ip.show_tcp": "show_tcp show_tcp_brief show_tcp_statistics show_ip_sockets show_ip_traffic",
    "ip.traceroute": "traceroute traceroute_extended",
    "lines.blocks": "line_vty line_number line_login line_login_list transport_input access_class",
    "lines.exec": "clear_line send login lock leave_exec",
    "lines.show_lines": "show_users show_line show_line_summary show_terminal show_history",
    "lines.ssh_client": "ssh",
    "lines.telnet": "telnet resume disconnect name_connection show_sessions",
    "lines.terminal_settings": (
        "terminal_length terminal_width terminal_monitor terminal_history terminal_editing terminal_escape "
        "terminal_transport terminal_type terminal_unused terminal_unset"
    ),
    "routing.routing_config": (
        "options_in_order classful_network ospf_network bgp_network bgp_neighbor bgp_family communities eigrp_stub "
        "isis_net static_route"
    ),
    "routing.show_bgp": "show_ip_bgp",
    "routing.show_protocols": "show_protocols show_ip_protocols show_ip_nat_translations",
    "routing.show_route": "show_ip_route show_ip_route_of show_ip_redirects",
    "routing.show_routing": (
        "show_ip_eigrp_interfaces show_ip_eigrp_neighbors show_ip_eigrp_topology show_ip_eigrp_traffic "
        "show_ip_ospf show_ip_ospf_interface show_ip_ospf_interface_brief show_ip_rip_database"
    ),
    "snmp.show_snmp": "show_snmp show_snmp_part snmp_user",
    "system.calendar_clock": "clock_set calendar_set clock_read_calendar clock_update_calendar show_calendar",
    "system.show_logging": "show_logging show_logging_history clear_logging",
    "system.show_ntp": "show_ntp_status show_ntp_associations",
    "system.show_settings": (
        "show_archive show_context show_key_chain show_location show_modemcap show_rtr show_template "
        "show_time_range show_whoami"
    ),
    "system.show_system": "show_clock show_privilege show_hosts",
    "system.show_tech_support": "show_tech_support",
    "voice.show_admission": (
        "show_call_fallback show_call_language show_call_prompts show_call_rsvp_sync show_call_spike "
        "show_call_threshold show_call_treatment show_call_accounting_template"
    ),
    "voice.show_call": "show_call_active_fax show_call_active_voice show_call_history_fax show_call_history_voice",
    "voice.show_cdapi": "show_cdapi",
    "voice.show_fax_files": "show_fax_files",
    "voice.show_gatekeeper": "show_gatekeeper",
    "voice.show_gateway": "show_gateway show_translation_rule show_voice_call show_voice_call_status",
    "voice.show_h323": "show_h323_gateway clear_h323_gateway",
    "voice.show_interdomain": "show_settlement show_call_router show_call_router_routes show_http_client_cache",
    "voice.show_sip": (
        "show_sip_calls show_sip_map show_sip_min_se show_sip_register show_sip_retry show_sip_statistics "
        "show_sip_service show_sip_status show_sip_timers"
    ),
    "voice.show_voice": (
        "show_dial_peer_voice show_dialplan_number show_dialplan_incall show_dialplan_in show_voice_port_summary "
        "show_num_exp show_call_application_voice show_call_application_sessions call_application_voice_load"
    ),
    "voice.show_voice_dsp": "show_voice_dsp show_vfc_files show_vfc_technology show_vfc_version",
    "voice.show_voice_port": "show_voice_port",
    "voice.show_voice_tables": (
        "show_crm show_dial_peer_cor show_voice_cause_code show_voice_dnis_map show_voice_enum "
        "show_voice_source_group show_voice_translation_profile show_voice_translation_rule "
        "test_voice_translation_rule show_voice_class_uri"
    ),
    "voice.show_voice_trunks": "show_voice_busyout show_voice_trunk_conditioning show_mgcp show_mgcp_statistics",
    "voice.show_voip": "show_voip_rtp",
    "voice.voice_checks": "service_parameter session_target",
}
"""By module of this package: the names that its handlers are registered under."""

_MODULES = {name: module for module, names in FAMILIES.items() for name in names.split()}


def _find(name: str) -> None:
    module = _MODULES.get(name)
    if module is not None:
        import_module(f"iosemu.commands.{module}")


handlers: Handlers[Device] = Handlers(_find)
"""The handlers of every command, found by the name that the catalogue gives."""
