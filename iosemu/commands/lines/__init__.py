"""Terminal lines: their settings, who is on them, and the telnet and SSH clients."""
