"""What the off-ramp's SMTP server says, text by text.

Rule: a reply is a whole line, code and all. Source: RFC 821 and 2821 for reply codes, RFC 1893 for enhanced ones. The
banner and `Send hello first` are real, the others are
inferred.
"""

from __future__ import annotations

IDENT = "Cisco NetWorks ESMTP server"
EXTENSIONS = ("ENHANCEDSTATUSCODES", "8BITMIME", "DSN", "X-SESSION", "HELP")

HELLO_FIRST = "503 5.5.2 Send hello first"
MAIL_FIRST = "503 5.5.1 Need MAIL command"
RCPT_FIRST = "503 5.5.1 Need RCPT command"
SENDER_KNOWN = "503 5.5.1 Sender already specified"
UNRECOGNIZED = "500 5.5.1 Command unrecognized"
NOT_IMPLEMENTED = "502 5.5.1 Command not implemented"
SYNTAX = "501 5.5.4 Syntax error in parameters or arguments"
UNKNOWN_PARAMETER = "504 5.5.4 Command parameter not implemented"
BAD_SENDER = "501 5.1.7 Syntax error in sender address"
BAD_RECIPIENT = "501 5.1.3 Syntax error in recipient address"
NOT_A_NUMBER = "553 5.1.3 Mailbox name is not a fax number"
TOO_MANY = "452 4.5.3 Too many recipients"
TOO_BIG = "552 5.3.4 Message size exceeds fixed maximum message size"
NO_ROOM = "452 4.3.1 Insufficient system storage"
LONG_LINE = "500 5.5.2 Line too long"
OK = "250 2.0.0 OK"
NO_HELP = "504 5.5.4 No help on that topic"
RESET = "250 2.0.0 Resetting"
START_INPUT = "354 Start mail input; end with <CRLF>.<CRLF>"
LOCAL_ERROR = "451 4.3.0 Requested action aborted: local error in processing"

# Replies that aiosmtpd gives before a command reaches us, and what a gateway says instead.
REPLACED = {
    "500 Error: bad syntax": "500 5.5.2 Syntax error, command unrecognized",
    "500 Error: strict ASCII mode": "500 5.5.2 Syntax error, command unrecognized",
    "500 Command line too long": "500 5.5.2 Command line too long",
}


def unavailable(host: str) -> str:
    return f"421 4.3.2 {host} Service not available, closing transmission channel"


def timed_out(host: str) -> str:
    return f"421 4.4.2 {host} Connection timed out, closing transmission channel"


def closing(host: str) -> str:
    return f"221 2.0.0 {host} Service closing transmission channel"


def hello(host: str, client: str, peer: str) -> str:
    return f"250 {host} Hello {client} [{peer}]"


def hello_extended(host: str, client: str, peer: str, octets: int) -> str:
    first, *more, last = (f"{host} Hello {client} [{peer}]", f"SIZE {octets}", *EXTENSIONS)
    return "\r\n".join((f"250-{first}", *(f"250-{line}" for line in more), f"250 {last}"))


def sender_ok(sender: str) -> str:
    return f"250 2.1.0 {sender or '<>'}....Sender OK"


def recipient_ok(recipient: str) -> str:
    return f"250 2.1.5 {recipient}"


def no_relay(recipient: str) -> str:
    return f"550 5.7.1 Unable to relay for {recipient}"


def unknown_user(recipient: str) -> str:
    return f"550 5.1.1 {recipient} User unknown"


def not_local(address: str) -> str:
    return f"551 5.7.1 User not local; please try <{address}>"


def verified(address: str) -> str:
    return f"250 2.1.5 <{address}>"


def will_forward(address: str) -> str:
    return f"251 2.1.5 User not local; will forward to <{address}>"


def commands(host: str, verbs: str) -> str:
    return f"211 2.0.0 {host} {IDENT}; commands: {verbs}"


def usage(form: str) -> str:
    return f"214 2.0.0 Syntax: {form}"
