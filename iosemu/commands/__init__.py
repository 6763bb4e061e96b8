"""What the commands with behaviour do, by topic; `registry.handlers` finds them for a session.

Here: `context` is what a command is given, `registry` says which module answers, `loading` applies a whole text,
`factory` makes what a router has before anybody configures it, `session_hooks` is what it adds to a session, `absent`
says what is printed of things that are not there. The packages:

| to find | read |
|---|---|
| who may do what on the router: users, passwords, privilege, and method lists, AAA servers | `aaa` |
| from power-on to the prompt and back: boot text, ROM monitor, reload, setup dialogue | `boot` |
| what the hardware shows: version, diag, memory, processes, environment, modem and DSP cards | `chassis` |
| configurations: lines that need a check, what is stored, what is shown | `config` |
| controllers (T1, E1, T3) and what is on them: channel groups, ISDN, trunk groups | `controllers` |
| keys, and what encryption shows | `crypto` |
| text of every `debug`, made from events, and the switches | `debug` |
| file systems, and copies between them | `files` |
| interfaces: what their lines do, their state and counters, link messages, and their shows | `interfaces` |
| the IP layer as a router shows it: ARP, access lists, ping and traceroute, TCP, DHCP, names | `ip` |
| terminal lines: their settings, who is on them, and the telnet and SSH clients | `lines` |
| routing processes, the routing table, and their shows | `routing` |
| what the SNMP agent answers, traps, and `show snmp` | `snmp` |
| the router as a whole: its clock and NTP, logging, and what it says of itself | `system` |
| what a voice gateway shows: calls, dial peers, voice ports, DSPs, SIP and H.323 | `voice` |
"""
