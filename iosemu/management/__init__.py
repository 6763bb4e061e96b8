"""AAA, SNMP, syslog, clock."""
