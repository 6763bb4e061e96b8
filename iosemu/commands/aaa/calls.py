"""AAA of calls: faxes are authenticated and accounted, legs recorded in the system log and at RADIUS servers.

Rule: a store-and-forward fax is one account from the opening of its mail leg to the end of both legs (`mmoip aaa`); a
leg is one of its own where `gw-accounting` asks for that, in the list `h323`. Nobody waits for an accounting server.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from iosemu.commands.aaa import accounting, login
from iosemu.commands.aaa.accounting import CONNECTION, ON, Account, account_system
from iosemu.commands.aaa.protocols import TACACS
from iosemu.commands.system import router_time
from iosemu.voice.accounting import FaxAsked, FaxJudged, Identity, settings_of
from iosemu.voice.accounting_records import (
    FaxLegs,
    LegTimes,
    fax_facts,
    fax_result,
    leg_facts,
    leg_result,
    overloaded,
    syslog_text,
)
from iosemu.voice.events import LegClosed, LegOpened, Ramp
from iosemu.voice.legs import LegRecord, Mail, Origin, Telephony, Voip

if TYPE_CHECKING:
    from iosemu.commands.context import Device
    from iosemu.voice.accounting import Facts

MMOIP = "mmoip aaa"
VOICE_LIST = "h323"
"""The method list of `gw-accounting`."""
UNKNOWN, BYPASSED = "unknown", "bypassed"


async def authenticate(device: Device, list_name: str, user: str, password: str, facts: Facts) -> bool:
    """Do the methods of a login list let that user in? Where none can answer, they do not."""
    config = device.config
    lists = {
        str(line.values["list"]): login.method_names(config, line.tokens[4:])
        for line in config.root.all("aaa authentication login")
    }
    servers = _CallServers(device, facts)
    names = lists.get(list_name, ())
    try:
        methods = [login.method_called(config, name, None, servers) for name in names]
        return await login.answer(methods, user, password) is not None
    except login.HandedOver:
        return False


class _CallServers(login.NoServers):
    """The servers as a call asks them."""

    def __init__(self, device: Device, facts: Facts) -> None:
        self._device, self._facts = device, facts

    async def authenticate(
        self, name: login.MethodName, user: str, password: str, enables: int | None = None
    ) -> login.Granted | None:
        from iosemu.commands.aaa import lines, tacacs
        from iosemu.management.tacacs import Subject

        if name.word == TACACS:
            return await tacacs.authenticate(self._device.aaa, name.group, Subject(user), password)
        told = (*self._facts, ("NAS-Port-Type", "Async"))
        return await lines.authenticate(self._device.aaa, name.group, user, password, told)


@dataclass(slots=True)
class _Fax:
    """A fax that is under way; its account is None where nobody hears of it."""

    legs: FaxLegs
    account: Account | None
    facts: Facts


class CallAccounts:
    """Follows the legs of a router."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._verdicts: dict[int, FaxJudged] = {}
        self._telephone: dict[int, LegRecord] = {}
        self._open: dict[int, set[int]] = {}
        self._faxes: dict[int, _Fax] = {}
        self._legs: dict[int, Account] = {}
        bus = device.bus
        bus.subscribe(FaxAsked, self._asked)
        bus.subscribe(FaxJudged, self._judged)
        bus.subscribe(LegOpened, lambda event: self._opened(event.leg))
        bus.subscribe(LegClosed, lambda event: self._closed(event.leg))

    # What AAA said of a fax, which comes before its legs are all there.

    def _asked(self, event: FaxAsked) -> None:
        debug = self._device.aaa.debug
        debug(MMOIP, f"fax_aaa_begin_authentication: User-Name = {event.identity.value}")
        debug(MMOIP, f"fax_aaa_begin_authentication: fax_account_id_origin = {event.identity.origin or 'NULL'}")

    def _judged(self, event: FaxJudged) -> None:
        self._verdicts[event.call_id] = event
        said = "successful" if event.ok else "failed"
        self._device.aaa.debug(MMOIP, f"fax_aaa_end_authentication_callback: Authentication {said}")

    # Legs.

    def _opened(self, leg: LegRecord) -> None:
        number = leg.connection.number
        self._open.setdefault(number, set()).add(leg.call_id)
        if isinstance(leg.detail, Telephony):
            self._telephone[number] = leg
        elif isinstance(leg.detail, Mail) and number not in self._faxes:
            ramp = Ramp.OFF if leg.origin is Origin.ANSWER else Ramp.ON
            fax = FaxLegs(ramp, leg, self._telephone.get(number))
            self._faxes[number] = _Fax(fax, None, ())
            if ramp is Ramp.ON:
                self._begin(number)
        elsewhere = leg.origin is Origin.ORIGINATE and isinstance(leg.detail, Telephony)
        if elsewhere and number in self._faxes and self._faxes[number].account is None:
            self._begin(number)
        self._begin_leg(leg)

    def _closed(self, leg: LegRecord) -> None:
        number = leg.connection.number
        self._end_leg(leg)
        self._verdicts.pop(leg.call_id, None)
        still = self._open.get(number, set())
        still.discard(leg.call_id)
        fax = self._faxes.get(number)
        if fax is not None and isinstance(leg.detail, Telephony):
            fax.legs = replace(fax.legs, telephone=leg)
        elif fax is not None and (fax.legs.mail.call_id == leg.call_id):
            fax.legs = replace(fax.legs, mail=leg)
        elif isinstance(leg.detail, Telephony):
            self._telephone[number] = leg
        if still:
            return
        self._open.pop(number, None)
        self._telephone.pop(number, None)
        if fax is not None:
            self._end(number, fax)

    # Faxes.

    def _begin(self, number: int) -> None:
        fax = self._faxes[number]
        first = fax.legs.telephone if fax.legs.ramp is Ramp.ON else fax.legs.mail
        application = first.peer.application_in if first is not None and first.peer is not None else ""
        device = self._device
        wanted = settings_of(device.config.root, fax.legs.ramp, application)
        heard_by = accounting.list_called(device.config, CONNECTION, wanted.accounting_list)
        if not wanted.accounting or heard_by is None or first is None:
            return
        verdict = self._verdicts.get(first.call_id)
        status = "success" if verdict is not None else UNKNOWN if wanted.authentication else BYPASSED
        who = verdict.identity if verdict is not None else self._identity(fax.legs, application)
        account = accounting.open_account(device, heard_by, CONNECTION, fax.legs.line.port or "mail", who.value)
        telephone = self._telephone.get(number)
        fax.legs = replace(fax.legs, telephone=fax.legs.telephone or telephone)
        fax.account, fax.facts = account, fax_facts(fax.legs, who, status, device.voice.settings)
        device.aaa.debug(MMOIP, f"fax_aaa_start_accounting: User-Name = {who.value}")
        self._show(fax.facts)
        account.start(fax.facts)

    def _identity(self, fax: FaxLegs, application: str) -> Identity:
        """Of a fax that nobody asked about."""
        from iosemu.voice.accounting import identity

        settings = self._device.voice.settings
        known = {
            "ani": fax.line.calling,
            "dnis": fax.line.called,
            "gateway": settings.identity.name,
            "account-id": fax.message.account_id,
            "envelope-from": fax.mail.peer_address,
        }
        return identity(settings_of(self._device.config.root, fax.ramp, application).sources, known)

    def _end(self, number: int, fax: _Fax) -> None:
        del self._faxes[number]
        if fax.account is None:
            return
        result = fax_result(fax.legs, self._device.voice.settings)
        self._device.aaa.debug(MMOIP, "fax_aaa_stop_accounting:")
        self._show(result)
        fax.account.stop((*fax.facts, *result))

    def _show(self, facts: Facts) -> None:
        for name, value in facts:
            self._device.aaa.debug(MMOIP, f"mmoip_aaa: {name.lower().replace('-', '_')} = {value}")

    # Single legs.

    def _times(self) -> LegTimes:
        device = self._device
        uptime = timedelta(seconds=device.voice.control.uptime())
        return LegTimes(router_time.now(device) - uptime, router_time.mark(device))

    def _begin_leg(self, leg: LegRecord) -> None:
        device = self._device
        heard_by = accounting.list_called(device.config, CONNECTION, VOICE_LIST)
        if heard_by is None or not _legs_to_radius(device):
            return
        user = leg.peer_address if isinstance(leg.detail, Mail) else leg.detail.calling
        kind = "VoIP" if isinstance(leg.detail, Voip) else "mail"
        where = leg.detail.port if isinstance(leg.detail, Telephony) else kind
        account = accounting.open_account(device, heard_by, CONNECTION, where, user)
        self._legs[leg.call_id] = account
        self._tell(account.start, account, leg_facts(leg, self._times(), device.voice.settings.identity.name))

    def _end_leg(self, leg: LegRecord) -> None:
        device = self._device
        account = self._legs.pop(leg.call_id, None)
        if account is not None:
            gateway = device.voice.settings.identity.name
            told = (*leg_facts(leg, self._times(), gateway), *leg_result(leg, self._times()))
            self._tell(account.stop, account, told)
        if _legs_to_syslog(device):
            device.log.event("VOIPAAA", 5, "VOIP_CALL_HISTORY", syslog_text(leg, self._times()))

    def _tell(self, step: Callable[[Facts], object], account: Account, facts: Facts) -> None:
        if _overloads(self._device):
            own = account.session_id.partition("/")[0]
            account.session_id, facts = overloaded(own, facts)
        step(facts)


def _gw_accounting(device: Device) -> list[tuple[str, ...]]:
    return [line.tokens[1:] for line in device.config.root.all("gw-accounting") if not line.negated]


def _legs_to_syslog(device: Device) -> bool:
    return any("syslog" in words for words in _gw_accounting(device))


def _legs_to_radius(device: Device) -> bool:
    said = any(words[:1] in (("h323",), ("voip",)) and "syslog" not in words for words in _gw_accounting(device))
    return said or bool(device.config.root.children("gw-accounting aaa"))


def _overloads(device: Device) -> bool:
    """Does the session id carry everything? `gw-accounting h323` alone, and the line of `gw-accounting aaa`."""
    blocks = device.config.root.children("gw-accounting aaa")
    return ("h323",) in _gw_accounting(device) or any(
        block.flag("attribute acct-session-id overloaded") for block in blocks
    )


def attach(device: Device) -> None:
    """Follow the calls of a router from now on, and tell that it is there."""
    CallAccounts(device)
    account_system(device, ON)
