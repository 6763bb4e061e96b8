"""What the commands with behaviour do, one module a family; `registry.handlers` finds them for a session.

| to find | read |
|---|---|
| what a command is given | `context` (the router), `registry` (which module answers), `loading` (a whole text) |
| what `show` and `debug` print | `show_*`, `debug_*`; texts that several share: `*_text`; what is refused: `absent` |
| who may | `aaa_*`, `users`, `passwords`, `privilege`, `credentials`, `login_watch` |
| terminal lines and connections | `line_*`, `lines`, `terminal_settings`, `telnet*`, `ssh_client`, `connections` |
| files | `file_*`, `stored_config`, `config_replace` |
| the IP side | `routing_*`, `ip_*`, `access_*`, `packet_filter`, `ping`, `traceroute`, `ntp` |
| interfaces and cards | `interface_*`, `card_swap`, `eeprom`, `environment` |
| starting and stopping | `boot*`, `rommon*`, `setup_dialogue`, `power` |
| SNMP | `snmp_*` |
"""
