"""Who is woken: the steps of an escalation, their targets, and what follows when one fires or is answered."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.core import Refused, oncall, versions
from bot.core.decision import Answered, Asked, Decision
from bot.core.jobs import (
    AskOwner,
    CheckIn,
    Escalate,
    LapsePage,
    Later,
    NotifyPerson,
    Order,
    PageOn,
    PagePerson,
    RedrawPage,
    TellTeam,
)
from bot.core.oncall import Schedule
from bot.core.timeline import (
    AcknowledgementLapsed,
    NobodyAnswered,
    NobodyOnCall,
    PageCancelled,
    PageDeferred,
    PageRequested,
    PageUnanswered,
    SilenceNoticed,
    StepSkipped,
)
from bot.models import (
    Catalog,
    Incident,
    Page,
    PageState,
    Policy,
    Secondment,
    Severity,
    Status,
    Step,
    Team,
    TeamKind,
)

Rota = Callable[[Team], Schedule]
"""A team's schedule with the covers and swaps in force."""

OPEN = frozenset({PageState.WAITING, PageState.SENT})
LOOK_BACK = timedelta(days=60)

WAITS_FOR_HOURS = -1
"""The `step` of an escalation whose first step has not fired yet."""


BEFORE = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=4096)
def _parsed(schedule: str, stays: tuple[Secondment, ...]) -> Schedule:
    return versions.in_force(versions.planned(None, json.loads(schedule), stays, BEFORE))


def written(team: Team) -> Schedule:
    """The team's schedule as its catalog entry has it, secondments included: no edit, cover or swap is known to it."""
    return _parsed(team.schedule, team.secondments)


@dataclass(frozen=True)
class Target:
    """`person` is a catalog id or `#channel`."""

    person: str
    why: str


def spoken(length: timedelta, *, in_hours: bool = False) -> str:
    """`5 min`, `90 s`, `2 h`, `1 h 30 min`, `8 days`: as people say it. `in_hours`: never in days, to be compared."""
    seconds = int(length.total_seconds())
    if length.days > 2 and not in_hours:
        return f"{length.days} days"
    if seconds < 60 or (seconds < 120 and seconds % 60):
        return f"{seconds} s"
    minutes, hours = seconds // 60 % 60, seconds // 3600
    return " ".join(filter(None, [f"{hours} h" if hours else "", f"{minutes} min" if minutes else ""]))


def policy(team: Team, severity: Severity) -> Policy:
    """How the team is paged for `severity`: the first policy that names it, with the team's own where it is silent."""
    own = Policy((severity,), team.escalation, team.repeat)
    found = next((one for one in team.policies if severity in one.severities), own)
    return Policy(
        (severity,),
        found.escalation or own.escalation,
        own.repeat if found.repeat is None else found.repeat,
        found.hours,
    )


def rounds(team: Team, severity: Severity) -> tuple[Step, ...]:
    """Every step in the order of firing: the first round and its repeats, one after another."""
    found = policy(team, severity)
    return found.escalation * (1 + (found.repeat or 0))


@lru_cache(maxsize=256)
def _hours(tz: str, windows: str) -> Schedule:
    day = {"kind": "daily", "length": 1, "handoff": "00:00", "start": "1970-01-01T00:00"}
    layer = {"rotation": day, "participants": ["open"], "restrictions": json.loads(windows)}
    return Schedule.parse({"tz": tz, "layers": [layer]})


def opens(team: Team, severity: Severity, now: datetime) -> datetime | None:
    """When the team may be paged for `severity`, if not now; None when it may."""
    windows = policy(team, severity).hours
    if not windows:
        return None
    hours = _hours(team.timezone, windows)
    change = None if oncall.who(hours, now) else oncall.next_change(hours, now)
    return change[0] if change else None


def on_call(team: Team, rota: Rota, now: datetime) -> list[str]:
    return oncall.who(rota(team), now)


def _one(target: str, team: Team, catalog: Catalog, rota: Rota, now: datetime) -> Iterator[Target]:
    if target == "oncall":
        yield from (Target(person, f"on call for {team.name}") for person in on_call(team, rota, now))
    elif target == "next":
        change = oncall.next_change(rota(team), now)
        people = change[1] if change else []
        yield from (Target(person, f"next on call for {team.name}") for person in people)
    elif target == "team":
        yield from (Target(person, f"member of {team.name}") for person in team.members)
    elif target == "fallback":
        yield from [Target(team.fallback, f"fallback of {team.name}")] if team.fallback else []
    elif target == "channel":
        yield from [Target(f"#{team.channel}", f"channel of {team.name}")] if team.channel else []
    elif target.startswith("team:"):
        other = catalog.teams.get(target.removeprefix("team:"))
        if other and other.kind is not TeamKind.GUIDE:
            yield from _one("oncall", other, catalog, rota, now)
    elif target.startswith("@"):
        yield Target(target[1:], f"in the escalation of {team.name}")


