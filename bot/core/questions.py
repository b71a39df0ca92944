"""What is asked when an incident is over: what stopped it, what that took, who noticed first; and the cause in a line."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.core import Refused
from bot.core.decision import Decision
from bot.core.incidents import shown
from bot.core.timeline import (
    NOTICED,
    STOPPED,
    TOOK,
    CauseSaid,
    Event,
    NoticedSaid,
    StoppedSaid,
    TookSaid,
)
from bot.models import Incident, Mitigation, Noticed, Status, Took

MORNING = time(9, 0)
"""When a working day begins, on each person's own clock."""

CAUSE_LIMIT = 300
"""Characters of a cause: one sentence, which is compared with those of other incidents."""


class Question(StrEnum):
    """In the order in which they are asked."""

    STOPPED = "stopped"
    TOOK = "took"
    NOTICED = "noticed"


@dataclass(frozen=True)
class Form:
    """How a question is put: `labels` are the answers by their word, `column` is where the answer stands."""

    asks: str
    column: str
    words: Mapping[str, str]
    labels: Mapping[str, str]


FORMS: Mapping[Question, Form] = {
    Question.STOPPED: Form(
        "What stopped it?",
        "mitigation_kind",
        STOPPED,
        {
            "switch": "A switch",
            "config": "Configuration, at runtime",
            "rollback": "A rollback",
            "deploy": "A deploy",
            "restart": "A restart",
            "scale": "More capacity",
            "upstream": "The upstream recovered",
            "self": "It stopped by itself",
            "other": "Something else",
        },
    ),
    Question.TOOK: Form(
        "What did that take?",
        "took",
        TOOK,
        {
            "nothing": "Nothing",
            "flag": "A flag",
            "restart": "A restart",
            "rebuild": "A rebuild",
            "redeploy": "A redeploy",
            "code": "A change of the code",
        },
    ),
    Question.NOTICED: Form(
        "Who noticed first?",
        "noticed",
        NOTICED,
        {
            "monitor": "A monitor",
            "customer": "A customer",
            "colleague": "A colleague",
            "luck": "Somebody, by luck",
        },
    ),
}

_WORDS: Mapping[Question, type[StrEnum]] = {
    Question.STOPPED: Mitigation,
    Question.TOOK: Took,
    Question.NOTICED: Noticed,
}
_EVENTS: Mapping[Question, type[StoppedSaid] | type[TookSaid] | type[NoticedSaid]] = {
    Question.STOPPED: StoppedSaid,
    Question.TOOK: TookSaid,
    Question.NOTICED: NoticedSaid,
}


def answer_to(incident: Incident, question: Question) -> str:
    """The word that stands, "" while nobody has said one."""
    found = getattr(incident, FORMS[question].column)
    return str(found.value) if found else ""


def unanswered(incident: Incident) -> list[Question]:
    return [question for question in Question if not answer_to(incident, question)]


def pending(incident: Incident, skipped: Collection[str]) -> Question | None:
    """The next to ask; None when each is answered or skipped."""
    return next((question for question in unanswered(incident) if question not in skipped), None)


def said(incident: Incident) -> str:
    """What is known, in a sentence: `a rollback stopped it; stopping it took a redeploy`; "" while nothing is."""
    stopped, took, noticed = (answer_to(incident, question) for question in Question)
    known = [
        f"what stopped it: {STOPPED[stopped]}" if stopped else "",
        f"what it took: {TOOK[took]}" if took else "",
        f"noticed first by {NOTICED[noticed]}" if noticed else "",
    ]
    return "; ".join(filter(None, known))


def answered(incident: Incident, question: Question, word: str, *, late: bool = False) -> Decision:
    """`late`: by a button that may be of another day; it changes no answer that stands.

    Raises Refused for a word that is no answer, and for a late tap that would say something else.
    """
    words = _WORDS[question]
    if word not in set(words):
        raise Refused(
            f"“{word[:40]}” is no answer to “{FORMS[question].asks}”: use one of {', '.join(words)}."
        )
    before = answer_to(incident, question)
    if before == word:
        return Decision()
    if before and late:
        raise Refused(
            f"{incident.key} has an answer already: {FORMS[question].words[before]}. {hint(question, incident)} changes it."
        )
    event: Event = _EVENTS[question](word)
    return Decision(events=(event,), sets={FORMS[question].column: words(word)}, jobs=shown(incident))


def hint(question: Question, incident: Incident) -> str:
    """What to type instead of a button."""
    command = "mitigate" if question is Question.STOPPED else question.value
    return f"`/incident {command} {incident.key} {'|'.join(_WORDS[question])}`"


def caused(incident: Incident, text: str) -> Decision:
    """The cause in one sentence. Raises Refused when it is none or too long."""
    cause = " ".join(text.split())
    if not cause:
        raise Refused(
            "Say it in one sentence: `/incident cause the pool of database connections was exhausted`."
        )
    if len(cause) > CAUSE_LIMIT:
        raise Refused(
            f"That cause has {len(cause)} characters; one sentence of at most {CAUSE_LIMIT} is what others will look for."
        )
    if cause == incident.cause:
        return Decision()
    return Decision(events=(CauseSaid(cause),), sets={"cause": cause})


def is_asked(incident: Incident) -> bool:
    """A false alarm and a duplicate have nothing to say."""
    return incident.status is Status.RESOLVED


def next_morning(now: datetime, zone: str) -> datetime:
    """The beginning of the next working day after today, there."""
    here = now.astimezone(ZoneInfo(zone))
    day = here.date() + timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return datetime.combine(day, MORNING, ZoneInfo(zone)).astimezone(UTC)
