"""What monitoring tells: alerts open incidents, join them, come back and are over.

A body is taken in by transactions of a hundred alerts at most, so that a storm never holds the database
while a person waits. Whatever of it is delivered again changes nothing.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import Refused, alerts, incidents, paging, storms
from bot.core.decision import Decision
from bot.core.jobs import Order, SayAlerts, SettleAlert, TellTeam
from bot.core.ownership import Found
from bot.core.storms import Goes, News
from bot.core.timeline import (
    KINDS,
    AlertFired,
    AlertFlaps,
    AlertsFired,
    AlertsOver,
    Name,
    PageDeferred,
    PageRequested,
)
from bot.engine import enqueue, enqueue_all
from bot.flows import Scene, World, begin, rota_of, scene
from bot.models import MONITORING, Alert, Catalog, Incident, Noticed, Severity

CHUNK, OWNERS = 100, 8
"""Alerts, and owners of alerts, that one transaction takes in."""

PATIENCE = 200
"""Hundredths of a second that what only remembers stands back for what pages."""

MOST_TESTS = 5
"""Test alerts of one body that are answered."""

LINES = [name for name, kind in KINDS.items() if kind in {AlertFired, AlertsFired, AlertsOver, AlertFlaps}]

Owned = tuple[alerts.Alert, Found]


@dataclass
class Heard:
    """What came of a body. `incidents` are those that it opened, woke, joined or found over."""

    incidents: list[str] = field(default_factory=list)
    opened: int = 0
    joined: int = 0
    reopened: int = 0
    flapping: int = 0
    resolved: int = 0
    unchanged: int = 0
    silenced: int = 0
    dropped: int = 0
    wrong: int = 0
    tests: list[str] = field(default_factory=list)

    def touched(self, incident: Incident) -> None:
        if not incident.private and incident.key not in self.incidents:
            self.incidents.append(incident.key)


class Turns:
    """One transaction of this process takes in alerts at a time, so that a person's command waits for one at most.

    Those that page go before those that only remember, whichever bodies they are from.
    """

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._paging = 0

    @property
    def crowded(self) -> bool:
        """Whether several bodies are to page."""
        return self._paging > 1

    @asynccontextmanager
    async def first(self) -> AsyncIterator[None]:
        self._paging += 1
        try:
            async with self._lock:
                yield
        finally:
            self._paging -= 1

    @asynccontextmanager
    async def later(self) -> AsyncIterator[None]:
        await self._lock.acquire()
        for _ in range(PATIENCE):
            if not self._paging:
                break
            self._lock.release()
            await asyncio.sleep(0.01)
            await self._lock.acquire()
        try:
            yield
        finally:
            self._lock.release()


async def hear(world: World, source: str, parsed: alerts.Parsed, turns: Turns) -> Heard:
    """Take in what a body says. Raises DatabaseUnavailable: what is sent again then goes on where this stopped."""
    heard = Heard(silenced=parsed.silenced, dropped=parsed.dropped, wrong=parsed.wrong)
    # Words are looked for in a thread: a thousand alerts must not keep a command from its answer.
    owned = await asyncio.to_thread(_owned, parsed.alerts, world.catalog, world.config.alerts.labels)
    for alert, found in [one for one in owned if one[0].is_test and one[0].firing][:MOST_TESTS]:
        heard.tests.append(await _tested(world, alert, found))
    owners, leads, rest = _parts([one for one in owned if not one[0].is_test])
    for turn, batches in ((turns.first, leads), (turns.later, rest)):
        for batch in batches:
            async with turn(), world.db.transaction() as session:
                crowded = owners > 1 or turns.crowded
                await _Taking(world, session, source, heard, crowded=crowded).take(batch)
    return heard


def _owned(found: Sequence[alerts.Alert], catalog: Catalog, labels: Sequence[str]) -> list[Owned]:
    return [(alert, alerts.service_of(alert, catalog, labels)) for alert in found]


Part = list[Owned]
"""Alerts of one owner, the worst first."""


def _parts(owned: Sequence[Owned]) -> tuple[int, Iterator[list[Part]], Iterator[list[Part]]]:
    """How many owners there are; the worst alert of each, which pages, and all the others, both in batches."""
    groups: dict[str, Part] = {}
    # What a body says last of an alert is what counts.
    for alert, found in {one.fingerprint: (one, found) for one, found in owned}.values():
        groups.setdefault(alerts.group_of(found, alert), []).append((alert, found))
    parts = [sorted(group, key=lambda one: _badness(one[0])) for group in groups.values()]
    parts.sort(key=lambda part: _badness(part[0][0]))
    others = [part[n : n + CHUNK] for part in parts for n in range(1, len(part), CHUNK)]
    return len(parts), _packed([part[:1] for part in parts]), _packed(others)


def _packed(parts: Sequence[Part]) -> Iterator[list[Part]]:
    held: list[Part] = []
    for part in parts:
        if held and (len(held) == OWNERS or sum(map(len, held)) + len(part) > CHUNK):
            yield held
            held = []
        held.append(part)
    if held:
        yield held


def _badness(alert: alerts.Alert) -> tuple[bool, Severity]:
    return not alert.firing, alerts.severity_of(alert) or Severity.SEV3


class _Taking:
    """One transaction's worth of alerts. `crowded`: others wait to page, so that channels can wait a moment."""

    def __init__(
        self, world: World, session: AsyncSession, source: str, heard: Heard, *, crowded: bool = False
    ) -> None:
        self.crowded = crowded
        self.catalog_id: int | None = None
        self.joinable: dict[tuple[str, str], Incident | None] = {}
        self.opened: list[Incident] = []
        self.world = world
        self.session = session
        self.source = source
        self.by = f"{MONITORING}{source}"
        self.heard = heard
        self.now = world.clock()
        self.settings = world.config.alerts
        self.held: dict[int, Incident | None] = {}
        self.scenes: dict[int, Scene] = {}
        self.touched: dict[int, Incident] = {}
        self.fired: dict[int, list[tuple[str, Severity | None]]] = {}
        self.new: list[dict[str, object]] = []
        self.before: dict[int, str] = {}

    async def take(self, parts: Sequence[Part]) -> None:
        # Of two processes that hear of one owner at once, the second finds the incident of the first.
        await store.alone(self.session, "alerts")
        prints = [alert.fingerprint for part in parts for alert, _ in part]
        known = await store.alerts_known(self.session, self.source, prints)
        owners = {(part[0][1].service or "", part[0][1].team) for part in parts}
        self.joinable = dict.fromkeys(owners) | await store.joinable(self.session, owners)
        for part in parts:
            homeless: list[tuple[Owned, Alert | None]] = []
            for alert, found in part:
                row = known.get(alert.fingerprint)
                if not await self._is_placed(alert, row):
                    homeless.append(((alert, found), row))
            if homeless:
                await self._to_group(homeless)
        await self._finish()

    async def _finish(self) -> None:
        await self._wake()
        await self.session.flush()
        await store.add_alerts(self.session, self.new)
        await self._speak()
        for incident in [*self.opened, *self.touched.values()]:
            self.heard.touched(incident)

    async def settle(self, row: Alert) -> None:
        """It has kept still: from now on it is an alert like any other, and if it fires that is news."""
        row.flapping, row.said, row.fired_at = False, False, []
        self.session.add(row)
        own = await self._own(row)
        if row.firing:
            where = storms.goes(News.FIRES, own, flapping=False, regroup=self.settings.regroup, now=self.now)
            if where is Goes.GROUP or own is None:
                heard = _as_heard(row)
                found = alerts.service_of(heard, self.world.catalog, self.settings.labels)
                await self._to_group([((heard, found), row)])
            else:
                self._joins(own, row.title, row.severity)
        elif own is not None:
            self._touch(own)
        await self._finish()

    # ---- where each goes -----------------------------------------------------------------------

    async def _is_placed(self, alert: alerts.Alert, row: Alert | None) -> bool:
        """False: it fires and has no incident to go back to."""
        regroup = self.settings.regroup
        said = storms.news(row, alert, regroup=regroup, now=self.now)
        if row is None:
            self.heard.unchanged += said is News.NOTHING
            return said is News.NOTHING
        if said is News.NOTHING:
            self.heard.unchanged += 1
            return True
        own = await self._own(row)
        if said is News.OVER:
            await self._is_over(alert, row, own)
            return True
        if said is News.STILL:
            worse = alerts.severity_of(alert)
            self._write(row, alert)
            where = storms.goes(said, own, flapping=row.flapping, regroup=regroup, now=self.now)
            if where is not Goes.NOWHERE:
                return False
            self.heard.unchanged += 1
            quiet = own is None or own.is_over or own.private or row.flapping
            if own is not None and not quiet and worse is not None and worse < own.severity:
                self._joins(own, row.title, row.severity)
            return True
        return await self._fires_again(alert, row, own)

    async def _fires_again(self, alert: alerts.Alert, row: Alert, own: Incident | None) -> bool:
        regroup = self.settings.regroup
        was = row.flapping
        fired_at = storms.times(row, within=regroup, now=self.now)
        flapping = was or len(fired_at) >= self.settings.flaps
        if not row.said and own is not None and not was:
            await self._catch_up(own)
        self._write(row, alert)
        row.firing, row.resolved_at, row.ended_at = True, None, None
        row.times += 1
        row.fired_at = fired_at
        row.flapping, row.said = flapping, flapping
        where = storms.goes(News.FIRES, own, flapping=flapping, regroup=regroup, now=self.now)
        if flapping:
            self.heard.flapping += 1
            assert row.id is not None
            timer = SettleAlert(row.id, row.times)
            await enqueue(self.session, timer, now=self.now, at=self.now + regroup)
            if own is not None:
                self._touch(own)
            if own is not None and not was:
                await (await self._scene(own)).record(storms.flapping_in(row, regroup))
            return True
        if where is Goes.GROUP or own is None:
            return False
        if where is Goes.REOPENS:
            if self.joinable.get((own.service, own.team)) is not None:
                return False  # its owner has another open by now
            self.joinable[own.service, own.team] = own
        self._joins(own, row.title, row.severity)
        self.heard.reopened += where is Goes.REOPENS
        self.heard.joined += where is Goes.BACK
        return True

    async def _is_over(self, alert: alerts.Alert, row: Alert, own: Incident | None) -> None:
        if not row.said and own is not None:
            await self._catch_up(own)
        row.firing, row.resolved_at, row.ended_at = False, self.now, alert.ends
        row.last_at, row.said = self.now, row.flapping
        self.session.add(row)
        self.heard.resolved += 1
        if own is not None:
            self._touch(own)

    async def _to_group(self, homeless: Sequence[tuple[Owned, Alert | None]]) -> None:
        """Join the open incident of their owner, or open one with the worst of them."""
        found = homeless[0][0][1]
        before = [await self._before(row) for _, row in homeless]
        owner = (found.service or "", found.team)
        if owner not in self.joinable:
            self.joinable |= await store.joinable(self.session, [owner])
        incident = self.joinable.get(owner)
        opened = incident is None
        if incident is None:
            incident = self.joinable[owner] = await self._open(homeless, before[0])
        assert incident.id is not None
        self.heard.opened += opened
        self.heard.joined += len(homeless) - opened
        for n, ((alert, _), row) in enumerate(homeless):
            # What opened it stands in its first lines already.
            said = opened and n == 0
            group = alerts.group_of(found, alert)
            if row is None:
                self.new.append(self._row(alert, incident.id, group, said=said))
            else:
                if row.incident_id != incident.id and row.id is not None:
                    self.before[row.id] = before[n]
                row.incident_id, row.group, row.said = incident.id, group, said
                self.session.add(row)
            if not said:
                self._joins(incident, alert.title, alerts.severity_of(alert))

    async def _before(self, row: Alert | None) -> str:
        """The incident that it fired in before, by its key; "" for none, and for one that not everybody may know of."""
        earlier = await store.incident(self.session, row.incident_id) if row is not None else None
        return earlier.key if earlier is not None and not earlier.private else ""

    async def _open(self, homeless: Sequence[tuple[Owned, Alert | None]], before: str) -> Incident:
        (alert, found), row = homeless[0]
        catalog, now = self.world.catalog, self.now
        if found.team not in catalog.teams:
            raise Refused("No team of the catalog can be paged: add a [[team]] and what it owns.")
        if self.catalog_id is None:
            self.catalog_id = await store.keep_catalog(self.session, catalog, now)
        said = storms.worst([alerts.severity_of(one) for (one, _), _ in homeless])
        title, _ = incidents.title_and_rest(alert.title)
        incident = Incident(
            request_id=f"{self.by}:{alert.fingerprint}:{now.isoformat()}",
            title=title,
            service=found.service or "",
            team=found.team,
            why=found.why,
            severity=said or Severity.SEV3,
            declared_by=self.by,
            declared_at=now,
            noticed=Noticed.MONITOR,
            catalog_id=self.catalog_id,
        )
        fired = AlertFired(alert.title, alert.text, alert.url, row.times if row else 1, before)

        def besides(decision: Decision) -> Decision:
            if self.crowded:
                decision = storms.channel_later(decision, now)
            return decision + Decision(events=(fired,), spoken=(fired,))

        await begin(self.session, self.world, incident, found, besides=besides)
        self.opened.append(incident)
        return incident

    # ---- what it does to the incident ----------------------------------------------------------

    async def _own(self, row: Alert) -> Incident | None:
        """The incident that it fired in last, or what that is a duplicate of, under its lock."""
        number: int | None = row.incident_id
        found: Incident | None = None
        for _ in range(5):
            if number is None:
                break
            if number not in self.held:
                self.held[number] = await store.locked(self.session, number)
            found = self.held[number]
            number = found.duplicate_of if found is not None else None
        if found is not None and found.id is not None:
            row.incident_id = found.id
        return found

    async def _scene(self, incident: Incident) -> Scene:
        assert incident.id is not None
        if incident.id not in self.scenes:
            self.scenes[incident.id] = await scene(self.session, self.world, incident, self.by)
        return self.scenes[incident.id]

    async def _catch_up(self, incident: Incident) -> None:
        """What an alert did before stands in the timeline before what it does now."""
        await _say(await self._scene(incident), {})

    def _touch(self, incident: Incident) -> None:
        assert incident.id is not None
        self.touched[incident.id] = incident

    def _joins(self, incident: Incident, title: str, severity: Severity | None) -> None:
        assert incident.id is not None
        self._touch(incident)
        self.fired.setdefault(incident.id, []).append((title, severity))

    async def _wake(self) -> None:
        """What ended or was mitigated burns again and pages; what is open pages further only when it got worse."""
        for number, fired in self.fired.items():
            incident, severity = self.touched[number], storms.worst([severity for _, severity in fired])
            back = incident.is_over or storms.bleeds_again(
                incident, regroup=self.settings.regroup, now=self.now
            )
            if not back and (severity is None or severity >= incident.severity):
                continue
            s = await self._scene(incident)
            rota = await s.rota()
            if back:
                decision = storms.woken(
                    incident,
                    s.pages,
                    severity,
                    why=f"“{fired[0][0]}” fires",
                    team=s.team,
                    catalog=s.catalog,
                    rota=rota,
                    now=self.now,
                )
                await s.record(decision)
            elif severity is not None:
                risen = storms.raised(incident, s.pages, severity, team=s.team, now=self.now)
                await s.record(
                    risen
                    or incidents.severity_changed(
                        incident, s.pages, severity, team=s.team, catalog=s.catalog, rota=rota, now=self.now
                    )
                )

    async def _speak(self) -> None:
        """At once where an incident's alerts were quiet, else with whatever else comes within the pause."""
        if not self.touched:
            return
        last = await store.last_lines(self.session, self.touched, LINES)
        later: list[tuple[Order, datetime | None]] = []
        for number, incident in self.touched.items():
            since = last.get(number)
            if since is None or self.now - since >= storms.PAUSE:
                await _say(await self._scene(incident), self.before)
            else:
                later.append((SayAlerts(number, since.isoformat()), since + storms.PAUSE))
        await enqueue_all(self.session, later, now=self.now)

    def _row(self, alert: alerts.Alert, incident: int, group: str, *, said: bool) -> dict[str, object]:
        """A new row, as a plain mapping: of these there can be a thousand."""
        return {
            "source": self.source,
            "fingerprint": alert.fingerprint,
            "incident_id": incident,
            "group": group,
            "firing": True,
            "flapping": False,
            "said": said,
            "times": 1,
            "fired_at": [self.now.isoformat()],
            "began_at": alert.at,
            "first_at": self.now,
            "last_at": self.now,
            "title": alert.title,
            "text": alert.text,
            "labels": dict(alert.labels),
            "url": alert.url,
            "severity": alerts.severity_of(alert),
        }

    def _write(self, row: Alert, alert: alerts.Alert) -> None:
        row.title, row.text, row.url = alert.title, alert.text, alert.url
        row.labels, row.severity = dict(alert.labels), alerts.severity_of(alert)
        row.began_at, row.last_at = alert.at or row.began_at, self.now
        self.session.add(row)