def targets(step: Step, team: Team, catalog: Catalog, rota: Rota, now: datetime) -> list[Target]:
    """Everyone the step wakes at `now`, nobody twice, people who left the catalog left out."""
    found = (who for target in step.targets for who in _one(target, team, catalog, rota, now))
    known = (who for who in found if who.person.startswith("#") or who.person in catalog.people)
    return list({who.person: who for who in reversed(list(known))}.values())[::-1]


def woken(incident: Incident, people: Sequence[Target], catalog: Catalog) -> list[Target]:
    """A test wakes nobody but whoever declared it, and tells them who would have been."""
    if not incident.test or not people:
        return list(people)
    called = [
        catalog.people[who.person].called if who.person in catalog.people else who.person for who in people
    ]
    return [Target(incident.declared_by, f"a test; it would wake {', '.join(called)}")]


def called_out(incident: Incident, team: Team, pages: Sequence[Page]) -> bool:
    """Whether the team's channel was asked for somebody: whoever of the team takes it then may be told what it is."""
    if incident.owner or incident.is_over:
        return False
    exhausted = incident.step >= len(rounds(team, incident.severity))
    return (
        exhausted
        or incident.step == WAITS_FOR_HOURS
        or any(page.person.startswith("#") and page.run == incident.run for page in pages)
    )


def _called(incident: Incident) -> str:
    """The incident as a whole channel may read of it."""
    if incident.private:
        return f"A private incident ({incident.key}, {incident.severity})"
    return f"{incident.key} “{incident.title}” ({incident.severity})"


def newest(pages: Sequence[Page], person: str) -> Page | None:
    mine = [page for page in pages if page.person == person]
    return max(mine, key=lambda page: page.number, default=None)


def redrawn(page: Page) -> tuple[Order, ...]:
    """A page that reached nobody has nothing to redraw."""
    return (RedrawPage(page.incident_id, page.number),) if page.state is not PageState.WAITING else ()


def cancelled(pages: Sequence[Page], why: str) -> Decision:
    """Every page in `pages` that is still open is cancelled, and says so in the timeline and in Slack."""
    still = [page for page in pages if page.state in OPEN]
    return Decision(
        events=tuple(PageCancelled(page.person, why) for page in still),
        pages=tuple(Answered(page.number, PageState.CANCELLED, why) for page in still),
        jobs=tuple(order for page in still for order in redrawn(page)),
    )


def _unanswered(incident: Incident, pages: Sequence[Page], now: datetime) -> Decision:
    late = [p for p in pages if p.run == incident.run and not p.by_hand and p.state is PageState.SENT]
    waited = {p.number: spoken(now - (p.sent_at or p.created_at)) for p in late}
    events = tuple(PageUnanswered(p.person, waited[p.number]) for p in late)
    return Decision(
        events=events,
        pages=tuple(
            Answered(p.number, PageState.UNANSWERED, f"no answer for {waited[p.number]}") for p in late
        ),
        jobs=tuple(order for p in late for order in redrawn(p)),
        spoken=events,
    )


def asked(
    incident: Incident,
    pages: Sequence[Page],
    people: Sequence[Target],
    catalog: Catalog,
    *,
    step: int,
    now: datetime,
    by_hand: bool = False,
    run: int | None = None,
) -> Decision:
    """Page everyone in `people` at once, in Slack and by each way of theirs as soon as it is due."""
    assert incident.id is not None
    first = max((page.number for page in pages), default=0) + 1
    which = incident.run if run is None else run
    new = tuple(Asked(first + n, who.person, who.why, which, step, by_hand) for n, who in enumerate(people))
    return Decision(
        events=tuple(PageRequested(page.person, page.why) for page in new),
        pages=new,
        jobs=(
            *(PagePerson(incident.id, page.number) for page in new),
            *(order for page in new for order in _ways(incident.id, page, catalog, now)),
        ),
    )


def _ways(incident: int, page: Asked, catalog: Catalog, now: datetime) -> Iterator[Order | Later]:
    person = catalog.people.get(page.person)
    for number, way in enumerate(person.notify if person else ()):
        order = NotifyPerson(incident, page.number, number)
        yield Later(order, now + way.after) if way.after else order


