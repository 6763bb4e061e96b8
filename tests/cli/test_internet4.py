"""IPv4 addresses as numbers and back."""

from __future__ import annotations

from ipaddress import IPv4Address

from hypothesis import given
from hypothesis import strategies as st

from iosemu.cli import internet4


@given(address=st.ip_addresses(v=4))
def test_an_address_is_the_number_that_the_standard_library_says(address: IPv4Address) -> None:
    assert internet4.number(str(address)) == int(address)
    assert internet4.text(int(address)) == str(address)
