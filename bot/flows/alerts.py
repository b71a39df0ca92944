"""What monitoring tells: alerts open incidents, join them, come back and are over.

A body is taken in one transaction for each hundred alerts of an owner, so that a storm never holds the database
while a person waits. Whatever of it is delivered again changes nothing.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import Refused, alerts, incidents, paging, storms
from bot.core.decision import Decision
from bot.core.jobs import SayAlerts, SettleAlert, TellTeam
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
from bot.engine import enqueue
from bot.flows import Scene, World, rota_of, scene
from bot.models import MONITORING, Alert, Catalog, Incident, Noticed, Severity

CHUNK = 100
"""Alerts that one transaction takes in."""

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


async def hear(world: World, source: str, parsed: alerts.Parsed) -> Heard:
    """Take in what a body says. Raises DatabaseUnavailable: what is sent again then goes on where this stopped."""
    heard = Heard(silenced=parsed.silenced, dropped=parsed.dropped, wrong=parsed.wrong)
    # Words are looked for in a thread: a thousand alerts must not keep a command from its answer.
    owned = await asyncio.to_thread(_owned, parsed.alerts, world.catalog, world.config.alerts.labels)
    for alert, found in [one for one in owned if one[0].is_test and one[0].firing][:MOST_TESTS]:
        heard.tests.append(await _tested(world, alert, found))
    for batch in _batches([one for one in owned if not one[0].is_test]):
        async with world.db.transaction() as session:
            await _Taking(world, session, source, heard).take(batch)
        await asyncio.sleep(0)  # whoever waits for the database has it next
    return heard


def _owned(found: Sequence[alerts.Alert], catalog: Catalog, labels: Sequence[str]) -> list[Owned]:
    return [(alert, alerts.service_of(alert, catalog, labels)) for alert in found]


def _batches(owned: Sequence[Owned]) -> Iterator[list[Owned]]:
    """Each owner's worst alerts first, so that everybody's page is on its way before the rest is looked at."""
    groups: dict[str, dict[str, Owned]] = {}
    for alert, found in owned:
        groups.setdefault(alerts.group_of(found, alert), {})[alert.fingerprint] = (alert, found)
    waiting = [sorted(group.values(), key=lambda one: _badness(one[0])) for group in groups.values()]
    while waiting:
        waiting.sort(key=lambda batch: _badness(batch[0][0]))
        yield from (batch[:CHUNK] for batch in waiting)
        waiting = [batch[CHUNK:] for batch in waiting if len(batch) > CHUNK]


def _badness(alert: alerts.Alert) -> tuple[bool, Severity]:
    return not alert.firing, alerts.severity_of(alert) or Severity.SEV3


class _Taking:
    """One transaction's worth of alerts, all of one owner."""

    def __init__(self, world: World, session: AsyncSession, source: str, heard: Heard) -> None:
        self.world = world
        self.session = session
        self.source = source
        self.by = f"{MONITORING}{source}"
        self.heard = heard
        self.now = world.clock()
        self.settings = world.config.alerts
        self.held: dict[int, Incident | None] = {}
        self.scenes: dict[int, Scene] = {}
        self.touched: list[Incident] = []
        self.fired: dict[int, list[Alert]] = {}
        self.before: dict[int, str] = {}

    async def take(self, batch: Sequence[Owned]) -> None:
        # Of two processes that hear of one owner at once, the second finds the incident of the first.
        await store.alone(self.session, "alerts")
        known = await store.alerts_known(self.session, self.source, [alert.fingerprint for alert, _ in batch])
        homeless: list[tuple[Owned, Alert | None]] = []
        for alert, found in batch:
            row = known.get(alert.fingerprint)
            if await self._is_placed(alert, row):
                continue
            homeless.append(((alert, found), row))
        if homeless:
            await self._to_group(homeless)
        await self._wake()
        await self.session.flush()
        for s in self.scenes.values():
            await _speak(s, self.before)
        for incident in self.touched:
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
                await self._joins(own, row)
            await self._wake()
        elif own is not None:
            await self._scene(own)
        await self.session.flush()
        for s in self.scenes.values():
            await _speak(s, self.before)

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
                await self._joins(own, row)
            return True
        return await self._fires_again(alert, row, own)

    async def _fires_again(self, alert: alerts.Alert, row: Alert, own: Incident | None) -> bool:
        regroup = self.settings.regroup
        was = row.flapping
        flapping = was or storms.flaps(row, most=self.settings.flaps, within=regroup, now=self.now)
        if not row.said and own is not None and not was:
            await self._catch_up(own)
        self._write(row, alert)
        row.firing, row.resolved_at, row.ended_at = True, None, None
        row.times += 1
        row.fired_at = [*row.fired_at, self.now.isoformat()][-storms.REMEMBERED :]
        row.flapping, row.said = flapping, flapping
        where = storms.goes(News.FIRES, own, flapping=flapping, regroup=regroup, now=self.now)
        if flapping:
            self.heard.flapping += 1
            assert row.id is not None
            timer = SettleAlert(row.id, row.times)
            await enqueue(self.session, timer, now=self.now, at=self.now + regroup)
            if own is not None:
                self.touched.append(own)
            if own is not None and not was:
                await (await self._scene(own)).record(storms.flapping_in(row, regroup))
            return True
        if where is Goes.GROUP or own is None:
            return False
        await self._joins(own, row)
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
            await self._scene(own)
            self.touched.append(own)

    async def _to_group(self, homeless: Sequence[tuple[Owned, Alert | None]]) -> None:
        """Join the open incident of their owner, or open one with the worst of them."""
        found = homeless[0][0][1]
        incident = await store.joinable(self.session, found.service or "", found.team)
        if incident is None:
            incident = await self._open(homeless)
            self.heard.opened += 1
            self.heard.joined += len(homeless) - 1
        else:
            self.heard.joined += len(homeless)
        assert incident.id is not None
        for (alert, _), row in homeless:
            if row is not None and row.incident_id != incident.id:
                await self._remember(row, incident)
            if row is None:
                row = Alert(
                    source=self.source,
                    fingerprint=alert.fingerprint,
                    incident_id=incident.id,
                    first_at=self.now,
                    last_at=self.now,
                    title=alert.title,
                    fired_at=[self.now.isoformat()],
                )
                self._write(row, alert)
            row.incident_id, row.group = incident.id, alerts.group_of(found, alert)
            row.said = False
            await self._joins(incident, row)

    async def _remember(self, row: Alert, now_in: Incident) -> None:
        """The incident that it fired in before is named, unless it is private."""
        earlier = await store.incident(self.session, row.incident_id)
        if earlier is not None and not earlier.private and now_in.id is not None and row.id is not None:
            self.before[row.id] = earlier.key

    async def _open(self, homeless: Sequence[tuple[Owned, Alert | None]]) -> Incident:
        alert, found = homeless[0][0]
        catalog, now = self.world.catalog, self.now
        team = catalog.teams.get(found.team)
        if team is None:
            raise Refused("No team of the catalog can be paged: add a [[team]] and what it owns.")
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
            catalog_id=await store.keep_catalog(self.session, catalog, now),
        )
        self.session.add(incident)
        await self.session.flush()
        rota = await rota_of(self.session, self.world, team.id)
        decision = incidents.started(incident, found, team, catalog, more="", rota=rota, now=now)
        await store.record(self.session, incident, decision, by=self.by, now=now)
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

    async def _joins(self, incident: Incident, row: Alert) -> None:
        s = await self._scene(incident)
        assert s.incident.id is not None
        self.touched.append(incident)
        self.session.add(row)
        self.fired.setdefault(s.incident.id, []).append(row)

    async def _wake(self) -> None:
        """What ended or was mitigated burns again and pages; what is open pages further only when it got worse."""
        for number, rows in self.fired.items():
            s = self.scenes[number]
            severity, decision = storms.worst([row.severity for row in rows]), Decision()
            if s.incident.is_over or storms.bleeds_again(
                s.incident, regroup=self.settings.regroup, now=self.now
            ):
                decision = storms.woken(
                    s.incident,
                    s.pages,
                    severity,
                    why=f"“{rows[0].title}” fires",
                    team=s.team,
                    catalog=s.catalog,
                    rota=await s.rota(),
                    now=self.now,
                )
            elif severity is not None and severity < s.incident.severity:
                decision = incidents.severity_changed(
                    s.incident,
                    s.pages,
                    severity,
                    team=s.team,
                    catalog=s.catalog,
                    rota=await s.rota(),
                    now=self.now,
                )
            if decision.events:
                await s.record(decision)

    def _write(self, row: Alert, alert: alerts.Alert) -> None:
        row.title, row.text, row.url = alert.title, alert.text, alert.url
        row.labels, row.severity = dict(alert.labels), alerts.severity_of(alert)
        row.began_at, row.last_at = alert.at or row.began_at, self.now
        self.session.add(row)


# ---- what is said of it ------------------------------------------------------------------------


async def _speak(s: Scene, before: Mapping[int, str]) -> None:
    """At once where the incident's alerts were quiet, else with whatever else comes within the pause."""
    assert s.incident.id is not None
    last = await store.last_line(s.session, s.incident.id, LINES)
    if last is None or s.now - last >= storms.PAUSE:
        await _say(s, before, leads=last is None)
    else:
        order = SayAlerts(s.incident.id, last.isoformat())
        await enqueue(s.session, order, now=s.now, at=last + storms.PAUSE)


async def _say(s: Scene, before: Mapping[int, str], *, leads: bool = False) -> None:
    assert s.incident.id is not None
    rows = await store.alerts_unsaid(s.session, s.incident.id)
    if not rows:
        return
    firing, flapping = await store.alerts_alive(s.session, s.incident.id)
    fired = [row for row in rows if row.firing]
    known = before.get(fired[0].id or 0, "") if len(fired) == 1 or (fired and leads) else ""
    decision = storms.fired_in(fired, leads=leads, before=known)
    over = [row for row in rows if not row.firing]
    decision += storms.over_in(over, firing=firing)
    for row in rows:
        row.said = True
        s.session.add(row)
    await s.record(decision)
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
        test=True,
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