def fired(
    incident: Incident,
    team: Team,
    catalog: Catalog,
    pages: Sequence[Page],
    *,
    step: int,
    rota: Rota,
    now: datetime,
    run: int | None = None,
    late: bool = False,
    first: Sequence[Target] = (),
) -> Decision:
    """Step `step` of the run fires (0 is the first): its people are paged, and the timer for the next is set.

    `first`: those who are paged in place of that step's own.

    `late`: the wait is over, so whoever was asked and is silent counts as unanswered. A step without anybody
    is skipped at once. After the last one the end is announced; where no step had anybody, the fallback is
    paged or the channel is told loudly. A new `run` starts the escalation afresh; where the severity wakes nobody
    at this hour, its first step waits for the hour that does.
    """
    assert incident.id is not None
    which = incident.run if run is None else run
    opening = opens(team, incident.severity, now) if run is not None else None
    if opening is not None:
        return _deferred(incident, team, which, opening)
    before = _unanswered(incident, pages, now) if late else Decision()
    plan, skipped = rounds(team, incident.severity), Decision()
    size = len(policy(team, incident.severity).escalation)
    for index in range(step, min(len(plan), step + size)):
        own = first if index == step and first else targets(plan[index], team, catalog, rota, now)
        people = woken(incident, own, catalog)
        if people:
            timer = Later(Escalate(incident.id, which, index + 1), now + plan[index].wait)
            paged = asked(incident, pages, people, catalog, step=index, now=now, run=which)
            return before + skipped + paged + Decision(jobs=(timer,), sets={"run": which, "step": index})
        number = index % size + 1
        skipped += Decision(events=(StepSkipped(number, list(plan[index].targets)),))
    ran_before = any(page.run == which and not page.by_hand for page in pages)
    at_end = Decision(sets={"run": which, "step": len(plan)})
    if ran_before:
        return before + skipped + at_end + _exhausted(incident, team, which, now)
    return before + skipped + at_end + _nobody(incident, team, catalog, pages, which, rota, now)


def _deferred(incident: Incident, team: Team, run: int, opening: datetime) -> Decision:
    assert incident.id is not None
    until = f"{opening.astimezone(ZoneInfo(team.timezone)):%a %d %b %H:%M %Z}"
    event = PageDeferred(team.name, incident.severity, until)
    text = (
        f"{_called(incident)} waits: nobody is woken for it before {until}. "
        f"`/incident ack {incident.key}` takes it, `/incident escalate {incident.key}` pages now."
    )
    tell = _tells(incident, team, text, f"{incident.id}:{run}:deferred", loud=False)
    timer = Later(Escalate(incident.id, run, 0), opening)
    return Decision(
        events=(event,), spoken=(event,), jobs=(*tell, timer), sets={"run": run, "step": WAITS_FOR_HOURS}
    )


def _tells(
    incident: Incident, team: Team, text: str, about: str, *, loud: bool = True
) -> tuple[TellTeam, ...]:
    """A test alarms nobody."""
    assert incident.id is not None
    return () if incident.test else (TellTeam(team.id, text, incident.id, about, loud),)


def _exhausted(incident: Incident, team: Team, run: int, now: datetime) -> Decision:
    assert incident.id is not None
    event = NobodyAnswered(team.name, 1 + (policy(team, incident.severity).repeat or 0))
    text = (
        f"{_called(incident)}: nobody in the escalation of {team.name} has answered. "
        f"Whoever reads this: type `/incident ack {incident.key}` to take it."
    )
    tell = _tells(incident, team, text, f"{incident.id}:{run}:unanswered")
    return Decision(events=(event,), jobs=tell, spoken=(event,))


def _nobody(
    incident: Incident,
    team: Team,
    catalog: Catalog,
    pages: Sequence[Page],
    run: int,
    rota: Rota,
    now: datetime,
) -> Decision:
    assert incident.id is not None
    schedule, step = rota(team), len(rounds(team, incident.severity))
    past = [s for s in oncall.final(schedule, now - LOOK_BACK, now) if s.people]
    change = oncall.next_change(schedule, now)

    def called(people: Sequence[str]) -> str:
        return ", ".join(catalog.people[p].called if p in catalog.people else p for p in people)

    last, after = called(past[-1].people) if past else "", called(change[1]) if change else ""
    event = NobodyOnCall(team.name, team.fallback, last, after)
    text = (
        f"{_called(incident)}: nobody is on call for {team.name}"
        + (f"; last was {last}" if last else "")
        + (f"; next is {after}" if after else "")
        + f". Whoever reads this: type `/incident ack {incident.key}` to take it."
    )
    tell = _tells(incident, team, text, f"{incident.id}:{run}:nobody")
    decision = Decision(events=(event,), jobs=tell, spoken=(event,))
    if not team.fallback:
        return decision
    steps = policy(team, incident.severity).escalation
    wait = steps[-1].wait if steps else timedelta(minutes=5)
    fallback = woken(incident, [Target(team.fallback, f"fallback of {team.name}")], catalog)
    paged = asked(incident, pages, fallback, catalog, step=step, now=now, run=run)
    return decision + paged + Decision(jobs=(Later(Escalate(incident.id, run, step + 1), now + wait),))


