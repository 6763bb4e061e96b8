"""Every surface that takes what strangers send, by its name."""

from __future__ import annotations

from .calls import CALLS
from .mails import MAIL
from .packets import PACKETS
from .readers import READERS
from .servers import SERVERS
from .texts import TEXTS
from .wires import WIRES

SURFACES = (*READERS, *PACKETS, *SERVERS, *CALLS, *MAIL, *TEXTS, *WIRES)
BY_NAME = {surface.name: surface for surface in SURFACES}
