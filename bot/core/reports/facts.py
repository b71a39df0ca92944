"""What a report is computed from: what the tables hold of a span of weeks, as plain tuples. Times are Unix seconds.

Test incidents and private ones are in none of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

LONGEST = 8 * 3600
"""Seconds of one person on one incident that count as support: a working day. What lies beyond is waiting, not work."""

AROUND = 4
"""Weeks before and after a fix that are compared."""

WEEK = 7 * 24 * 3600

SEVERE = frozenset({"sev1", "sev2"})


class Fact(NamedTuple):
    """An incident. `acknowledged`, `mitigated`, `ended`: None where nobody said so; `owner`: who has it,
    "" for nobody."""

    id: int
    team: str
    service: str
    severity: str
    status: str
    declared: int
    acknowledged: int | None
    mitigated: int | None
    ended: int | None
    noticed: str | None
    took: str | None
    stopped: str | None
    owner: str


class Answer(NamedTuple):
    """Pages of a team's incidents: as what those people were asked, and what became of it."""

    team: str
    asked: str
    state: str
    n: int


class Wake(NamedTuple):
    """`person` was paged for an incident of `team` in the quarter of an hour that begins at `slot` × 900."""

    person: str
    team: str
    slot: int


class Hop(NamedTuple):
    """An incident moved to another team at `at`; `released` is what the team that was let go is called."""

    incident: int
    at: int
    released: str


class Unclear(NamedTuple):
    incident: int
    fallback: bool


class Early(NamedTuple):
    """A page to a person of an incident that moved at some time."""

    incident: int
    at: int


class Help(NamedTuple):
    """Somebody beside the owner who acknowledged."""

    incident: int
    at: int


class Tag(NamedTuple):
    """An incident has an action item of this category."""

    incident: int
    category: str


class Backlog(NamedTuple):
    """Open action items now, by age: created less than 4, 4 to 12, more than 12 weeks ago."""

    team: str
    category: str
    young: int
    middling: int
    old: int
    overdue: int


class Moved(NamedTuple):
    """Action items filed, done, or given up in the span."""

    team: str
    category: str
    what: str
    n: int


class Fix(NamedTuple):
    """An action item done in the span. `title` and `issue` are left out where nobody reads them singly."""

    team: str
    category: str
    service: str
    closed: int
    declared: int
    title: str = ""
    issue: str = ""


class Again(NamedTuple):
    """A confirmed recurrence; `category` is of an item of the earlier incident and `state` how that stood when it came
    back, "" where it had none."""

    incident: int
    earlier: int
    team: str
    category: str
    state: str


class Advice(NamedTuple):
    """A question to a guide team: `waited` in seconds until a guide came, `minutes` of the guide; None: nobody did, or
    nobody said. `guide` is the catalog or Slack id of whoever answered, "" while nobody has."""

    team: str
    asked_of: str
    asked: int
    waited: int | None
    guide: str
    minutes: int | None
    answer: str


class Learning(NamedTuple):
    """A postmortem that was due in the span."""

    team: str
    due: date
    published: date | None


class Unwritten(NamedTuple):
    """Postmortems that were due before the span and are not published."""

    n: int
    oldest: date


@dataclass(frozen=True)
class Facts:
    """Everything of `start` to `end`. Incidents with their `hops`, `unclear`, `early` and `helped` begin AROUND weeks
    earlier, for what came before the fixes.

    `begun` is when the first incident of all was declared: nothing is recorded of what came before. `titles` are of
    the incidents of the span, where each is told singly.
    """

    start: datetime
    end: datetime
    begun: datetime | None = None
    incidents: Sequence[Fact] = ()
    titles: Mapping[int, str] = field(default_factory=dict)
    answers: Sequence[Answer] = ()
    wakes: Sequence[Wake] = ()
    hops: Sequence[Hop] = ()
    unclear: Sequence[Unclear] = ()
    early: Sequence[Early] = ()
    helped: Sequence[Help] = ()
    tags: Sequence[Tag] = ()
    backlog: Sequence[Backlog] = ()
    moved: Sequence[Moved] = ()
    fixes: Sequence[Fix] = ()
    again: Sequence[Again] = ()
    learnings: Sequence[Learning] = ()
    unwritten: Unwritten | None = None
    advice: Sequence[Advice] = ()


@dataclass(frozen=True)
class Teams:
    """What the catalog knows: of teams by id their name (`guides`: of those who only advise), members, zone
    and services, of `people` their zone and what they are called, of categories their label."""

    names: Mapping[str, str] = field(default_factory=dict)
    guides: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, Sequence[str]] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)
    services: Mapping[str, Sequence[str]] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    who: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    def called(self, team: str) -> str:
        known = self.names.get(team) or self.guides.get(team)
        return known or (f"{team} (no longer in the catalog)" if team else "no team")

    def label(self, category: str) -> str:
        """What a category is called; one that is no longer in the configuration keeps its id."""
        return self.labels.get(category, category) if category else "No category"