def timed_out(
    incident: Incident,
    team: Team,
    catalog: Catalog,
    pages: Sequence[Page],
    *,
    run: int,
    step: int,
    rota: Rota,
    now: datetime,
) -> Decision:
    """The timer of `step` in `run`: asks the rows, so that a late or repeated timer pages nobody."""
    if incident.is_over or incident.owner or run != incident.run or step <= incident.step:
        return Decision()
    if step > len(rounds(team, incident.severity)):
        return (
            _unanswered(incident, pages, now)
            + Decision(sets={"step": step})
            + _exhausted(incident, team, run, now)
        )
    return fired(incident, team, catalog, pages, step=step, rota=rota, now=now, late=True)


def by_hand(
    incident: Incident,
    pages: Sequence[Page],
    people: Sequence[Target],
    catalog: Catalog,
    *,
    wait: timedelta,
    now: datetime,
) -> Decision:
    """Wake `people` beside the escalation; whoever is being paged already is not paged twice.

    Raises Refused when everyone in `people` is being paged already or has it.
    """
    assert incident.id is not None
    if incident.test and any(who.person != incident.declared_by for who in people):
        raise Refused(f"{incident.key} is a test: it wakes nobody but whoever declared it.")
    busy = {p.person for p in pages if p.state in OPEN} | ({incident.owner} if incident.owner else set())
    new = [who for who in people if who.person not in busy]
    if not new:
        raise Refused(f"Everyone you named is being paged for {incident.key} already or has it.")
    paged = asked(incident, pages, new, catalog, step=-1, now=now, by_hand=True)
    timers = tuple(Later(LapsePage(incident.id, page.number), now + wait) for page in paged.pages)
    return paged + Decision(jobs=timers)


def lapsed(page: Page, now: datetime) -> Decision:
    """The timer of a page asked for by hand: it ends as unanswered, said in the channel."""
    if page.state is not PageState.SENT:
        return Decision()
    event = PageUnanswered(page.person, spoken(now - (page.sent_at or page.created_at)))
    return Decision(
        events=(event,),
        pages=(Answered(page.number, PageState.UNANSWERED, "no answer"),),
        jobs=redrawn(page),
        spoken=(event,),
    )


# ---- an acknowledgement that goes silent -------------------------------------------------------------


def check_in(incident: Incident, lapse: timedelta | None, since: datetime) -> tuple[Later, ...]:
    """The timer that notices when whoever has it gives no sign of life for `lapse`; none for the mildest severity."""
    assert incident.id is not None
    if lapse is None or incident.severity is Severity.SEV4:
        return ()
    due = since + lapse
    return (Later(CheckIn(incident.id, incident.run, due.isoformat()), due),)


def checked_in(
    incident: Incident, run: int, last: datetime, *, lapse: timedelta | None, wait: timedelta, now: datetime
) -> Decision:
    """The timer of an acknowledgement. `last` is its owner's last sign of life; `wait` is how long they may answer."""
    assert incident.id is not None
    if incident.is_over or not incident.owner or run != incident.run or lapse is None:
        return Decision()
    if incident.status is Status.MITIGATED:
        return Decision(jobs=check_in(incident, lapse, now))
    if last + lapse > now:
        return Decision(jobs=check_in(incident, lapse, last))
    event, asked = SilenceNoticed(incident.owner, spoken(now - last)), now.isoformat()
    return Decision(
        events=(event,),
        spoken=(event,),
        jobs=(
            AskOwner(incident.id, incident.owner, asked),
            Later(PageOn(incident.id, run, asked), now + wait),
        ),
    )


def paged_on(
    incident: Incident,
    pages: Sequence[Page],
    run: int,
    asked_at: datetime,
    last: datetime,
    *,
    team: Team,
    catalog: Catalog,
    rota: Rota,
    lapse: timedelta | None,
    now: datetime,
) -> Decision:
    """The timer of the question. Whoever gave no sign of life since `asked_at` has it no longer."""
    if incident.is_over or not incident.owner or run != incident.run:
        return Decision()
    if last > asked_at or incident.status is Status.MITIGATED:
        return Decision(jobs=check_in(incident, lapse, max(last, asked_at)))
    event = AcknowledgementLapsed(incident.owner)
    mine = newest(pages, incident.owner)
    held = mine is not None and mine.state is PageState.ACKNOWLEDGED
    lost = Decision(
        events=(event,),
        spoken=(event,),
        sets={"owner": ""},
        pages=(Answered(mine.number, PageState.UNANSWERED, "silent since"),) if mine and held else (),
        jobs=redrawn(mine) if mine and held else (),
    )
    return lost + fired(incident, team, catalog, pages, step=0, rota=rota, now=now, run=run + 1)
