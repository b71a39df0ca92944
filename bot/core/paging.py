"""Who is woken: the steps of an escalation, their targets, and what follows when one fires or is answered."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from bot.core import Refused, oncall
from bot.core.decision import Answered, Asked, Decision
from bot.core.jobs import Escalate, LapsePage, Later, Order, PagePerson, RedrawPage, TellTeam
from bot.core.oncall import Schedule
from bot.core.timeline import (
    NobodyAnswered,
    NobodyOnCall,
    PageCancelled,
    PageRequested,
    PageUnanswered,
    StepSkipped,
)
from bot.models import Catalog, Incident, Page, PageState, Step, Team, TeamKind

Rota = Callable[[Team], Schedule]
"""A team's schedule with the covers and swaps in force."""

OPEN = frozenset({PageState.WAITING, PageState.SENT})
LOOK_BACK = timedelta(days=60)


@lru_cache(maxsize=4096)
def _parsed(schedule: str) -> Schedule:
    return Schedule.parse(json.loads(schedule))


def written(team: Team) -> Schedule:
    """The team's schedule as its catalog entry has it."""
    return _parsed(team.schedule)


@dataclass(frozen=True)
class Target:
    """`person` is a catalog id or `#channel`."""

    person: str
    why: str


def spoken(length: timedelta) -> str:
    """`5 min`, `90 s`, `2 h`, `1 h 30 min`: as people say it."""
    seconds = int(length.total_seconds())
    if seconds < 60 or (seconds < 120 and seconds % 60):
        return f"{seconds} s"
    minutes, hours = seconds // 60 % 60, seconds // 3600
    return " ".join(filter(None, [f"{hours} h" if hours else "", f"{minutes} min" if minutes else ""]))


def rounds(team: Team) -> tuple[Step, ...]:
    """Every step in the order of firing: the first round and its repeats, one after another."""
    return team.escalation * (1 + team.repeat)


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
    *,
    step: int,
    by_hand: bool = False,
    run: int | None = None,
) -> Decision:
    """Page everyone in `people` at once."""
    assert incident.id is not None
    first = max((page.number for page in pages), default=0) + 1
    which = incident.run if run is None else run
    new = tuple(Asked(first + n, who.person, who.why, which, step, by_hand) for n, who in enumerate(people))
    return Decision(
        events=tuple(PageRequested(page.person, page.why) for page in new),
        pages=new,
        jobs=tuple(PagePerson(incident.id, page.number) for page in new),
    )


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
) -> Decision:
    """Step `step` of the run fires (0 is the first): its people are paged, and the timer for the next is set.

    `late`: the wait is over, so whoever was asked and is silent counts as unanswered. A step without anybody
    is skipped at once. After the last one the end is announced; where no step had anybody, the fallback is
    paged or the channel is told loudly. A new `run` starts the escalation afresh.
    """
    assert incident.id is not None
    which = incident.run if run is None else run
    before = _unanswered(incident, pages, now) if late else Decision()
    plan, skipped = rounds(team), Decision()
    for index in range(step, min(len(plan), step + len(team.escalation))):
        people = targets(plan[index], team, catalog, rota, now)
        if people:
            timer = Later(Escalate(incident.id, which, index + 1), now + plan[index].wait)
            paged = asked(incident, pages, people, step=index, run=which)
            return before + skipped + paged + Decision(jobs=(timer,), sets={"run": which, "step": index})
        number = index % len(team.escalation) + 1
        skipped += Decision(events=(StepSkipped(number, list(plan[index].targets)),))
    ran_before = any(page.run == which and not page.by_hand for page in pages)
    at_end = Decision(sets={"run": which, "step": len(plan)})
    if ran_before:
        return before + skipped + at_end + _exhausted(incident, team, which, now)
    return before + skipped + at_end + _nobody(incident, team, catalog, pages, which, rota, now)


def _exhausted(incident: Incident, team: Team, run: int, now: datetime) -> Decision:
    assert incident.id is not None
    event = NobodyAnswered(team.name, 1 + team.repeat)
    text = (
        f"{incident.key} “{incident.title}” ({incident.severity}): nobody in the escalation of {team.name} has answered. "
        f"Whoever reads this: type `/incident ack {incident.key}` to take it."
    )
    tell = TellTeam(team.id, text, incident.id, f"{incident.id}:{run}:unanswered")
    return Decision(events=(event,), jobs=(tell,), spoken=(event,))


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
    schedule, step = rota(team), len(rounds(team))
    past = [s for s in oncall.final(schedule, now - LOOK_BACK, now) if s.people]
    change = oncall.next_change(schedule, now)

    def called(people: Sequence[str]) -> str:
        return ", ".join(catalog.people[p].called if p in catalog.people else p for p in people)

    last, after = called(past[-1].people) if past else "", called(change[1]) if change else ""
    event = NobodyOnCall(team.name, team.fallback, last, after)
    text = (
        f"{incident.key} “{incident.title}” ({incident.severity}): nobody is on call for {team.name}"
        + (f"; last was {last}" if last else "")
        + (f"; next is {after}" if after else "")
        + f". Whoever reads this: type `/incident ack {incident.key}` to take it."
    )
    tell = TellTeam(team.id, text, incident.id, f"{incident.id}:{run}:nobody")
    decision = Decision(events=(event,), jobs=(tell,), spoken=(event,))
    if not team.fallback:
        return decision
    wait = team.escalation[-1].wait if team.escalation else timedelta(minutes=5)
    paged = asked(incident, pages, [Target(team.fallback, f"fallback of {team.name}")], step=step, run=run)
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
    if step > len(rounds(team)):
        return (
            _unanswered(incident, pages, now)
            + Decision(sets={"step": step})
            + _exhausted(incident, team, run, now)
        )
    return fired(incident, team, catalog, pages, step=step, rota=rota, now=now, late=True)


def by_hand(
    incident: Incident, pages: Sequence[Page], people: Sequence[Target], *, wait: timedelta, now: datetime
) -> Decision:
    """Wake `people` beside the escalation; whoever is being paged already is not paged twice.

    Raises Refused when everyone in `people` is being paged already or has it.
    """
    assert incident.id is not None
    busy = {p.person for p in pages if p.state in OPEN} | ({incident.owner} if incident.owner else set())
    new = [who for who in people if who.person not in busy]
    if not new:
        raise Refused(f"Everyone you named is being paged for {incident.key} already or has it.")
    paged = asked(incident, pages, new, step=-1, by_hand=True)
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
