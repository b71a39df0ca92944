"""Covers, swaps and requests for cover: what people are shown before anything is stored, and what may become of one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core import Refused, oncall, spans
from bot.core.oncall import Schedule
from bot.core.spans import Span
from bot.core.timeline import Name
from bot.models import Cover, CoverKind, CoverState, Team


@dataclass(frozen=True)
class Plan:
    """What somebody wants, not stored yet. `person` is "" for a request that the team is asked to take."""

    kind: CoverKind
    team: str
    person: str
    replaces: str
    start: datetime
    end: datetime

    def as_text(self) -> str:
        times = f"{self.start.isoformat()} {self.end.isoformat()}"
        return f"{self.kind} {self.team} {self.person or '-'} {self.replaces or '-'} {times}"

    @classmethod
    def from_text(cls, text: str) -> "Plan":
        kind, team, person, replaces, start, end = text.split()
        return cls(
            CoverKind(kind),
            team,
            "" if person == "-" else person,
            "" if replaces == "-" else replaces,
            datetime.fromisoformat(start),
            datetime.fromisoformat(end),
        )

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


def sentence(plan: Plan, team: Team, name: Name, when: str) -> str:
    """What it means, as everybody reads it: before it is stored, in notices and in the record."""
    if plan.kind is CoverKind.SHADOW:
        return f"{name(plan.person)} learns on call for {team.name}, {when}: reads the pages, answers for nothing"
    if not plan.person:
        return f"{name(plan.replaces)} looks for cover for {team.name}, {when}"
    if plan.kind is CoverKind.SWAP:
        return f"{name(plan.person)} takes over from {name(plan.replaces)} for {team.name}, {when}"
    return f"{name(plan.person)} covers {team.name}, {when}"


def during(schedule: Schedule, span: Span) -> list[str]:
    """Everyone who is on call at some time in `span`, in the order in which they come."""
    people = (person for s in oncall.final(schedule, span.start, span.end) for person in s.people)
    return list(dict.fromkeys(people))


def warnings(
    plan: Plan,
    team: Team,
    schedule: Schedule,
    known: Sequence[Cover],
    elsewhere: Sequence[tuple[Team, Schedule]],
    *,
    name: Name,
    zone: ZoneInfo,
    now: datetime,
) -> list[str]:
    """What one should know before confirming: overlaps, and people who are on call twice."""
    found = []
    for other in known:
        overlaps = other.start < plan.end and other.end > plan.start
        if other.state is CoverState.AGREED and overlaps and CoverKind.SHADOW not in {other.kind, plan.kind}:
            when = spans.spoken(Span(other.start, other.end), zone, now)
            stands = sentence(_plan(other), team, name, when)
            wins = "this one, being made later, counts where they overlap"
            found.append(f"It overlaps number {other.id} ({stands}): {wins}.")
    for other_team, other_schedule in elsewhere:
        if plan.person and plan.person in during(other_schedule, plan.span):
            found.append(f"{name(plan.person)} is on call for {other_team.name} as well at that time.")
    if plan.kind is CoverKind.COVER:
        people = during(schedule, plan.span)
        if people == [plan.person]:
            found.append(f"{name(plan.person)} is on call all that time already: it would change nothing.")
        gaps = [s for s in oncall.final(schedule, plan.start, plan.end) if not s.people]
        if gaps:
            found.append("For part of that time nobody is on call yet: it fills the gap.")
    return found


def _plan(cover: Cover) -> Plan:
    return Plan(cover.kind, cover.team, cover.person, cover.replaces, cover.start, cover.end)


def plan_of(cover: Cover) -> Plan:
    """What a stored cover says."""
    return _plan(cover)


def must_make_sense(plan: Plan, team: Team, schedule: Schedule, name: Name, now: datetime) -> None:
    """Raises Refused for what could have no effect at all."""
    if plan.end <= now:
        raise Refused("That time is over already: a cover can't change the past.")
    if plan.person and plan.person == plan.replaces:
        raise Refused(f"{name(plan.person)} can't stand in for themselves.")
    if plan.replaces and plan.replaces not in during(schedule, plan.span):
        then = ", ".join(map(name, during(schedule, plan.span))) or "nobody"
        raise Refused(
            f"{name(plan.replaces)} isn't on call for {team.name} then: {then} is. "
            f"`/oncall schedule {team.id}` shows the next four weeks."
        )


def from_now(plan: Plan, now: datetime) -> Plan:
    """What of it is still to come: who was on call until now was on call, and stays so in every answer."""
    return replace(plan, start=max(plan.start, now)) if plan.end > now else plan


def taken(request: Cover, taker: str, part: Span | None, now: datetime) -> tuple[Plan, list[Span]]:
    """What `taker` takes of a request (all of it where `part` is None), and the spans that remain to be taken.

    Raises Refused when the part lies outside.
    """
    whole = from_now(_plan(request), now).span
    wanted = whole if part is None else Span(max(part.start, whole.start), min(part.end, whole.end))
    if wanted.end <= wanted.start:
        raise Refused("That lies outside the time that cover is looked for.")
    left = [Span(whole.start, wanted.start), Span(wanted.end, whole.end)]
    plan = replace(_plan(request), person=taker, start=wanted.start, end=wanted.end)
    return plan, [span for span in left if span.end > span.start]
