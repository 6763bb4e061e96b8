"""The modems of libspandsp, reached through ctypes: V.21, V.27ter, V.29, V.17, HDLC and G.711.

Rule: this module only declares the library's functions and what they are given; it is loaded when a line is sound, and
where it is not installed one error says so. Source: the public headers of version 0.0.6.
"""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Callable
from ctypes import POINTER, c_char_p, c_float, c_int, c_int16, c_uint8, c_void_p
from functools import lru_cache
from typing import Any, Final

from iosemu.fax.line import Modulation

SONAME: Final = "libspandsp.so.2"
SAMPLES_PER_S: Final = 8000

CUTOFF_DBM0: Final = -34.0
"""What is fainter is no carrier: all carriers of a lab come at -14 dBm0, and noise may be there between them."""

# What stands in the place of a bit or of a frame's length when the modem has to say something else.
CARRIER_DOWN, TRAINING_IN_PROGRESS, TRAINING_SUCCEEDED, FRAMING_OK = -1, -3, -4, -6

Samples = ctypes.Array[c_int16]

PUT_BIT: Final = ctypes.CFUNCTYPE(None, c_void_p, c_int)
FRAME_HANDLER: Final = ctypes.CFUNCTYPE(None, c_void_p, POINTER(c_uint8), c_int, c_int)
UNDERFLOW_HANDLER: Final = ctypes.CFUNCTYPE(None, c_void_p)

_PREFIXES: Final = {"V.21": "fsk", "V.27ter": "v27ter", "V.29": "v29", "V.17": "v17"}
_V21_CHANNEL_2: Final = 1
_SYNCHRONOUS: Final = 1

