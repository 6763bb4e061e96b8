"""MTA client and server, addresses, MIME, DSN."""
