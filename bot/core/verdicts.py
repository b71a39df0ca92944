"""What earlier incidents say about one: how they are told, what people's word on them means, and which item counts.

Resembling is told, never asserted; a person says whether the cause was the same, and only that counts anywhere.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core import Refused
from bot.core.decision import Decision
from bot.core.incidents import shown
from bot.core.jobs import Order, RedrawHeadline, RedrawQuestions
from bot.core.timeline import CameBack, Event, RecurrenceConfirmed, RecurrenceDenied, Resolved
from bot.models import Action, ActionState, Incident, Recurrence, Status

SHOWN = 3
"""Earlier incidents that people are asked about at once."""

LINE = 160
"""Characters of a cause in a line."""

TELLING = frozenset({"resolved", "cause_said", "postmortem_written", "owner_changed"})
"""Kinds of events after which more is known of what an incident resembles."""

_TIMES = {2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth", 7: "seventh", 8: "eighth", 9: "ninth"}
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"'(])")


def asks_again(event: Event) -> bool:
    """Whether the event says more of why: then earlier incidents are looked for once more."""
    return event.kind in TELLING and event != Resolved("")


@dataclass(frozen=True)
class Past:
    """An earlier incident as it is told: its cause in one line, "" where nobody wrote one, and its action items."""

    incident: Incident
    cause: str
    items: Sequence[Action]


def one_line(*texts: str) -> str:
    """The first of `texts` that says anything: its first sentence, in one line and without its full stop."""
    for text in texts:
        line = " ".join(text.split())
        if line:
            first = _SENTENCE.split(line, maxsplit=1)[0].rstrip(".")
            return first if len(first) <= LINE else first[: LINE - 1] + "…"
    return ""


def month(at: datetime, now: datetime) -> str:
    """`in March`, `on 3 November` of this month, `in March 2024` where the year isn't clear."""
    if (at.year, at.month) == (now.year, now.month):
        return "today" if at.date() == now.date() else f"on {at.day} {at:%B}"
    return f"in {at:%B}" if now - at < timedelta(days=330) else f"in {at:%B %Y}"


def times(count: int) -> str:
    """`third time`; `count` includes this one."""
    if count in _TIMES:
        return f"{_TIMES[count]} time"
    ending = {1: "st", 2: "nd", 3: "rd"}.get(count % 10 if count % 100 not in (11, 12, 13) else 0, "th")
    return f"{count}{ending} time"


# ---- the item that counts ------------------------------------------------------------------------


def called(item: Action) -> str:
    """`PAY-12 (switches)`; by its title where it stands in no Jira."""
    title = " ".join(item.title.split())
    name = item.jira or f"“{title if len(title) <= 60 else title[:59] + '…'}”"
    category = item.category or item.suggested
    return f"{name} ({category})" if category else name


@dataclass(frozen=True)
class Standing:
    """What earlier items were worth. `open`: those still to be done, the oldest first; `held`: the one that was done
    before it broke again, and so should have prevented it; `text` is "" where there was no item at all."""

    text: str
    open: Sequence[Action] = ()
    held: Action | None = None


def standing(
    items: Sequence[Action], broke: datetime, now: datetime, reopened: Collection[str] = ()
) -> Standing:
    """`items` of the earlier incidents; `broke` is when it began again, `reopened` what was opened again by that."""
    real = sorted(
        (item for item in items if item.state is not ActionState.CANDIDATE),
        key=lambda i: (i.created_at, i.id),
    )
    back = [item for item in real if item.id in reopened]
    if back:
        since = "it is open again" if back[-1].state is ActionState.OPEN else "it was opened again"
        return Standing(f"{called(back[-1])} had been done and should have prevented this; {since}")
    still = [item for item in real if item.state is ActionState.OPEN]
    if still:
        names = " and ".join(map(called, still[:2]))
        more = f" (and {len(still) - 2} more)" if len(still) > 2 else ""
        verb = "are" if len(still) > 1 else "is"
        return Standing(f"{names}{more} {verb} still open", still)
    closed = sorted((i for i in real if i.closed_at is not None), key=lambda i: (i.closed_at or now, i.id))
    before = [item for item in closed if item.closed_at and item.closed_at <= broke]
    held = [item for item in before if item.state is ActionState.DONE]
    if held:
        last = held[-1]
        assert last.closed_at is not None
        when = month(last.closed_at, now)
        return Standing(f"{called(last)} was closed {when} and should have prevented this", held=last)
    if before:
        last = before[-1]
        why = f": {one_line(last.closed_why)}" if last.closed_why else ""
        return Standing(f"{called(last)} was not done{why}")
    if closed:
        return Standing(f"{called(closed[0])} was closed only after this began")
    return Standing("")


