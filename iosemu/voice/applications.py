"""Voice applications: which name stands for which kind of call treatment.

Rule: an application is known when it is built in or was loaded with `call application voice NAME URL`; what a loaded
script does is told by its file name, since scripts themselves are not run: Cisco's on-ramp and off-ramp scripts of the
era have `onramp` or `offramp` in their names (`app_libretto_onramp9.tcl`, `app_faxmail_offramp.2.0.1.1.tcl`), those
that turn a call into a fax by mail `rollover` (`fax_rollover_on_busy.tcl`) or `fax_detect`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Treatment(Enum):
    """What an application does with a call; the value is the one-line description of `show call application voice`."""

    ON_RAMP = "Fax on-ramp"
    OFF_RAMP = "Libretto Offramp"
    ROLLOVER = "Fax rollover on busy"
    """A call that the dial plan sends on; where nobody takes it, a MMoIP peer may."""
    FAX_DETECT = "Fax detection IVR"
    """A call that is voice until a fax machine is heard."""
    OTHER = "Default system session application"


class DetectMode(Enum):
    """`call application voice NAME mode MODE`; the router listens for a fax machine throughout in all of them."""

    CONNECT_FIRST = "connect-first"
    LISTEN_FIRST = "listen-first"
    DEFAULT_VOICE = "default-voice"
    DEFAULT_FAX = "default-fax"


@dataclass(frozen=True, slots=True)
class Application:
    """One application; `location` is the URL of its script, empty where it is compiled into the image, `mode` how one
    that detects faxes begins."""

    name: str
    location: str = ""
    mode: DetectMode = DetectMode.CONNECT_FIRST
    about: str = ""
    """What an image says of one of its own."""

    @property
    def treatment(self) -> Treatment:
        words = (self.location.rpartition("/")[2] or self.name).lower().replace("_", "").replace("-", "")
        if "onramp" in words:
            return Treatment.ON_RAMP
        if "offramp" in words or self.name == "lib_off_app":
            return Treatment.OFF_RAMP
        if "rollover" in words:
            return Treatment.ROLLOVER
        return Treatment.FAX_DETECT if "faxdetect" in words else Treatment.OTHER

    @property
    def second_ivr(self) -> bool:
        """Is it written for IVR 2.0? Scripts that are say so in their names, e.g. `app_faxmail_onramp.2.0.1.3.tcl`."""
        return ".2.0" in self.location.rpartition("/")[2]


# Compiled into the image: Tcl scripts, the default session, the off-ramp, and the fax application that the on-ramp's
# MMoIP peer names. Source: Cisco IOS Voice Command Reference, `show call application voice`; the last is of the T.37
# documents.
BUILT_IN = tuple(
    Application(name, about=about)
    for name, about in {
        "session": "Basic app to do DID, or supply dialtone.",
        "fax_hop_on": "Script to talk to a fax redialer",
        "clid_authen": "Authenticate with (ani, dnis)",
        "clid_authen_collect": "Authenticate with (ani, dnis), collect if that fails",
        "clid_authen_npw": "Authenticate with (ani, NULL)",
        "clid_authen_col_npw": "Authenticate with (ani, NULL), collect if that fails",
        "clid_col_npw_3": "Authenticate with (ani, NULL), and 3 tries collecting",
        "clid_col_npw_npw": "Authenticate with (ani, NULL) and 3 tries without pw",
        "DEFAULT": "Default system session application",
        "lib_off_app": "Libretto Offramp",
        "fax_on_vfc_onramp_app": "Fax on-ramp",
    }.items()
)


@dataclass(frozen=True, slots=True)
class Applications:
    """The applications of a router."""

    loaded: tuple[Application, ...] = ()

    def find(self, name: str) -> Application | None:
        """The application of that name, in any case of letters."""
        wanted = name.lower()
        for application in (*self.loaded, *BUILT_IN):
            if application.name.lower() == wanted:
                return application
        return None

    def second_ivr(self, name: str) -> bool:
        """Is `name` a script of IVR 2.0?"""
        application = self.find(name)
        return application is not None and application.second_ivr

    def treatment(self, name: str) -> Treatment:
        """What happens to a call handed to `name`: a name that nothing stands for goes to the default application."""
        application = self.find(name) if name else None
        return application.treatment if application is not None else Treatment.OTHER

    def mode(self, name: str) -> DetectMode:
        """How the application `name` begins to detect faxes."""
        application = self.find(name)
        return application.mode if application is not None else DetectMode.CONNECT_FIRST
