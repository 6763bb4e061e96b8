"""What the SNMP agent answers, traps, and `show snmp`."""
