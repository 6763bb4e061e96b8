"""The mail side of a router: `agent` is its face.

The on-ramp's client: `client` with `pipelining`, `message` (what is sent), `outbox` (notices that wait). The off-ramp's
server: `server`, `dialogue` (one connection), `transaction` (what MAIL and RCPT say), `address`, `parameters`,
`replies`, `message_text` (DATA). A mail that came: `spool` (its octets), `mime` with `bulk` (its parts), `envelope`
(the values that go to the call side). Notices: `report` (their frame), `dsn`, `mdn`. Shared: `fields`, `dates`, `ids`.

Rule: the mail side knows `settings` and the network, no dial peer and no call; it tells what happens as `events`.
"""
