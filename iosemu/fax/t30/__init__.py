"""The T.30 engine: phases A to E of a Group 3 call for both roles.

`terminal` is the face; `sender`, `receiver` with `block_receiver`, and `poller` are the roles, `procedure` what they
share, `ecm` the blocks of a corrected page; `frames`, `capabilities`, `negotiation` and `page_bits` are pure functions
of values. Source: ITU-T T.30 and T.4.
"""

from __future__ import annotations

from iosemu.fax.t30.negotiation import Profile
from iosemu.fax.t30.terminal import FaxTerminal

__all__ = ["FaxTerminal", "Profile"]