def told(row: Recurrence, past: Past, incident: Incident, now: datetime) -> str:
    """One line on one candidate; text alone never asserts more than that it is similar."""
    old = past.incident
    when = month(old.declared_at, now)
    by = "The same alert fired in" if row.how == "alert" else "Similar to"
    cause = past.cause or f"“{one_line(old.title)}”, whose cause nobody wrote down"
    found = standing(past.items, incident.declared_at, now, {row.held})
    items = found.text or ("no action item came of it" if old.is_over else "")
    return f"{by} {old.key} {when}: {cause}." + (f" {items[0].upper()}{items[1:]}." if items else "")


def verdict(count: int, found: Standing) -> str:
    """`third time; PAY-12 (switches) is still open`."""
    return "; ".join(filter(None, [times(count), found.text or "no action item came of it before"]))


# ---- what people say -----------------------------------------------------------------------------


def must_be_earlier(incident: Incident, earlier: Incident) -> None:
    """Raises Refused where one can't be a recurrence of the other, with what to type instead."""
    if incident.id == earlier.id:
        raise Refused(f"{incident.key} can't come back as itself: name the earlier incident.")
    if (earlier.declared_at, earlier.id or 0) > (incident.declared_at, incident.id or 0):
        raise Refused(
            f"{earlier.key} began after {incident.key}: `/incident same {earlier.key} {incident.key}` says that it came back."
        )
    for one in (incident, earlier):
        if one.test:
            raise Refused(f"{one.key} is a test, which counts nowhere.")
        if one.private:
            raise Refused(f"{one.key} is private: what everybody can read can't refer to it.")
        if one.status is Status.DUPLICATE:
            raise Refused(f"{one.key} is a duplicate of INC-{one.duplicate_of}: name that one.")
        if one.status is Status.CANCELLED:
            raise Refused(f"{one.key} was cancelled: it had no cause.")


def confirmed(
    incident: Incident, earlier: Incident, *, count: int, found: Standing
) -> tuple[Decision, Decision]:
    """What the two incidents say of it."""
    words = verdict(count, found)
    mine, theirs = RecurrenceConfirmed(earlier.key, words), CameBack(incident.key, words)
    return _said(incident, mine), _said(earlier, theirs)


def taken_back(incident: Incident, earlier: Incident) -> tuple[Decision, Decision]:
    """Only what was confirmed leaves a line: that a guess was wrong is no event of either incident."""
    return _said(incident, RecurrenceDenied(earlier.key)), _said(earlier, RecurrenceDenied(incident.key))


def _said(incident: Incident, event: Event) -> Decision:
    assert incident.id is not None
    # An old incident's topic and announcement say nothing of this.
    redraw: tuple[Order, ...] = (
        (RedrawHeadline(incident.id, incident.revision + 1),) if incident.is_over else shown(incident)
    )
    return Decision(events=(event,), spoken=() if incident.archived_at else (event,), jobs=redraw)


def forgotten(incident: Incident) -> Decision:
    """Another one that it named became private: what is shown of this one is drawn anew."""
    assert incident.id is not None
    jobs = (RedrawHeadline(incident.id, incident.revision + 1), RedrawQuestions(incident.id))
    return Decision(sets={"revision": incident.revision}, jobs=jobs)


def evidence(incident: Incident, earlier: Incident, *, cause: str, count: int, by: str, link: str) -> str:
    """What the item's issue is told."""
    began = f"{incident.declared_at:%Y-%m-%d %H:%M} UTC"
    old = f"{earlier.declared_at:%Y-%m-%d}"
    why = f" Cause: {cause}." if cause else ""
    where = f" {link}" if link else ""
    return (
        f"It broke again ({times(count)}): {incident.key} “{one_line(incident.title)}”, {incident.severity}, "
        f"began {began}, with the same cause as {earlier.key} of {old}, says {by}.{why}{where}"
    )


def no_evidence(incident: Incident, earlier: Incident, *, by: str) -> str:
    """What the item's issue is told when that is taken back."""
    return f"{incident.key} does not have the same cause as {earlier.key} after all, says {by}."
