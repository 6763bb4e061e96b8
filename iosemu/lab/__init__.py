"""The world around the routers: topology, virtual network, PSTN, fax machines, mail server.

| to find | read |
|---|---|
| a lab that runs | `run` (the face), `state`, `snapshot`; its file: `topology`, `*_nodes`, `link_checks` |
| its tools | `control`, `operations`, `endpoints`, `fixed_ports` |
| its network | `network`, `wiring`, `links`, `open_ports`, `callers`; `hosts`, `name_server`, `time_server` |
| its telephones | `pstn`, `router_node`, `isdn_trunk`, `impairments`, `t38_line`; `sip_trunk` with `trunk_*` |
| its fax machines | `fax_machine`, `paper`, `paper_feed`, `tray`, `phone_book`, `delayed` |
| its mail | `mail_server` with `smtp_wording`, `mail_accounts`, `mail_relay`, `bounce`; `letter`, `dovecot` |
| what happened in it | `events`; `ladder` with `steps`, `rungs`, `dialogs`; `traffic`, `conversation`, `capture` |
| what it is for | `objective`, `check`, `faults` |

Rule: a lab is a file; what stands in it is emulated or a socket of this machine, and routers know neither of the lab
nor of each other. What goes wrong here is one family, `errors`.
"""
