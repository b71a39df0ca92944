"""What can happen in an incident, and how each event reads: the same in Slack, terminal and document.

To add an event kind: one frozen dataclass here. Its kind is the class's name in snake_case; its fields
are JSON values; `text` is the plain sentence that people read.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any

from bot.models import Entry

Name = Callable[[str], str]
"""Turns a person's reference (catalog id, Slack id or `#channel`) into what people call them."""


@dataclass(frozen=True)
class Event:
    """Something that happened. A subclass's `text(by, name)` is its line, `by` being already a name."""

    @property
    def kind(self) -> str:
        return _kind(type(self))

    def text(self, by: str, name: Name) -> str:
        raise NotImplementedError

    def data(self) -> dict[str, Any]:
        return asdict(self)


def _kind(cls: type[Event]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


def _with(sentence: str, more: str) -> str:
    return f"{sentence}: {more}" if more else sentence


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + f" and {names[-1]}" if names else "nobody"


def _cut(text: str, limit: int = 300) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _some(titles: list[str], count: int) -> str:
    """`“A”, “B” and 38 more`."""
    quoted = [f"“{_cut(title, 120)}”" for title in titles]
    return _listed([*quoted, f"{count - len(titles)} more"] if count > len(titles) else quoted)


def _th(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


@dataclass(frozen=True)
class Declared(Event):
    title: str
    severity: str
    team: str
    service: str = ""
    why: str = ""
    noticed: str = ""
    test: bool = False

    def text(self, by: str, name: Name) -> str:
        what = f"{self.service}, owned by {self.team}" if self.service else f"owned by {self.team}"
        by_whom = {"": "", "luck": ", noticed by luck"}.get(self.noticed, f", noticed by a {self.noticed}")
        a = "a test, " if self.test else ""
        return _with(f"{by} declared {a}{self.severity} “{self.title}” ({what}{by_whom})", self.why)


@dataclass(frozen=True)
class OwnerUnclear(Event):
    """The owner was guessed or fell back: who was paged meanwhile, and who else it could be."""

    team: str
    others: list[str]
    fallback: bool

    def text(self, by: str, name: Name) -> str:
        if self.fallback:
            return f"No owner was found: the fallback team {self.team} is paged"
        return f"The owner is not certain: {self.team} is paged; it could be {_listed(list(self.others))}"


@dataclass(frozen=True)
class PageRequested(Event):
    person: str
    why: str
    severity: str = ""

    def text(self, by: str, name: Name) -> str:
        return f"Paging {name(self.person)} ({self.why})"


@dataclass(frozen=True)
class PageSent(Event):
    person: str
    way: str

    def text(self, by: str, name: Name) -> str:
        return f"Page delivered to {name(self.person)} by {self.way}"


@dataclass(frozen=True)
class PageFailed(Event):
    person: str
    way: str
    reason: str

    def text(self, by: str, name: Name) -> str:
        return f"The page to {name(self.person)} by {self.way} could not be delivered: {self.reason}"


@dataclass(frozen=True)
class Acknowledged(Event):
    way: str = ""

    def text(self, by: str, name: Name) -> str:
        return f"{by} acknowledged" + (f" ({self.way})" if self.way else "")


@dataclass(frozen=True)
class Declined(Event):
    why: str = ""
    way: str = ""

    def text(self, by: str, name: Name) -> str:
        return _with(f"{by} can't take it" + (f" ({self.way})" if self.way else ""), self.why)


@dataclass(frozen=True)
class Escalated(Event):
    why: str = ""
    way: str = ""

    def text(self, by: str, name: Name) -> str:
        return _with(f"{by} escalated" + (f" ({self.way})" if self.way else ""), self.why)


@dataclass(frozen=True)
class PageUnanswered(Event):
    person: str
    waited: str

    def text(self, by: str, name: Name) -> str:
        return f"{name(self.person)} has not answered for {self.waited}"


@dataclass(frozen=True)
class PageCancelled(Event):
    person: str
    why: str

    def text(self, by: str, name: Name) -> str:
        return f"The page to {name(self.person)} was cancelled: {self.why}"


@dataclass(frozen=True)
class StepSkipped(Event):
    step: int
    targets: list[str]

    def text(self, by: str, name: Name) -> str:
        return f"Escalation step {self.step} has nobody ({', '.join(self.targets)}): skipped at once"


@dataclass(frozen=True)
class PageDeferred(Event):
    """A severity that wakes nobody at this hour. `until` is local time of the team, as people read it."""

    team: str
    severity: str
    until: str

    def text(self, by: str, name: Name) -> str:
        return f"Nobody is woken for a {self.severity} at this hour: {self.team} is paged from {self.until}"


@dataclass(frozen=True)
class StillThere(Event):
    def text(self, by: str, name: Name) -> str:
        return f"{by} is still on it"


@dataclass(frozen=True)
class SilenceNoticed(Event):
    person: str
    silent: str

    def text(self, by: str, name: Name) -> str:
        return f"{name(self.person)} has it and has been silent for {self.silent}: asked whether they are still on it"


@dataclass(frozen=True)
class AcknowledgementLapsed(Event):
    person: str

    def text(self, by: str, name: Name) -> str:
        return f"No answer from {name(self.person)}: their acknowledgement has lapsed and the escalation starts again"


@dataclass(frozen=True)
class Shadowed(Event):
    """Somebody who is learning was shown a page."""

    person: str

    def text(self, by: str, name: Name) -> str:
        return f"{name(self.person)} is learning and was told as well, without being responsible"


@dataclass(frozen=True)
class NobodyOnCall(Event):
    team: str
    instead: str
    last: str = ""
    next: str = ""

    def text(self, by: str, name: Name) -> str:
        then = f"; {name(self.instead)} is paged instead" if self.instead else ""
        known = [f"last on call: {self.last}" if self.last else "", f"next: {self.next}" if self.next else ""]
        more = f" ({', '.join(filter(None, known))})" if any(known) else ""
        return f"Nobody is on call for {self.team}{more}{then}"


@dataclass(frozen=True)
class NobodyAnswered(Event):
    team: str
    rounds: int

    def text(self, by: str, name: Name) -> str:
        times = "once" if self.rounds == 1 else f"{self.rounds} times"
        return f"Nobody answered: everyone in the escalation of {self.team} was tried {times}"


@dataclass(frozen=True)
class ChannelOpened(Event):
    name: str

    def text(self, by: str, name: Name) -> str:
        return f"Channel #{self.name} opened"


@dataclass(frozen=True)
class PeopleInvited(Event):
    people: list[str]

    def text(self, by: str, name: Name) -> str:
        return f"{_listed([name(person) for person in self.people])} invited to the channel"


@dataclass(frozen=True)
class RoleTaken(Event):
    role: str
    person: str

    def text(self, by: str, name: Name) -> str:
        whom = name(self.person)
        return f"{by} is now {self.role}" if whom == by else f"{by} made {whom} {self.role}"


@dataclass(frozen=True)
class SeverityChanged(Event):
    old: str
    new: str

    def text(self, by: str, name: Name) -> str:
        return f"{by} changed the severity from {self.old} to {self.new}"


@dataclass(frozen=True)
class StatusChanged(Event):
    old: str
    new: str
    more: str = ""

    def text(self, by: str, name: Name) -> str:
        return _with(f"{by} changed the status from {self.old} to {self.new}", self.more)


@dataclass(frozen=True)
class Updated(Event):
    update: str

    def text(self, by: str, name: Name) -> str:
        return f"Update by {by}: {self.update}"


@dataclass(frozen=True)
class TitleChanged(Event):
    old: str
    new: str

    def text(self, by: str, name: Name) -> str:
        return f"{by} changed the title from “{self.old}” to “{self.new}”"


@dataclass(frozen=True)
class OwnerChanged(Event):
    """The incident moved to another service or team; `released` is the team that is thanked and let go.

    `before` is the id of the team that had it, `had` are those of it who had it or were being asked.
    """

    service: str
    team: str
    released: str = ""
    before: str = ""
    had: list[str] = field(default_factory=list)

    def text(self, by: str, name: Name) -> str:
        what = f"{self.service}, owned by {self.team}" if self.service else self.team
        thanks = f"; {self.released} is released, with thanks" if self.released else ""
        return f"{by} moved it to {what}{thanks}"


@dataclass(frozen=True)
class Noted(Event):
    note: str

    def text(self, by: str, name: Name) -> str:
        return f"{by}: {self.note}"


@dataclass(frozen=True)
class LineEdited(Event):
    """A note was put right: the line `number` reads `new` from then on, and this one says what it was."""

    number: int
    old: str
    new: str
    why: str = ""

    def text(self, by: str, name: Name) -> str:
        return _with(f"{by} changed the note “{_cut(self.old)}” into “{_cut(self.new)}”", self.why)


@dataclass(frozen=True)
class MessageMarked(Event):
    """A Slack message that people took into the timeline; its line stands at the time it was written.

    `marked_by` are those who marked it and have not taken that back. `files` are names with kind and size, and
    `file_links` where Slack has them; `link` is where the message stands. `reacted`: the Slack accounts of those whose
    mark is a reaction, which Slack can be asked about.
    """

    author: str
    message: str
    channel: str
    ts: str
    marked_by: list[str]
    files: list[str]
    link: str = ""
    file_links: list[str] = field(default_factory=list)
    reacted: list[str] = field(default_factory=list)
    deleted: bool = False

    def text(self, by: str, name: Name) -> str:
        attached = f" [{', '.join(self.files)}]" if self.files else ""
        return f"{name(self.author)}: {self.message or '(no words)'}{attached}"


@dataclass(frozen=True)
class MessageEdited(Event):
    """A message of the timeline was changed in Slack afterwards: both versions stand."""

    author: str
    old: str
    new: str

    def text(self, by: str, name: Name) -> str:
        return f"{name(self.author)} edited “{_cut(self.old)}” in Slack; it reads “{_cut(self.new)}” now"


@dataclass(frozen=True)
class MessageDeleted(Event):
    author: str
    message: str

    def text(self, by: str, name: Name) -> str:
        return f"The message “{_cut(self.message)}” of {name(self.author)} was deleted in Slack"


@dataclass(frozen=True)
class ChannelChanged(Event):
    """People renamed, archived, unarchived or deleted the incident's channel."""

    what: str

    def text(self, by: str, name: Name) -> str:
        # Slack doesn't say who deleted a channel; what we did ourselves says so in its words.
        return f"The incident's channel was {self.what}" + (f" by {by}" if by != "Writeback" else "")


@dataclass(frozen=True)
class AlertFired(Event):
    """`times`: how often it has fired by now. `before`: the incident that it fired in last, where that is another."""

    title: str
    more: str
    link: str
    times: int
    before: str = ""

    def text(self, by: str, name: Name) -> str:
        again = f" for the {_th(self.times)} time" if self.times > 1 else ""
        known = f" (before in {self.before})" if self.before else ""
        said = _with(f"Alert “{self.title}” fires{again}{known}", _cut(self.more, 900))
        return f"{said} {self.link}" if self.link else said


@dataclass(frozen=True)
class AlertsFired(Event):
    """Several at once: `titles` are the worst of them, `count` is all."""

    titles: list[str]
    count: int

    def text(self, by: str, name: Name) -> str:
        return f"{self.count} more alerts fire: {_some(self.titles, self.count)}"


@dataclass(frozen=True)
class AlertsOver(Event):
    """`firing`: how many of the incident still do."""

    titles: list[str]
    count: int
    firing: int

    def text(self, by: str, name: Name) -> str:
        over = f"Alert {_some(self.titles, 1)} is" if self.count == 1 else f"{self.count} alerts are"
        which = "" if self.count == 1 else f": {_some(self.titles, self.count)}"
        still = f"{self.firing} still {'fires' if self.firing == 1 else 'fire'}" if self.firing else ""
        return f"{over} over{which}; {still or 'none fires any more'}"


@dataclass(frozen=True)
class AlertFlaps(Event):
    title: str
    times: int
    within: str

    def text(self, by: str, name: Name) -> str:
        return (
            f"Alert “{self.title}” flaps: it fired {self.times} times in {self.within}. "
            f"It pages nobody until it has kept still for {self.within}"
        )


@dataclass(frozen=True)
class Mitigated(Event):
    what: str
    more: str = ""

    def text(self, by: str, name: Name) -> str:
        return _with(f"{by} mitigated it ({self.what})", self.more)


@dataclass(frozen=True)
class Resolved(Event):
    more: str = ""

    def text(self, by: str, name: Name) -> str:
        return _with(f"{by} resolved it", self.more)


@dataclass(frozen=True)
class Reopened(Event):
    why: str = ""

    def text(self, by: str, name: Name) -> str:
        return _with(f"{by} reopened it", self.why)


@dataclass(frozen=True)
class Cancelled(Event):
    why: str = ""

    def text(self, by: str, name: Name) -> str:
        return _with(f"{by} cancelled it", self.why)


@dataclass(frozen=True)
class MarkedDuplicate(Event):
    of: str

    def text(self, by: str, name: Name) -> str:
        return f"{by} marked it as a duplicate of {self.of}"


@dataclass(frozen=True)
class Merged(Event):
    into: str

    def text(self, by: str, name: Name) -> str:
        return f"{by} merged it into {self.into}, which goes on"


@dataclass(frozen=True)
class TookIn(Event):
    """Another incident turned out to be this one. `title` is "" where not everybody here may read it."""

    key: str
    title: str
    people: list[str]

    def text(self, by: str, name: Name) -> str:
        what = f"{self.key} “{self.title}”" if self.title else self.key
        with_it = f"; {_listed([name(person) for person in self.people])} came with it" if self.people else ""
        return f"{by} merged {what} into this one{with_it}"


@dataclass(frozen=True)
class HasDuplicate(Event):
    key: str

    def text(self, by: str, name: Name) -> str:
        return f"{by} marked {self.key} as a duplicate of this one"


@dataclass(frozen=True)
class WentOn(Event):
    """It came back too late to be reopened: a new incident goes on with it."""

    as_: str
    why: str = ""

    def text(self, by: str, name: Name) -> str:
        return _with(f"{by} said that it is back: it goes on as {self.as_}", self.why)


@dataclass(frozen=True)
class Followed(Event):
    key: str
    why: str = ""

    def text(self, by: str, name: Name) -> str:
        return _with(f"It goes on from {self.key}, which was over", self.why)


@dataclass(frozen=True)
class MadePrivate(Event):
    why: str = ""

    def text(self, by: str, name: Name) -> str:
        return _with(f"{by} made it private: only those who are named see it from now on", self.why)


@dataclass(frozen=True)
class LetIn(Event):
    person: str

    def text(self, by: str, name: Name) -> str:
        whom = name(self.person)
        return f"{whom} joined the private channel" if whom == by else f"{by} let {whom} in"


@dataclass(frozen=True)
class TraceClosed(Event):
    """Something that was open before it became private is not any more."""

    what: str

    def text(self, by: str, name: Name) -> str:
        return f"Closed: {self.what}"


@dataclass(frozen=True)
class TraceStays(Event):
    """Something that was open before it became private stays so; `who` can close it, and how."""

    what: str
    who: str

    def text(self, by: str, name: Name) -> str:
        return f"Still open: {self.what}; {self.who}"


@dataclass(frozen=True)
class ActionAdded(Event):
    action: str
    title: str
    category: str = ""

    def text(self, by: str, name: Name) -> str:
        tag = f" [{self.category}]" if self.category else ""
        return f"{by} added an action item{tag}: {self.title}"


@dataclass(frozen=True)
class ActionSuggested(Event):
    """A candidate: it becomes an item when somebody confirms it."""

    action: str
    title: str

    def text(self, by: str, name: Name) -> str:
        return f"{by} marked a candidate for an action item: {self.title}"


@dataclass(frozen=True)
class ActionCategorised(Event):
    action: str
    title: str
    category: str
    jira: str = ""

    def text(self, by: str, name: Name) -> str:
        if self.jira:
            return f"{_where(self.jira)}“{self.title}” is under {self.category} now"
        return f"{by} put “{self.title}” under {self.category}"


@dataclass(frozen=True)
class ActionFiled(Event):
    action: str
    title: str
    jira: str
    notes: list[str]

    def text(self, by: str, name: Name) -> str:
        return _with(f"“{self.title}” filed as {self.jira}", "; ".join(self.notes))


@dataclass(frozen=True)
class ActionNotFiled(Event):
    action: str
    title: str
    reason: str

    def text(self, by: str, name: Name) -> str:
        return f"“{self.title}” could not be filed: {self.reason}"


STOPPED = {
    "switch": "a switch",
    "config": "a change of configuration",
    "rollback": "a rollback",
    "deploy": "a deploy",
    "restart": "a restart",
    "scale": "more capacity",
    "upstream": "the upstream's recovery",
    "self": "nothing of ours: it stopped by itself",
    "other": "something else",
}
TOOK = {
    "nothing": "nothing",
    "flag": "a flag",
    "restart": "a restart",
    "rebuild": "a rebuild",
    "redeploy": "a redeploy",
    "code": "a change of the code",
}
NOTICED = {
    "monitor": "a monitor",
    "customer": "a customer",
    "colleague": "a colleague",
    "luck": "somebody by luck",
}
"""The closed words as they stand in a sentence."""


@dataclass(frozen=True)
class StoppedSaid(Event):
    what: str

    def text(self, by: str, name: Name) -> str:
        return f"{by}: what stopped it was {STOPPED.get(self.what, self.what)}"


@dataclass(frozen=True)
class TookSaid(Event):
    took: str

    def text(self, by: str, name: Name) -> str:
        return f"{by}: stopping it took {TOOK.get(self.took, self.took)}"


@dataclass(frozen=True)
class NoticedSaid(Event):
    noticed: str

    def text(self, by: str, name: Name) -> str:
        return f"{by}: {NOTICED.get(self.noticed, self.noticed)} noticed it first"


@dataclass(frozen=True)
class CauseSaid(Event):
    cause: str

    def text(self, by: str, name: Name) -> str:
        return f"{by} on the cause: {self.cause}"


@dataclass(frozen=True)
class PostmortemWritten(Event):
    sections: list[str]

    def text(self, by: str, name: Name) -> str:
        return f"{by} wrote in the postmortem: {', '.join(self.sections)}"


@dataclass(frozen=True)
class ReviewAsked(Event):
    people: list[str]

    def text(self, by: str, name: Name) -> str:
        return f"{by} asked {_listed([name(person) for person in self.people])} to read the postmortem"


@dataclass(frozen=True)
class Reviewed(Event):
    """`comment` is "" where the reviewer found it good."""

    comment: str

    def text(self, by: str, name: Name) -> str:
        return (
            f"{by} on the postmortem: {_cut(self.comment)}"
            if self.comment
            else f"{by} finds the postmortem good"
        )


@dataclass(frozen=True)
class PostmortemPublished(Event):
    version: int
    changed: list[str]

    def text(self, by: str, name: Name) -> str:
        return _with(f"{by} published the postmortem, version {self.version}", ", ".join(self.changed))


def _where(jira: str) -> str:
    """`jira` is the issue in which it was done, "" for what was done in Slack."""
    return f"{jira} in Jira: " if jira else ""


@dataclass(frozen=True)
class ActionDone(Event):
    action: str
    title: str
    jira: str = ""

    def text(self, by: str, name: Name) -> str:
        return f"{_where(self.jira)}“{self.title}” is done" + ("" if self.jira else f", says {by}")


@dataclass(frozen=True)
class ActionWontDo(Event):
    action: str
    title: str
    why: str = ""
    jira: str = ""

    def text(self, by: str, name: Name) -> str:
        says = "" if self.jira else f", says {by}"
        return _with(f"{_where(self.jira)}“{self.title}” won't be done{says}", self.why)


@dataclass(frozen=True)
class ActionReopened(Event):
    action: str
    title: str
    jira: str = ""

    def text(self, by: str, name: Name) -> str:
        return f"{_where(self.jira)}“{self.title}” is open again" + ("" if self.jira else f", says {by}")


@dataclass(frozen=True)
class ActionMoved(Event):
    """The issue stands in another project. `old` is "" where it was lost and found again; `team` is whose it is now."""

    action: str
    title: str
    old: str
    new: str
    team: str = ""

    def text(self, by: str, name: Name) -> str:
        if not self.old:
            return f"“{self.title}” was found in Jira: it is {self.new}"
        whose = f", of the team {self.team}" if self.team else ", which is no team's project here"
        return f"“{self.title}” was moved in Jira: {self.old} is {self.new} now{whose}"


@dataclass(frozen=True)
class ActionGone(Event):
    action: str
    title: str
    jira: str

    def text(self, by: str, name: Name) -> str:
        return f"“{self.title}” has lost its issue: {self.jira} was deleted, or moved where Writeback can't see it"


@dataclass(frozen=True)
class ActionReassigned(Event):
    action: str
    title: str
    person: str
    jira: str = ""

    def text(self, by: str, name: Name) -> str:
        whom = name(self.person) if self.person else "nobody"
        says = "" if self.jira else f", says {by}"
        return f"{_where(self.jira)}“{self.title}” is {whom}'s now{says}"


@dataclass(frozen=True)
class ActionDue(Event):
    """`due` is a day in ISO 8601, "" for none."""

    action: str
    title: str
    due: str
    jira: str = ""

    def text(self, by: str, name: Name) -> str:
        when = f"is due {self.due}" if self.due else "has no due date"
        return f"{_where(self.jira)}“{self.title}” {when} now" + ("" if self.jira else f", says {by}")


@dataclass(frozen=True)
class ActionRenamed(Event):
    action: str
    old: str
    new: str
    jira: str

    def text(self, by: str, name: Name) -> str:
        return f"{_where(self.jira)}“{self.old}” reads “{self.new}” now"


@dataclass(frozen=True)
class ActionNotChanged(Event):
    """Jira refused what was decided here. `what`: to do what, with which issue."""

    action: str
    title: str
    what: str
    reason: str

    def text(self, by: str, name: Name) -> str:
        return f"“{self.title}”: could not {self.what}: {self.reason}"


@dataclass(frozen=True)
class CouldNot(Event):
    """Something that Writeback was to do in Slack or Jira and never will, with the fix."""

    what: str
    reason: str

    def text(self, by: str, name: Name) -> str:
        return f"Could not {self.what}: {self.reason}"


@dataclass(frozen=True)
class SwitchPulled(Event):
    switch: str
    more: str = ""

    def text(self, by: str, name: Name) -> str:
        return _with(f"{by} pulled the switch “{self.switch}”", self.more)


@dataclass(frozen=True)
class SwitchJudged(Event):
    """Whether a switch that was pulled helped: yes, no or unknown (too early to say)."""

    switch: str
    helped: str

    def text(self, by: str, name: Name) -> str:
        said = {"yes": "helped", "no": "did not help"}.get(self.helped, "can't be judged yet")
        return f"{by}: the switch “{self.switch}” {said}"


@dataclass(frozen=True)
class GuideAsked(Event):
    """`person` is the guide, or the channel of the guide team where nobody is on call for it."""

    team: str
    person: str
    question: str
    asked_by: str

    def text(self, by: str, name: Name) -> str:
        return (
            f"{name(self.asked_by)} asked {self.team} for advice ({name(self.person)}): {_cut(self.question)}"
        )


@dataclass(frozen=True)
class GuideCame(Event):
    team: str

    def text(self, by: str, name: Name) -> str:
        return f"{by} ({self.team}) is here as a guide; the owner stays the same"


@dataclass(frozen=True)
class GuideAnswered(Event):
    """`minutes` is what it took the guide; -1 where nobody said."""

    team: str
    answer: str
    minutes: int = -1

    def text(self, by: str, name: Name) -> str:
        took = f" ({self.minutes} min)" if self.minutes >= 0 else ""
        return f"Advice of {by} ({self.team}){took}: {self.answer}"


@dataclass(frozen=True)
class GuideDeclined(Event):
    team: str
    why: str = ""

    def text(self, by: str, name: Name) -> str:
        return _with(f"{by} ({self.team}) can't guide now", self.why)


@dataclass(frozen=True)
class GuideUnanswered(Event):
    person: str
    team: str
    waited: str

    def text(self, by: str, name: Name) -> str:
        return f"{name(self.person)} ({self.team}) has not answered the question for {self.waited}"


@dataclass(frozen=True)
class GuideUnreached(Event):
    person: str
    team: str
    reason: str

    def text(self, by: str, name: Name) -> str:
        return f"{name(self.person)} ({self.team}) could not be asked in Slack: {self.reason}"


class NothingNew(Event):
    """An update that says that there is nothing to say."""

    def text(self, by: str, name: Name) -> str:
        return f"Update by {by}: no change"


@dataclass(frozen=True)
class UpdateOverdue(Event):
    """`person` was reminded of it; "" is everybody in the channel."""

    person: str

    def text(self, by: str, name: Name) -> str:
        return f"An update is due: {name(self.person) if self.person else 'the channel'} was reminded"


@dataclass(frozen=True)
class RoleLeft(Event):
    role: str
    person: str

    def text(self, by: str, name: Name) -> str:
        whom = name(self.person)
        if whom == by:
            return f"{by} is {self.role} no more: nobody is"
        return f"{whom} is {self.role} no more ({by}): nobody is"


@dataclass(frozen=True)
class PersonGone(Event):
    """Somebody who takes part left the channel, or Slack altogether. `parts` is what they were to the incident."""

    person: str
    parts: list[str]
    slack: bool

    def text(self, by: str, name: Name) -> str:
        where = "is no longer in Slack" if self.slack else "left the channel"
        return f"{name(self.person)}, who {_listed(list(self.parts))}, {where}"


@dataclass(frozen=True)
class ChannelLeft(Event):
    """Writeback was removed from the incident's channel."""

    def text(self, by: str, name: Name) -> str:
        return "Writeback was removed from the incident's channel"


@dataclass(frozen=True)
class ChannelBack(Event):
    def text(self, by: str, name: Name) -> str:
        return "Writeback can use the incident's channel again"


@dataclass(frozen=True)
class ChannelGivenUp(Event):
    """A new channel takes the place of #`name`."""

    name: str
    why: str

    def text(self, by: str, name: Name) -> str:
        return f"A new channel takes the place of #{self.name}, which {self.why}"


@dataclass(frozen=True)
class RecurrenceConfirmed(Event):
    """It had the same cause as `earlier`. `verdict` names the item that should have prevented it."""

    earlier: str
    verdict: str

    def text(self, by: str, name: Name) -> str:
        return _with(f"{by} says that it has the same cause as {self.earlier}", self.verdict)


@dataclass(frozen=True)
class PriorityChanged(Event):
    """Because it broke again, or because that was taken back: the issue of an earlier incident's item `action`."""

    action: str
    issue: str
    was: str
    now: str

    def text(self, by: str, name: Name) -> str:
        return f"{self.issue} went from priority {self.was} to {self.now} in Jira"


@dataclass(frozen=True)
class CameBack(Event):
    """The same of the earlier incident: `later` had its cause again."""

    later: str
    verdict: str

    def text(self, by: str, name: Name) -> str:
        return _with(f"{by} says that it came back in {self.later}", self.verdict)


@dataclass(frozen=True)
class RecurrenceDenied(Event):
    """What was confirmed before is taken back."""

    other: str

    def text(self, by: str, name: Name) -> str:
        return f"{by} says that it does not have the same cause as {self.other} after all"


@dataclass(frozen=True)
class ActionPostponed(Event):
    """`until` is a day in ISO 8601, "" where its owner wants to be asked about it again."""

    action: str
    title: str
    until: str

    def text(self, by: str, name: Name) -> str:
        when = f"leaves “{self.title}” until {self.until}" if self.until else f"takes “{self.title}” up again"
        return f"{by} {when}"


@dataclass(frozen=True)
class ActionDisowned(Event):
    """`asked` is whom the question goes to, "" where it goes to the team's channel."""

    action: str
    title: str
    asked: str

    def text(self, by: str, name: Name) -> str:
        whom = name(self.asked) if self.asked else "the team"
        return f"{by} says that “{self.title}” is not theirs; {whom} is asked whose it is"


KINDS: Mapping[str, type[Event]] = {_kind(cls): cls for cls in Event.__subclasses__()}


def event(kind: str, data: Mapping[str, Any]) -> Event:
    """The event that was recorded. Unknown members, written by a newer version, are passed over."""
    cls = KINDS[kind]
    known = {f.name for f in fields(cls)}
    return cls(**{key: value for key, value in data.items() if key in known})


@dataclass(frozen=True)
class Line:
    """A timeline entry as people read it. `text` is plain: each door escapes it for itself.

    `links`: (title, address) of the message and the files in Slack that it came from.
    """

    at: datetime
    recorded_at: datetime
    kind: str
    text: str
    by: str
    withdrawn: bool
    withdrawn_why: str = ""
    id: int = 0
    links: tuple[tuple[str, str], ...] = ()


def line(entry: Entry, name: Name) -> Line:
    """`entry` as people read it; a kind that this version does not know still shows that it happened."""
    who = name(entry.by) if entry.by else "Writeback"
    known = entry.kind in KINDS
    text = (
        event(entry.kind, entry.data).text(who, name) if known else f"{who}: {entry.kind.replace('_', ' ')}"
    )
    why = entry.withdrawn_why
    if entry.withdrawn and entry.withdrawn_by:
        why = f"by {name(entry.withdrawn_by)}" + (f": {why}" if why else "")
    return Line(
        entry.at,
        entry.recorded_at,
        entry.kind,
        text,
        entry.by,
        entry.withdrawn,
        why,
        entry.id or 0,
        _links(entry),
    )


def _links(entry: Entry) -> tuple[tuple[str, str], ...]:
    where = str(entry.data.get("link") or "")
    files = [str(url) for url in entry.data.get("file_links") or []]
    names = ["file"] if len(files) == 1 else [f"file {n}" for n in range(1, len(files) + 1)]
    return (*((("in Slack", where),) if where else ()), *zip(names, files, strict=True))


def lines(entries: list[Entry], name: Name) -> list[Line]:
    """In the order in which things happened; what happened at once stays in the order of recording."""
    return [line(entry, name) for entry in sorted(entries, key=lambda entry: (entry.at, entry.id or 0))]
