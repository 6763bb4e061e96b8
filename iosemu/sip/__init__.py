"""SIP: calls over IP, as a user agent makes and takes them.

Rule: everything here takes octets and a clock and gives octets and callbacks; who owns the sockets is elsewhere.
"""