_FUNCTIONS: Final[dict[str, tuple[Any, list[Any]]]] = {
    "fsk_tx_init": (c_void_p, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "fsk_rx_init": (c_void_p, [c_void_p, c_void_p, c_int, c_void_p, c_void_p]),
    "v27ter_tx_init": (c_void_p, [c_void_p, c_int, c_int, c_void_p, c_void_p]),
    "v29_tx_init": (c_void_p, [c_void_p, c_int, c_int, c_void_p, c_void_p]),
    "v17_tx_init": (c_void_p, [c_void_p, c_int, c_int, c_void_p, c_void_p]),
    "v17_tx_restart": (c_int, [c_void_p, c_int, c_int, c_int]),
    **{f"{name}_rx_init": (c_void_p, [c_void_p, c_int, c_void_p, c_void_p]) for name in ("v27ter", "v29", "v17")},
    **{f"{name}_rx_restart": (c_int, [c_void_p, c_int, c_int]) for name in ("v27ter", "v29", "v17")},
    **{f"{name}_rx_set_put_bit": (None, [c_void_p, c_void_p, c_void_p]) for name in ("v27ter", "v29", "v17")},
    **{f"{name}_rx_signal_cutoff": (None, [c_void_p, c_float]) for name in ("fsk", "v27ter", "v29", "v17")},
    **{f"{name}_tx": (c_int, [c_void_p, c_void_p, c_int]) for name in ("fsk", "v27ter", "v29", "v17")},
    **{f"{name}_rx": (c_int, [c_void_p, c_void_p, c_int]) for name in ("fsk", "v27ter", "v29", "v17")},
    **{
        f"{name}_free": (c_int, [c_void_p])
        for modem in ("fsk", "v27ter", "v29", "v17", "hdlc")
        for name in (f"{modem}_tx", f"{modem}_rx")
    },
    "hdlc_tx_init": (c_void_p, [c_void_p, c_int, c_int, c_int, UNDERFLOW_HANDLER, c_void_p]),
    "hdlc_tx_frame": (c_int, [c_void_p, c_char_p, ctypes.c_size_t]),
    "hdlc_tx_corrupt_frame": (c_int, [c_void_p]),
    "hdlc_tx_flags": (c_int, [c_void_p, c_int]),
    "hdlc_rx_init": (c_void_p, [c_void_p, c_int, c_int, c_int, FRAME_HANDLER, c_void_p]),
    "t38_non_ecm_buffer_init": (c_void_p, [c_void_p, c_int, c_int]),
    "t38_non_ecm_buffer_inject": (None, [c_void_p, c_char_p, c_int]),
    "t38_non_ecm_buffer_push": (None, [c_void_p]),
    "t38_non_ecm_buffer_free": (c_int, [c_void_p]),
    "g711_init": (c_void_p, [c_void_p, c_int]),
    "g711_encode": (c_int, [c_void_p, c_void_p, c_void_p, c_int]),
    "g711_decode": (c_int, [c_void_p, c_void_p, c_void_p, c_int]),
    "g711_free": (c_int, [c_void_p]),
    "awgn_init_dbm0": (c_void_p, [c_void_p, c_int, c_float]),
    "awgn": (c_int16, [c_void_p]),
    "awgn_free": (c_int, [c_void_p]),
}


class MissingLibrary(Exception):
    """libspandsp is not on this machine; the text says what to do."""


class _FskSpec(ctypes.Structure):
    _fields_ = (
        ("name", c_char_p),
        ("freq_zero", c_int),
        ("freq_one", c_int),
        ("tx_level", c_int),
        ("min_level", c_int),
        ("baud_rate", c_int),
    )


class ModemLibrary:
    """The library, with one way to make a modem of any modulation."""

    def __init__(self, functions: ctypes.CDLL) -> None:
        self.functions = functions
        for name, (result, arguments) in _FUNCTIONS.items():
            function = getattr(functions, name)
            function.restype, function.argtypes = result, arguments
        specs = (_FskSpec * (_V21_CHANNEL_2 + 1)).in_dll(functions, "preset_fsk_specs")
        self._v21 = ctypes.addressof(specs[_V21_CHANNEL_2])

    def make(self, owner: object, name: str, *arguments: object, init: str = "") -> int:
        """The state of something of the library, which lives as long as its owner."""
        state: int = getattr(self.functions, init or f"{name}_init")(None, *arguments)
        weakref.finalize(owner, getattr(self.functions, f"{name}_free"), state)
        return state

    def transmitter(self, owner: object, modulation: Modulation, short: bool, get_bit: object, source: int) -> int:
        """The state of a transmitter that takes its bits by `get_bit` of `source`."""
        callback = address(get_bit)
        if modulation is Modulation.V21:
            return self.make(owner, "fsk_tx", self._v21, callback, source)
        state = self.make(owner, f"{_PREFIXES[modulation.family]}_tx", modulation.rate_bps, False, callback, source)
        if modulation.family == "V.17":
            self.functions.v17_tx_restart(state, modulation.rate_bps, False, short)
        return state

    def receiver(self, owner: object, modulation: Modulation, put_bit: object, sink: int | None) -> int:
        """The state of a receiver that gives its bits to `put_bit` of `sink`."""
        callback = address(put_bit)
        if modulation is Modulation.V21:
            state = self.make(owner, "fsk_rx", self._v21, _SYNCHRONOUS, callback, sink)
        else:
            state = self.make(owner, f"{_PREFIXES[modulation.family]}_rx", modulation.rate_bps, callback, sink)
        self._of(modulation, "rx_signal_cutoff")(state, CUTOFF_DBM0)
        return state

    def restart(self, modulation: Modulation, state: int, short: bool, put_bit: object, sink: int | None) -> None:
        """Let a receiver of a fast modulation wait for a carrier whose bits go to `put_bit` of `sink`."""
        short = short and modulation.family == "V.17"
        self._of(modulation, "rx_set_put_bit")(state, address(put_bit), sink)
        self._of(modulation, "rx_restart")(state, modulation.rate_bps, short)

    def transmit(self, modulation: Modulation, state: int, to: int, count: int) -> int:
        """Write up to `count` samples to the address `to`; fewer when the carrier has ended."""
        return int(self._of(modulation, "tx")(state, to, count))

    def receive(self, modulation: Modulation, state: int, samples: Samples) -> None:
        self._of(modulation, "rx")(state, samples, len(samples))

    def _of(self, modulation: Modulation, name: str) -> Callable[..., Any]:
        function: Callable[..., Any] = getattr(self.functions, f"{_PREFIXES[modulation.family]}_{name}")
        return function


def address(function: object) -> int | None:
    """A function of the library or of Python as the library takes it."""
    return ctypes.cast(function, c_void_p).value  # type: ignore[arg-type]


@lru_cache(maxsize=1)
def load() -> ModemLibrary:
    """The library; raises MissingLibrary."""
    try:
        return ModemLibrary(ctypes.CDLL(SONAME))
    except (OSError, AttributeError, ValueError):
        raise MissingLibrary(f"{SONAME} is not on this machine (Debian: libspandsp2)") from None
