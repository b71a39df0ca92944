"""What Jira says of an item's issue and what follows from it: what changed there is followed, and never written back."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from bot.core import Refused
from bot.core.categories import CATEGORIES, Category
from bot.core.timeline import (
    ActionCategorised,
    ActionDone,
    ActionDue,
    ActionMoved,
    ActionReassigned,
    ActionRenamed,
    ActionReopened,
    ActionWontDo,
    Event,
)
from bot.models import Action, ActionState

CLOSED = frozenset({ActionState.DONE, ActionState.WONT_DO})

OPERABILITY = "operability-"
"""How the labels begin that name an item's category."""

SUMMARY = 250
"""Characters of an issue's summary; Jira takes 255."""

OVERLAP = timedelta(minutes=10)
"""How far a look at what changed reaches into what the one before has seen: Jira's search lags behind its issues."""

LONGEST_LOOK = timedelta(days=14)
"""What changed longer ago, while nobody looked, is found by the slow look at all open items."""

_NOT_DONE = (
    r"won ?t|will not|not (?:planned|a bug|reproducible|needed)|declin|reject|duplicat|cancel|obsolete|invalid|"
    r"abandon|cannot|can ?t reproduce|incomplete|out of scope|withdrawn|dropped|as designed"
)
_WONT = re.compile(rf"\b(?:{_NOT_DONE})")


def says_wont(name: str) -> bool:
    """Whether the name of a resolution or a status says that it was closed without being done."""
    return bool(_WONT.search(re.sub(r"[^a-z0-9 ]", "", name.lower().replace("-", " ").replace("_", " "))))


@dataclass(frozen=True)
class Issue:
    """An issue as Jira tells of it now. `category` is Jira's own of its status: new, indeterminate, done, undefined.

    `assignee` is the account id (the user name on Data Center), "" for nobody; `updated` is Jira's time.
    """

    key: str
    summary: str
    status: str
    category: str
    resolution: str
    assignee: str
    due: date | None
    updated: datetime
    assignee_name: str = ""
    assignee_email: str = ""
    labels: tuple[str, ...] = ()

    @property
    def project(self) -> str:
        return self.key.rpartition("-")[0]

    @property
    def state(self) -> ActionState:
        """By category alone: statuses are called whatever a team likes."""
        if self.category != "done":
            return ActionState.OPEN
        return ActionState.WONT_DO if says_wont(self.resolution or self.status) else ActionState.DONE

    @property
    def why(self) -> str:
        """Why it won't be done, in Jira's words."""
        return (self.resolution or self.status) if self.state is ActionState.WONT_DO else ""

    def seen(self) -> dict[str, Any]:
        """What the item keeps of it, to know the next time what has changed in Jira."""
        return {
            "state": self.state.value,
            "assignee": self.assignee,
            "due": self.due.isoformat() if self.due else "",
            "summary": self.summary,
            "category": " ".join(
                label.removeprefix(OPERABILITY) for label in self.labels if label.startswith(OPERABILITY)
            ),
        }


@dataclass(frozen=True)
class Followed:
    """`sets`: columns of the item. `events` are its lines; `spoken` those that the channel hears too."""

    sets: Mapping[str, Any] = field(default_factory=dict)
    events: tuple[Event, ...] = ()

    @property
    def spoken(self) -> tuple[Event, ...]:
        return tuple(
            e
            for e in self.events
            if not isinstance(e, ActionReassigned | ActionDue | ActionRenamed | ActionCategorised)
        )


def stale(action: Action, issue: Issue) -> bool:
    """Whether the item knows of something newer already."""
    return action.jira_at is not None and issue.updated < action.jira_at


def followed(
    action: Action,
    issue: Issue,
    *,
    owner: str,
    team: str,
    url: str,
    now: datetime,
    categories: Sequence[Category] = CATEGORIES,
) -> Followed:
    """What becomes of the item. Only a change made in Jira counts: what it said before is no news, and what people
    decided here in the meantime stands until its own job has told Jira.

    `owner` is who the assignee is here, `team` the one whose project the issue stands in ("": nobody's).
    """
    sets: dict[str, Any] = {
        "jira": issue.key,
        "jira_url": url,
        "jira_status": issue.status,
        "jira_at": issue.updated,
        "jira_seen": issue.seen(),
    }
    events: list[Event] = []
    before, seen = action.jira_seen, issue.seen()
    if action.jira and issue.key != action.jira:
        events.append(ActionMoved(action.id, action.title, action.jira, issue.key, team))
        if team:
            sets["team"] = team
    elif not action.jira:
        events.append(ActionMoved(action.id, action.title, "", issue.key, team))
    if seen["state"] != before.get("state", ActionState.OPEN) and issue.state is not action.state:
        more, event = _state(action, issue, now)
        sets |= more
        events.append(event)
    # The first look knows nothing from before: an empty field may be one that Jira didn't take when it was filed.
    if seen["assignee"] != before.get("assignee", "") and owner != action.owner:
        sets["owner"] = owner
        events.append(ActionReassigned(action.id, action.title, owner, issue.key))
    if seen["due"] != before.get("due", "") and issue.due != action.due:
        sets["due"] = issue.due
        events.append(ActionDue(action.id, action.title, seen["due"], issue.key))
    mine = summary(action.title)
    if seen["summary"] not in {before.get("summary", mine), mine}:
        sets["title"] = issue.summary
        events.append(ActionRenamed(action.id, action.title, issue.summary, issue.key))
    category = _category(seen["category"], before.get("category"), categories)
    if category and category != (action.category or action.suggested, action.category_kind):
        sets["category"], sets["category_kind"] = category
        events.append(ActionCategorised(action.id, action.title, category[0], issue.key))
    if events:
        sets["problem"] = ""  # whatever was wrong, somebody has been at it since
    return Followed(sets, tuple(events))


