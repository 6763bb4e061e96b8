"""Terminal lines: a console, telnet and SSH in front of the same session.

From the wire inwards: `telnet` with `telnet_options`, `ssh` with `ssh_protocol` and `scp`, `console` (the user's own
screen), and `ssh_client` the other way; `clients` and `line_pool` are what they share. `vty` is one line, and with the
local console a `session_terminal`: `outlet` and `notices` write to it, `editor` reads from it, with `keys`,
`editing_keys`, `line_buffer`, `screen_line` and `history`; `pager` fills screens. `login` and `shell` lead through a
session; `line_settings`, `line_timers` and `open_lines` are what a configuration says of a line and what is known of
it.

Rule: the engines (`telnet_options`, `editor`, `pager`, `scp`) take and give octets or text; the rest is at the edge.
"""
