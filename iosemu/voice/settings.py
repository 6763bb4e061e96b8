"""Typed views of the running-config: dial plan, fax and mail settings, applications.

Rule: the configuration tree is the only owner of these facts; a view is a frozen value made from it when it is needed
and made anew after any change (`SettingsCache`). A view never raises on what a configuration can hold: a pattern that
cannot be read matches nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from iosemu.chassis.schema import Platform
from iosemu.config.tree import Block, RunningConfig
from iosemu.mail.settings import CALLING, Identity, ReceiveSettings, SendSettings, SubjectNumbers
from iosemu.voice import voip_settings
from iosemu.voice.applications import Application, Applications, DetectMode
from iosemu.voice.circuit import Cause
from iosemu.voice.dial_plan import DialPeer, DialPlan, Dsn, ImageEncoding, ImageResolution, PeerType
from iosemu.voice.digits import BadPattern, NumberExpansion, Pattern
from iosemu.voice.history import DEFAULT_RETAIN_MINUTES, DEFAULT_SIZE
from iosemu.voice.hunting import hunt_causes
from iosemu.voice.mail_identity import mail_identity


@dataclass(frozen=True, slots=True)
class FaxSettings:
    """`fax receive *` and `fax send *`; texts hold their `$x$` wildcards still."""

    called_subscriber: str = ""
    transmitting_subscriber: str = ""
    left_header: str = ""
    center_header: str = ""
    right_header: str = ""
    cover_page: bool = False
    cover_page_by_mail: bool = False
    cover_page_detail: bool = False
    cover_page_comment: str = ""
    max_rate_bps: int = 14400


@dataclass(frozen=True, slots=True)
class HistorySettings:
    """`dial-control-mib`."""

    max_size: int = DEFAULT_SIZE
    retain_minutes: int = DEFAULT_RETAIN_MINUTES


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """Everything that the call side reads from a configuration."""

    plan: DialPlan
    fax: FaxSettings
    send: SendSettings
    receive: ReceiveSettings
    identity: Identity
    applications: Applications
    history: HistorySettings
    hunt_causes: frozenset[Cause]
    """`voice hunt`."""


class SettingsCache:
    """The settings of a configuration, read again only after it has changed."""

    def __init__(self, config: RunningConfig, platform: Platform) -> None:
        self._config = config
        self._platform = platform
        self._generation = -1
        self._settings: VoiceSettings | None = None

    @property
    def current(self) -> VoiceSettings:
        if self._settings is None or self._generation != self._config.generation:
            self._generation = self._config.generation
            self._settings = read(self._config.root, self._platform)
        return self._settings


def read(root: Block, platform: Platform) -> VoiceSettings:
    """All views of the configuration of a router of that platform."""
    return VoiceSettings(
        dial_plan(root),
        fax(root),
        mta_send(root),
        mta_receive(root),
        mail_identity(_text(root, "hostname", "name", "Router"), _text(root, "ip domain name", "name"), platform),
        applications(root),
        HistorySettings(
            _number(root, "dial-control-mib max-size", "entries", DEFAULT_SIZE),
            _number(root, "dial-control-mib retain-timer", "minutes", DEFAULT_RETAIN_MINUTES),
        ),
        hunt_causes(root),
    )


def dial_plan(root: Block) -> DialPlan:
    """The dial peers in the order of the running-config."""
    return DialPlan(
        tuple(peer for block in root.children("dial-peer voice") if (peer := _peer(root, block)) is not None),
        tuple(
            NumberExpansion(str(line.values["pattern"]), str(line.values["expansion"])) for line in root.all("num-exp")
        ),
        _number(root, "dial-peer hunt", "order", 0),
    )


def _peer(root: Block, block: Block) -> DialPeer | None:
    header = block.header
    if header is None:
        return None
    kind = next((kind for kind in PeerType if kind.keyword == header.values.get("kind")), None)
    tag = header.values.get("tag")
    if kind is None or not isinstance(tag, int):
        return None
    inward, outward = _applications_of(block)
    mail = kind is PeerType.MMOIP
    maximum = _number(block, "max-conn", "number", 0)
    return DialPeer(
        tag,
        kind,
        description=_text(block, "description", "text"),
        shutdown=block.flag("shutdown"),
        destination=_pattern(block, "destination-pattern"),
        incoming_called=_pattern(block, "incoming called-number"),
        answer_address=_pattern(block, "answer-address"),
        preference=_number(block, "preference", "number", 0),
        huntstop=block.flag("huntstop"),
        max_connections=maximum or None,
        application_in=inward,
        application_out=outward,
        information=_text(block, "information-type", "type", "voice"),
        port=_text(block, "port", "unit"),
        trunk_groups=_trunk_groups(block),
        prefix=_text(block, "prefix", "digits"),
        forward_digits=_forward_digits(block),
        digit_strip=kind is not PeerType.POTS or block.flag("digit-strip"),
        direct_inward_dial=block.flag("direct-inward-dial"),
        session_target=_text(block, "session target", "address"),
        session_protocol=_text(block, "session protocol", "protocol"),
        image_encoding=ImageEncoding(_text(block, "image encoding", "encoding", "passthrough")),
        image_resolution=ImageResolution(_text(block, "image resolution", "resolution", "passthrough")),
        dsn=frozenset(Dsn(str(line.values["event"])) for line in (block.all("dsn") if mail else ())),
        mdn=mail and block.flag("mdn"),
        voip=voip_settings.read(root, block) if kind is PeerType.VOIP else None,
    )


def _applications_of(block: Block) -> tuple[str, str]:
    inward = outward = ""
    for line in block.all("application"):
        if line.values.get("out-bound"):
            outward = str(line.values["name"])
        else:
            inward = str(line.values["name"])
    return inward, outward


def _trunk_groups(block: Block) -> tuple[str, ...]:
    """By preference, 1 being the best; those without one come last."""
    lines = [line for line in block.all("trunkgroup") if not line.negated]
    lines.sort(key=lambda line: int(str(line.values.get("preference", 65))))
    return tuple(str(line.values["name"]) for line in lines)


def _forward_digits(block: Block) -> str:
    line = block.get("forward-digits")
    if line is None or line.negated:
        return "default"
    for word in ("all", "extra"):
        if line.values.get(word):
            return word
    return str(line.values.get("count", "default"))


def fax(root: Block) -> FaxSettings:
    """`fax receive *`, `fax send *`."""
    return FaxSettings(
        called_subscriber=_text(root, "fax receive called-subscriber", "number"),
        transmitting_subscriber=_text(root, "fax send transmitting-subscriber", "number"),
        left_header=_text(root, "fax send left-header", "text"),
        center_header=_text(root, "fax send center-header", "text"),
        right_header=_text(root, "fax send right-header", "text"),
        cover_page=root.flag("fax send coverpage enable"),
        cover_page_by_mail=root.flag("fax send coverpage e-mail-controllable"),
        cover_page_detail=root.flag("fax send coverpage show-detail"),
        cover_page_comment=_text(root, "fax send coverpage comment", "text"),
        max_rate_bps=_number(root, "fax send max-speed", "rate", 14400),
    )


def mta_send(root: Block) -> SendSettings:
    """`mta send *`."""
    receipt_user = _text(root, "mta send return-receipt-to username", "name")
    if root.flag("mta send return-receipt-to $s$"):
        receipt_user = CALLING
    filename = root.get("mta send filename")
    return SendSettings(
        servers=tuple(str(line.values["host"]) for line in root.all("mta send server") if not line.negated),
        subject=_text(root, "mta send subject", "text"),
        with_subject=SubjectNumbers(_text(root, "mta send with-subject", "number")),
        origin_prefix=_text(root, "mta send origin-prefix", "text"),
        postmaster=_text(root, "mta send postmaster", "address"),
        mail_from_username=_text(root, "mta send mail-from username", "name"),
        mail_from_hostname=_text(root, "mta send mail-from hostname", "name"),
        return_receipt_username=receipt_user,
        return_receipt_hostname=_text(root, "mta send return-receipt-to hostname", "name"),
        filename=_text(root, "mta send filename", "name"),
        filename_date=filename is not None and not filename.negated and bool(filename.values.get("date")),
        success_fax_only=root.flag("mta send success-fax-only"),
    )


def mta_receive(root: Block) -> ReceiveSettings:
    """`mta receive *`."""
    return ReceiveSettings(
        aliases=tuple(str(line.values["name"]) for line in root.all("mta receive aliases") if not line.negated),
        maximum_recipients=_number(root, "mta receive maximum-recipients", "number", 0),
        generate_mdn=root.flag("mta receive generate-mdn") or root.flag("mta receive generate mdn"),
        permanent_error=root.flag("mta receive generate permanent-error"),
        disable_dsn=root.flag("mta receive disable-dsn"),
    )


def applications(root: Block) -> Applications:
    """`call application voice NAME URL`, beside those that are built in."""
    said = [(str(line.values["name"]), line.values) for line in root.all("call application voice") if not line.negated]
    modes = {name: DetectMode(values["mode"]) for name, values in said if "mode" in values}
    return Applications(
        tuple(
            Application(name, str(values["location"]), modes.get(name, DetectMode.CONNECT_FIRST))
            for name, values in said
            if values.get("location")
        )
    )


def _pattern(block: Block, command_id: str) -> Pattern | None:
    text = _text(block, command_id, "pattern")
    try:
        return Pattern.parse(text) if text else None
    except BadPattern:
        return None


def _text(block: Block, command_id: str, name: str, default: str = "") -> str:
    return str(block.value(command_id, name) or default)


def _number(block: Block, command_id: str, name: str, default: int) -> int:
    value = str(block.value(command_id, name))
    return int(value) if value.isdigit() else default
