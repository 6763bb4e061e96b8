"""The client side of TFTP."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iosemu.management.tftp import BLOCK, Get, Put, Transfer


def data(number: int, octets: bytes) -> bytes:
    return struct.pack("!HH", 3, number & 0xFFFF) + octets


def ack(number: int) -> bytes:
    return struct.pack("!HH", 4, number & 0xFFFF)


@given(st.binary(max_size=3 * BLOCK))
def test_a_file_is_got_block_by_block(octets: bytes) -> None:
    get = Get("lab-confg", 1 << 20)
    assert get.last == b"\0\1lab-confg\0octet\0"
    for number in range(len(octets) // BLOCK + 1):
        assert not get.done
        assert get.receive(data(number + 1, octets[number * BLOCK : (number + 1) * BLOCK]))
        assert get.last == ack(number + 1)
    assert get.done
    assert get.octets == octets


@given(st.binary(max_size=3 * BLOCK))
def test_a_file_is_put_block_by_block(octets: bytes) -> None:
    put, sent, number = Put("x", octets), b"", 0
    assert put.last == b"\0\2x\0octet\0"
    while put.receive(ack(number)):
        number += 1
        assert put.last[:4] == data(number, b"")
        sent += put.last[4:]
        assert not put.receive(ack(number - 1)), "a repeated acknowledgement is not answered"
    assert put.done
    assert sent == octets
    assert number == len(octets) // BLOCK + 1


def test_a_repeated_block_is_acknowledged_again_and_kept_once() -> None:
    get = Get("x", 1 << 20)
    for _ in range(2):
        assert get.receive(data(1, b"a" * BLOCK))
        assert get.last == ack(1)
    get.receive(data(2, b"b"))
    assert get.octets == b"a" * BLOCK + b"b"


def test_block_numbers_go_round() -> None:
    get = Get("x", 1 << 30)
    for number in range(1, 65538):
        get.receive(data(number, b"z" * BLOCK))
    get.receive(data(65538, b""))
    assert get.done
    assert len(get.octets) == 65537 * BLOCK


def test_a_file_that_never_ends_is_given_up() -> None:
    get = Get("x", 2 * BLOCK)
    for number in (1, 2, 3):
        get.receive(data(number, b"z" * BLOCK))
    assert get.done
    assert get.error == "Not enough space on device"


@pytest.mark.parametrize("make", [lambda: Get("x", 1), lambda: Put("x", b"")])
@pytest.mark.parametrize(
    ("code", "text"), [(1, "No such file or directory"), (2, "Permission denied"), (9, "Undefined error")]
)
def test_the_server_may_refuse(make: Callable[[], Transfer], code: int, text: str) -> None:
    transfer = make()
    assert not transfer.receive(struct.pack("!HH", 5, code) + b"no\0")
    assert transfer.done
    assert transfer.error == text


@given(st.lists(st.binary(max_size=20), max_size=8))
def test_no_packets_upset_it(packets: list[bytes]) -> None:
    for transfer in (Get("x", 100), Put("x", b"y" * 600)):
        for packet in packets:
            transfer.receive(packet)
