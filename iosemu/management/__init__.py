"""What a router has for those who run it.

`logging` with `log_history`, and `syslog` to other hosts; `snmp`; `ntp`; `radius`, `radius_attributes` and
`radius_client`, `tacacs` and `tacacs_client`; `rsa_keys`; the clients of file servers `ftp`, `tftp`, `rcp` and
`http_files`, which tell what went wrong by `transfer`.

Rule: protocols here take octets, or a connection that was made for them; none knows of routers or of their commands.
"""