# ---- what is said of it ------------------------------------------------------------------------


async def _say(s: Scene, before: Mapping[int, str]) -> None:
    assert s.incident.id is not None
    rows = await store.alerts_unsaid(s.session, s.incident.id)
    if not rows:
        return
    firing, flapping = await store.alerts_alive(s.session, s.incident.id)
    fired = [row for row in rows if row.firing]
    over = [row for row in rows if not row.firing]
    known = before.get(fired[0].id or 0, "") if len(fired) == 1 else ""
    await store.alerts_are_said(s.session, s.incident.id)
    await s.record(storms.fired_in(fired, before=known) + storms.over_in(over, firing=firing))
    if over:  # after the line that says so
        await s.record(storms.asks(s.incident, firing=firing, flapping=flapping, now=s.now))


async def said(world: World, order: SayAlerts) -> None:
    """The timer of a storm; it asks the rows, so that late or repeated it says what is left to say."""
    async with world.db.transaction() as session:
        incident = await store.locked(session, order.incident)
        if incident is not None:
            await _say(await scene(session, world, incident, ""), {})


async def settled(world: World, order: SettleAlert) -> None:
    """The timer of an alert that flapped; one that fired again since has a timer of its own."""
    async with world.db.transaction() as session:
        await store.alone(session, "alerts")
        row = await store.alert(session, order.alert)
        if row is not None and row.flapping and row.times == order.times:
            await _Taking(world, session, row.source, Heard()).settle(row)


