"""A user of version 3."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class User:
    """As `snmp-server user` made it: `authentication` is "md5", "sha" or "", passwords are as they were given."""

    name: str
    group: str = ""
    authentication: str = ""
    password: str = ""
    privacy_password: str = ""
    access_list: str = ""
