"""The readiness card: what a service has for a bad night, and what its team's own incidents have shown to be missing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.categories import Category
from bot.core.timeline import Name
from bot.models import Action, ActionState, Helped, Incident, Mitigation, Noticed, Service, SwitchUse, Team

LAST = 5
"""Incidents that the card looks back on."""

STALE = timedelta(days=90)
"""A switch that nobody has pulled for so long, in a drill or when it helped, is not known to work."""

SHIPPED = frozenset({Mitigation.ROLLBACK, Mitigation.DEPLOY, Mitigation.RESTART})
"""What a switch would have been quicker than."""

BY_PEOPLE = frozenset({Noticed.CUSTOMER, Noticed.COLLEAGUE, Noticed.LUCK})

NOISE, GAP = "logging-noise", "logging-gap"

WANTED = "no-switch:"
"""How the `source` of an item begins that somebody asked for with *No switch for this*."""


@dataclass(frozen=True)
class Fact:
    """One thing that is there. `url` is "" where there is nothing to follow."""

    label: str
    text: str
    url: str = ""


@dataclass(frozen=True)
class Gap:
    """Something that is missing: `about` in a word, `what` was seen, in which `incidents`, and how to close it."""

    about: str
    what: str
    close: str
    incidents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Card:
    """`on_call` are ids. `looked_at` counts the incidents that the figures are from."""

    service: Service
    team: Team
    on_call: tuple[str, ...]
    facts: tuple[Fact, ...]
    gaps: tuple[Gap, ...]
    looked_at: int


@dataclass(frozen=True)
class Known:
    """What the card is made of, all of it public. `incidents` are the service's, newest first, `uses` of its switches.

    `items` are its action items; `on_call` are ids.
    """

    service: Service
    team: Team
    on_call: tuple[str, ...]
    incidents: Sequence[Incident]
    uses: Sequence[SwitchUse]
    items: Sequence[Action]


def card(known: Known, categories: Sequence[Category], name: Name, now: datetime) -> Card:
    return Card(
        known.service,
        known.team,
        known.on_call,
        tuple(_facts(known, name)),
        tuple(_gaps(known, categories, now)),
        len(known.incidents[:LAST]),
    )


# ---- what is there -----------------------------------------------------------------------------


def _facts(known: Known, name: Name) -> Iterator[Fact]:
    service = known.service
    yield Fact("Owner", known.team.name)
    if known.on_call:
        yield Fact("On call", ", ".join(map(name, known.on_call)))
    if service.runbook:
        yield Fact("Runbook", "Runbook", service.runbook)
    yield from (Fact("Dashboard", link.name, link.url) for link in service.dashboards)
    yield from (Fact("Logs", link.name, link.url) for link in service.logs)
    for switch in service.switches:
        yield Fact("Switch", f"{switch.name} ({_history(switch.name, known)})", switch.url)
    for setting in service.config:
        how = f": {setting.how}" if setting.how else ""
        yield Fact("Runtime configuration", f"{setting.name}{how}", setting.url)
    yield from (Fact("Alert", link.name, link.url) for link in service.alerts)


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


def _newest(uses: Sequence[SwitchUse]) -> SwitchUse | None:
    return max(uses, key=lambda use: use.at, default=None)


def _of(name: str, known: Known) -> tuple[SwitchUse | None, SwitchUse | None]:
    """The last drill of a switch, and the last time that it was pulled in an incident."""
    uses = [use for use in known.uses if use.switch == name]
    drills, pulls = [u for u in uses if u.incident_id is None], [u for u in uses if u.incident_id is not None]
    return _newest(drills), _newest(pulls)


def _outcome(use: SwitchUse, worked: str, failed: str) -> str:
    return {Helped.YES: f", {worked}", Helped.NO: f", {failed}"}.get(use.helped, "")


def _history(name: str, known: Known) -> str:
    drill, pull = _of(name, known)
    drilled = (
        f"last drilled {_day(drill.at)}{_outcome(drill, 'it worked', 'it did not work')}"
        if drill
        else "never drilled"
    )
    pulled = (
        f"; pulled {_day(pull.at)} in INC-{pull.incident_id}{_outcome(pull, 'it helped', 'it did not help')}"
        if pull
        else ""
    )
    return drilled + pulled


# ---- what is missing ----------------------------------------------------------------------------


def _gaps(known: Known, categories: Sequence[Category], now: datetime) -> Iterator[Gap]:
    yield from _nobody(known)
    yield from _shown_by_incidents(known)
    yield from _evidence(known)
    yield from _switches(known, now)
    yield from _not_named(known)
    yield from _still_open(known, categories)


def _nobody(known: Known) -> Iterator[Gap]:
    if not known.on_call:
        team = known.team
        yield Gap(
            "On call",
            f"nobody is on call for {team.name} now",
            f"`/oncall schedule {team.id}` shows who is next",
        )


def _keys(incidents: Sequence[Incident]) -> tuple[str, ...]:
    return tuple(incident.key for incident in incidents)


def _shown_by_incidents(known: Known) -> Iterator[Gap]:
    """Figures from the last incidents, each saying from how many: no figure without incidents."""
    last, service = list(known.incidents[:LAST]), known.service
    with_switch = {use.incident_id for use in known.uses}
    stopped = [incident for incident in last if incident.mitigation_kind]
    shipped = [i for i in stopped if i.mitigation_kind in SHIPPED and i.id not in with_switch]
    if shipped:
        had = "no switch was pulled" if service.switches else "there is no switch"
        kinds = " or ".join(dict.fromkeys(str(incident.mitigation_kind) for incident in shipped))
        yield Gap(
            "Switches",
            f"{len(shipped)} of the last {len(stopped)} whose remedy is known needed a {kinds}: {had}",
            f"`/incident action {shipped[0].key} switches …` asks for one",
            _keys(shipped),
        )
    told = [incident for incident in last if incident.noticed]
    people = [incident for incident in told if incident.noticed in BY_PEOPLE]
    if people:
        who = " or ".join(
            dict.fromkeys(_FINDERS[incident.noticed] for incident in people if incident.noticed)
        )
        yield Gap(
            "Alerts",
            f"{len(people)} of the last {len(told)} whose finder is known were noticed by {who}, not by an alert",
            f"`/incident action {people[0].key} monitoring …` asks for an alert",
            _keys(people),
        )


_FINDERS: Mapping[Noticed, str] = {
    Noticed.CUSTOMER: "a customer",
    Noticed.COLLEAGUE: "a colleague",
    Noticed.LUCK: "luck",
}


def _counted(found: Sequence[object], what: str) -> str:
    return f"{len(found)} {what}" + ("" if len(found) == 1 else "s")


def _switches(known: Known, now: datetime) -> Iterator[Gap]:
    service = known.service
    for switch in service.switches:
        drill, pull = _of(switch.name, known)
        again = f"`/incident drill {service.id} {switch.name}` records a drill"
        proved = [use for use in known.uses if use.switch == switch.name and _proves(use)]
        last = _newest([use for use in (drill, pull) if use])
        if last is not None and last.helped is Helped.NO:
            where = (f"INC-{last.incident_id}",) if last.incident_id else ()
            how = "when it was pulled" if where else "in its last drill"
            yield Gap(
                "Switches", f"“{switch.name}” did not do its work {how} on {_day(last.at)}", again, where
            )
        elif not proved:
            yield Gap("Switches", f"“{switch.name}” was never drilled", again)
        else:
            newest = max(use.at for use in proved)
            if now - newest > STALE:
                days = (now - newest).days
                yield Gap("Switches", f"“{switch.name}” was last known to work {days} days ago", again)


def _proves(use: SwitchUse) -> bool:
    """A drill counts unless it failed; a pull in an incident only when it helped."""
    return use.helped is Helped.YES or (use.incident_id is None and use.helped is not Helped.NO)


def _not_named(known: Known) -> Iterator[Gap]:
    service = known.service
    lacks = (
        ("Runbook", "no runbook is named", bool(service.runbook), 'runbook = "https://…"'),
        ("Dashboards", "no dashboard is named", bool(service.dashboards), "dashboards = [{ name, url }]"),
        ("Logs", "nothing says where its logs are", bool(service.logs), "logs = [{ name, url }]"),
        (
            "Switches",
            "nothing is known that can be turned off without a deploy",
            bool(service.switches),
            "switches = [{ name, how, url }]",
        ),
        (
            "Runtime configuration",
            "nothing is known that can be changed at run time",
            bool(service.config),
            "config = [{ name, how, url }]",
        ),
        ("Alerts", "no alert is named", bool(service.alerts), "alerts = [{ name, url }]"),
    )
    for about, what, there, key in lacks:
        if not there:
            yield Gap(about, what, f"set `{key}` of the service in the catalog")


def _waiting(known: Known) -> list[Action]:
    return [item for item in known.items if item.state in {ActionState.OPEN, ActionState.CANDIDATE}]


def _of_incidents(items: Sequence[Action]) -> tuple[str, ...]:
    return tuple(f"INC-{n}" for n in sorted({item.incident_id for item in items}, reverse=True))


def _evidence(known: Known) -> Iterator[Gap]:
    for kind, what in (
        (GAP, "was marked as missing in logs or metrics"),
        (NOISE, "was marked as useless noise"),
    ):
        marked = [item for item in _waiting(known) if item.category_kind == kind and item.evidence]
        if marked:
            keys = _of_incidents(marked)
            yield Gap(
                "Logs",
                f"{_counted(marked, 'excerpt')} {what}",
                f"`/incident actions {keys[0]}` lists them",
                keys,
            )
    wanted = [item for item in _waiting(known) if item.source.startswith(WANTED)]
    if wanted:
        keys = _of_incidents(wanted)
        yield Gap("Switches", f"a switch was wanted in {_counted(keys, 'incident')} and there was none",
                  f"`/incident actions {keys[0]}` lists them", keys)  # fmt: skip


def _still_open(known: Known, categories: Sequence[Category]) -> Iterator[Gap]:
    """Items that an incident asked for and nobody has finished, by category; evidence and switches are told above."""
    labels = {category.id: category.label for category in categories}
    groups: dict[str, list[Action]] = {}
    for item in _waiting(known):
        told = item.source.startswith(WANTED) or (item.evidence and item.category_kind in {NOISE, GAP})
        if not told:
            groups.setdefault(item.category or item.suggested, []).append(item)
    for category in [*labels, *(id for id in groups if id not in labels)]:
        items = groups.get(category)
        if items:
            keys = _of_incidents(items)
            label = labels.get(category, category or "No category")
            yield Gap(
                label,
                f"{_counted(items, 'action item')} still open",
                f"`/incident actions {keys[0]}` lists them",
                keys,
            )


# ---- as text ---------------------------------------------------------------------------------


def gap_line(gap: Gap) -> str:
    """One line: what, which incidents showed it, and how to close it."""
    shown = gap.incidents[:LAST]
    more = f" and {len(gap.incidents) - len(shown)} more" if len(gap.incidents) > len(shown) else ""
    where = f" ({', '.join(shown)}{more})" if shown else ""
    return f"{gap.about}: {gap.what}{where}. {gap.close[0].upper() + gap.close[1:]}."


def as_lines(card: Card) -> list[str]:
    """The card for a terminal."""
    lines = [f"{card.service.id}: {card.service.name}" if card.service.name else card.service.id]
    lines += [f"  {fact.label}: {fact.text}" + (f"  {fact.url}" if fact.url else "") for fact in card.facts]
    lines.append(f"Missing ({_looked(card)}):" if card.gaps else f"Nothing is missing ({_looked(card)}).")
    return [*lines, *(f"  {gap_line(gap)}" for gap in card.gaps)]


def _looked(card: Card) -> str:
    return looked(card.looked_at)


def looked(count: int) -> str:
    """What the figures are from."""
    if not count:
        return "no public incident of it so far"
    return f"its last {'public incident' if count == 1 else f'{count} public incidents'}"