def _as_heard(row: Alert) -> alerts.Alert:
    return alerts.Alert(
        source=alerts.Source(row.source),
        fingerprint=row.fingerprint,
        firing=row.firing,
        title=row.title,
        text=row.text,
        labels=row.labels,
        url=row.url,
        at=row.began_at,
        ends=row.ended_at,
        is_test=False,
    )


# ---- tests -------------------------------------------------------------------------------------


async def _tested(world: World, alert: alerts.Alert, found: Found) -> str:
    """What the alert would do in earnest, in a sentence; its team's channel reads it too. Nobody is paged."""
    team, now = world.catalog.teams.get(found.team), world.clock()
    if team is None:
        raise Refused("No team of the catalog can be paged: add a [[team]] and what it owns.")
    severity = alerts.severity_of(alert) or Severity.SEV3
    incident = Incident(
        id=0,
        request_id="",
        title=alert.title,
        service=found.service or "",
        team=team.id,
        severity=severity,
        declared_by="",
        declared_at=now,
    )
    async with world.db.transaction() as session:
        rota = await rota_of(session, world, team.id)
        would = paging.fired(incident, team, world.catalog, (), step=0, rota=rota, now=now, run=1)
        name = await store.names(session, world.catalog)
        text = _would(alert, found, severity, team.name, would, name)
        # Whoever presses "Test" again reads it again, but a test on a timer does not fill the channel.
        about = f"alert-test:{alert.source}:{found.service}:{f'{now:%Y-%m-%dT%H:%M}'[:-1]}"
        await enqueue(session, TellTeam(team.id, text, 0, about, loud=False), now=now)
    return text


def _would(
    alert: alerts.Alert, found: Found, severity: Severity, team: str, would: Decision, name: Name
) -> str:
    paged = [name(event.person) for event in would.events if isinstance(event, PageRequested)]
    waits = [event.until for event in would.events if isinstance(event, PageDeferred)]
    whom = f"page {', '.join(paged)}" if paged else "page nobody"
    if waits:
        whom = f"page {team} from {waits[0]}"
    sender = alerts.SENDERS[f"{MONITORING}{alert.source}"]
    return (
        f"A test of {sender} arrived: “{alert.title}”. In earnest it would start a {severity} "
        f"for {found.service or team} and {whom} ({found.why}). Nobody was paged."
    )
