"""The one thing that the core returns: what happened, and what the world is asked to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.core.jobs import Later, Order
from bot.core.timeline import Event
from bot.models import PageState


@dataclass(frozen=True)
class Asked:
    """A new page: `number` is the incident's next."""

    number: int
    person: str
    why: str
    run: int
    step: int
    by_hand: bool = False


@dataclass(frozen=True)
class Answered:
    """A page's new state. `answer` is what the person, or we for them, said about it."""

    number: int
    state: PageState
    answer: str = ""


@dataclass(frozen=True)
class Decision:
    """Written whole, in one transaction, by `store.record`.

    `events` become timeline entries, `sets` columns of the incident, `pages` rows of its pages, `jobs`
    the outbox. `spoken` are those events that are also said in the channel.
    """

    events: tuple[Event, ...] = ()
    jobs: tuple[Order | Later, ...] = ()
    sets: Mapping[str, Any] = field(default_factory=dict)
    pages: tuple[Asked | Answered, ...] = ()
    spoken: tuple[Event, ...] = ()

    def __add__(self, then: "Decision") -> "Decision":
        return Decision(
            self.events + then.events,
            self.jobs + then.jobs,
            {**self.sets, **then.sets},
            self.pages + then.pages,
            self.spoken + then.spoken,
        )