def _category(now: str, before: str | None, categories: Sequence[Category]) -> tuple[str, str] | None:
    """The category and kind that somebody has labelled the issue with since; None: nothing new, or nothing we know."""
    words, known = now.split(), (before or "").split()
    if before is None or set(words) == set(known):
        return None
    # Who adds a label may leave the old one there: the new one is what they mean.
    fresh = [word for word in words if word not in known] or words
    for category in categories:
        if category.id in fresh:
            return category.id, next((kind for kind in category.kinds if kind in words), "")
    for category in categories:
        kind = next((kind for kind in category.kinds if kind in fresh), None)
        if kind:
            return category.id, kind
    return None


def _state(action: Action, issue: Issue, now: datetime) -> tuple[dict[str, Any], Event]:
    match issue.state:
        case ActionState.OPEN:
            return reopening(action), ActionReopened(action.id, action.title, issue.key)
        case ActionState.WONT_DO:
            closed = closing(ActionState.WONT_DO, now, why=issue.why)
            return closed, ActionWontDo(action.id, action.title, issue.why, issue.key)
        case _:
            return closing(ActionState.DONE, now), ActionDone(action.id, action.title, issue.key)


def closing(state: ActionState, now: datetime, *, by: str = "", why: str = "") -> dict[str, Any]:
    return {"state": state, "closed_at": now, "closed_by": by, "closed_why": why, "later": None}


def reopening(action: Action) -> dict[str, Any]:
    return {
        "state": ActionState.OPEN,
        "closed_at": None,
        "closed_by": "",
        "closed_why": "",
        "reopened": action.reopened + 1,
    }


def as_jira_has_it(action: Action, now: datetime) -> dict[str, Any]:
    """The columns of an item whose move Jira refused: it stands again where its issue was last seen."""
    state = ActionState(action.jira_seen.get("state", ActionState.OPEN))
    if state is action.state or (state in CLOSED and action.state in CLOSED):
        return {}
    if state is ActionState.OPEN:
        return reopening(action) | {"reopened": action.reopened}
    return closing(state, now) | {"reopened": max(0, action.reopened - 1)}


def summary(title: str) -> str:
    return " ".join(title.split())[:SUMMARY]


def window(since: datetime | None, now: datetime) -> int:
    """The minutes that a look for changes reaches back, by Jira's own clock.

    Elapsed time is the same for clocks that differ, and so are minutes before now: no time of ours is compared with one
    of Jira's, nor put into the zone of its account.
    """
    length = LONGEST_LOOK if since is None else min(now - since, LONGEST_LOOK)
    return int((max(length, timedelta()) + OVERLAP) / timedelta(minutes=1)) + 1


# ---- moving an issue -------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """A field of a transition's screen. `values`: (id, name) of what it can be."""

    id: str
    name: str
    required: bool
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Transition:
    id: str
    name: str
    to: str
    category: str
    asks: tuple[Asked, ...] = ()


@dataclass(frozen=True)
class Way:
    """The transition to make, and the fields that it needs."""

    transition: str
    fields: Mapping[str, Any] = field(default_factory=dict)


def way(key: str, transitions: Sequence[Transition], to: ActionState) -> Way:
    """How the issue gets there: by where a transition leads and not by what it is called.

    Raises Refused, with what to do in Jira, when no transition leads there or each wants what only people know.
    """
    wanted = ("done",) if to in CLOSED else ("new", "indeterminate", "undefined")
    leading = [t for t in transitions if t.category in wanted]
    called = {ActionState.DONE: "done", ActionState.WONT_DO: "closed"}.get(to, "open")
    if not leading:
        raise Refused(
            f"{key} can't be {called if to in CLOSED else 'reopened'} from where it stands: its workflow has no transition "
            f"to a status that counts as {'done' if to in CLOSED else 'open'} for the account of JIRA_USER. "
            "Move it in Jira, and it follows here"
        )
    missing: list[str] = []
    for transition in sorted(leading, key=lambda t: _rank(t, to, wanted)):
        needs = [f for f in transition.asks if f.required and f.id != "resolution"]
        if needs:
            fields = ", ".join(f"“{f.name}”" for f in needs)
            missing.append(f"“{transition.name}” asks for {fields}")
            continue
        return Way(transition.id, _resolution(transition, to))
    raise Refused(
        f"{key} can't be {called if to in CLOSED else 'reopened'} without what only people know: {'; '.join(missing)}. "
        "Fill it in Jira, and it follows here; or take the field off that screen"
    )


def _rank(transition: Transition, to: ActionState, wanted: Sequence[str]) -> tuple[int, int]:
    """The best first: one that says what is meant, by its name or by the resolutions of its screen."""
    names = [transition.name, transition.to]
    values = [name for f in transition.asks if f.id == "resolution" for _, name in f.values]
    if to is ActionState.WONT_DO:
        fits = 0 if any(map(says_wont, names)) else 1 if any(map(says_wont, values)) else 2
    else:
        fits = 1 if any(map(says_wont, names)) else 0
    return fits, wanted.index(transition.category)


def _resolution(transition: Transition, to: ActionState) -> dict[str, Any]:
    asked = next((f for f in transition.asks if f.id == "resolution" and f.values), None)
    if asked is None or to is ActionState.OPEN:
        return {}
    fitting = [v for v in asked.values if says_wont(v[1]) == (to is ActionState.WONT_DO)]
    if not fitting and not asked.required:
        return {}
    id, _ = (fitting or list(asked.values))[0]
    return {"resolution": {"id": id}}
