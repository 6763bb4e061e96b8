"""The Network Time Protocol, version 3 (RFC 1305): what a router asks, what it answers, whom it believes.

Rule: sans-IO; datagrams, a clock and the time that the router shows go in, datagrams, corrections and events come out.
"""
