"""What the world can be asked to do: frozen orders with imperative names, each one outside effect.

An order is a row committed with the change that asked for it. `key` makes asking twice harmless (None:
ask as often as you like); `lane` keeps an order that people see; a smaller `priority` goes first.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar

PAGES, SOON, USUAL, LATER = 0, 3, 5, 8


@dataclass(frozen=True)
class Order:
    """What every order can say of itself; a subclass says what differs."""

    priority: ClassVar[int] = USUAL

    @property
    def kind(self) -> str:
        return type(self).__name__

    @property
    def key(self) -> str | None:
        return None

    @property
    def lane(self) -> str | None:
        return None

    @property
    def buckets(self) -> tuple[str, ...]:
        """What may be throttled for it: a Slack method, or one incident's channel."""
        return ()

    def payload(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Later:
    """An order for a time to come: a timer."""

    order: Order
    at: datetime


def _again(number: int) -> str:
    return f":{number}" if number else ""


# ---- pages: nothing stands before them ---------------------------------------------------------


@dataclass(frozen=True)
class PagePerson(Order):
    """Wake one person by direct message, or a team's channel."""

    incident: int
    number: int
    priority: ClassVar[int] = PAGES

    @property
    def key(self) -> str:
        return f"page:{self.incident}:{self.number}"


@dataclass(frozen=True)
class RedrawPage(Order):
    """Make a delivered page say what became of it, so that a stale button misleads nobody."""

    incident: int
    number: int
    priority: ClassVar[int] = SOON

    @property
    def lane(self) -> str:
        return f"page:{self.incident}:{self.number}"

    @property
    def buckets(self) -> tuple[str, ...]:
        return ("slack:chat.update",)


@dataclass(frozen=True)
class Escalate(Order):
    """The timer of an escalation step: asks the incident whether anybody answered, then pages on."""

    incident: int
    run: int
    step: int
    priority: ClassVar[int] = PAGES

    @property
    def key(self) -> str:
        return f"escalate:{self.incident}:{self.run}:{self.step}"


@dataclass(frozen=True)
class LapsePage(Order):
    """The timer of a page asked for by hand: nobody is paged on, but whoever asked is told."""

    incident: int
    number: int

    @property
    def key(self) -> str:
        return f"lapse:{self.incident}:{self.number}"


@dataclass(frozen=True)
class NotifyPerson(Order):
    """Wake a page's person by way `way` of theirs (from 0), beside Slack; nothing once the page is answered."""

    incident: int
    number: int
    way: int
    priority: ClassVar[int] = PAGES

    @property
    def key(self) -> str:
        return f"notify:{self.incident}:{self.number}:{self.way}"


@dataclass(frozen=True)
class CheckIn(Order):
    """The timer of an acknowledgement: asks the timeline whether its owner gave a sign of life by `due`."""

    incident: int
    run: int
    due: str

    @property
    def key(self) -> str:
        return f"check-in:{self.incident}:{self.run}:{self.due}"


@dataclass(frozen=True)
class AskOwner(Order):
    """Ask whoever has the incident, and was silent, whether they are still on it."""

    incident: int
    person: str
    asked: str
    priority: ClassVar[int] = SOON

    @property
    def key(self) -> str:
        return f"ask-owner:{self.incident}:{self.asked}"


@dataclass(frozen=True)
class PageOn(Order):
    """The timer of that question: without an answer since `asked` the escalation starts again."""

    incident: int
    run: int
    asked: str
    priority: ClassVar[int] = PAGES

    @property
    def key(self) -> str:
        return f"page-on:{self.incident}:{self.run}:{self.asked}"


# ---- the channel -----------------------------------------------------------------------------


@dataclass(frozen=True)
class OpenChannel(Order):
    """Create the incident's channel, or adopt the one that an earlier try made.

    `again` names the loss for which it is a second one (0: it is the first), `instead_of` a channel it had before it
    was made private.
    """

    incident: int
    again: int = 0
    instead_of: str = ""
    priority: ClassVar[int] = SOON

    @property
    def key(self) -> str:
        instead = f":{self.instead_of}" if self.instead_of else ""
        return f"channel:{self.incident}" + _again(self.again) + instead

    @property
    def lane(self) -> str:
        return f"incident:{self.incident}"

    @property
    def buckets(self) -> tuple[str, ...]:
        return ("slack:conversations.create",)


@dataclass(frozen=True)
class InvitePeople(Order):
    incident: int
    people: tuple[str, ...]
    priority: ClassVar[int] = SOON

    @property
    def buckets(self) -> tuple[str, ...]:
        return ("slack:conversations.invite",)


@dataclass(frozen=True)
class PostHeadline(Order):
    """Post the pinned message that always says how things stand."""

    incident: int
    again: int = 0
    priority: ClassVar[int] = SOON

    @property
    def key(self) -> str:
        return f"headline:{self.incident}" + _again(self.again)

    @property
    def lane(self) -> str:
        return f"headline:{self.incident}"


@dataclass(frozen=True)
class PinHeadline(Order):
    incident: int
    ts: str = ""

    @property
    def key(self) -> str:
        return f"pin:{self.incident}" + (f":{self.ts}" if self.ts else "")

    @property
    def buckets(self) -> tuple[str, ...]:
        return ("slack:pins.add",)


@dataclass(frozen=True)
class RedrawHeadline(Order):
    """Bring the headline up to `revision`; one that was drawn later already makes this one nothing."""

    incident: int
    revision: int

    @property
    def lane(self) -> str:
        return f"headline:{self.incident}"

    @property
    def buckets(self) -> tuple[str, ...]:
        return ("slack:chat.update",)


@dataclass(frozen=True)
class SetTopic(Order):
    incident: int
    priority: ClassVar[int] = SOON

    @property
    def lane(self) -> str:
        return f"topic:{self.incident}"

    @property
    def buckets(self) -> tuple[str, ...]:
        return ("conversations.setTopic",)


@dataclass(frozen=True)
class AddBookmark(Order):
    incident: int
    title: str
    url: str
    again: int = 0

    @property
    def key(self) -> str:
        return f"bookmark:{self.incident}:{self.url}" + _again(self.again)

    @property
    def buckets(self) -> tuple[str, ...]:
        return ("slack:bookmarks.add",)


@dataclass(frozen=True)
class Announce(Order):
    """Tell the announcement channel; the message follows the incident from then on."""

    incident: int

    @property
    def key(self) -> str:
        return f"announce:{self.incident}"

    @property
    def lane(self) -> str:
        return f"announce:{self.incident}"

    @property
    def buckets(self) -> tuple[str, ...]:
        return ("announcements",)


@dataclass(frozen=True)
class RedrawAnnouncement(Order):
    incident: int
    revision: int
    priority: ClassVar[int] = LATER

    @property
    def lane(self) -> str:
        return f"announce:{self.incident}"

    @property
    def buckets(self) -> tuple[str, ...]:
        return ("slack:chat.update",)


@dataclass(frozen=True)
class PostLine(Order):
    """Say a timeline entry in the incident's channel (its announcement's thread while there is none)."""

    incident: int
    entry: int

    @property
    def key(self) -> str:
        return f"line:{self.entry}"

    @property
    def buckets(self) -> tuple[str, ...]:
        return (f"channel:{self.incident}",)

    @property
    def lane(self) -> str:
        return f"incident:{self.incident}"


@dataclass(frozen=True)
class MarkMessage(Order):
    """Take a message into the timeline because `by` marked it at `at` with `mark`: a reaction, or "shortcut"."""

    incident: int
    channel: str
    ts: str
    by: str
    mark: str
    at: str

    @property
    def key(self) -> str:
        return f"mark:{self.channel}:{self.ts}:{self.by}:{self.mark}:{self.at}"

    @property
    def lane(self) -> str:
        return f"message:{self.channel}:{self.ts}"


@dataclass(frozen=True)
class FollowMessage(Order):
    """Something became of a message that may stand in the timeline: `what` is unmarked, edited or deleted."""

    incident: int
    channel: str
    ts: str
    by: str
    what: str
    text: str
    at: str

    @property
    def key(self) -> str:
        return f"follow:{self.channel}:{self.ts}:{self.by}:{self.what}:{self.at}"

    @property
    def lane(self) -> str:
        return f"message:{self.channel}:{self.ts}"


@dataclass(frozen=True)
class CatchUp(Order):
    """Look in an incident's channel for what was marked since `since`, while nobody listened."""

    incident: int
    since: str
    priority: ClassVar[int] = LATER

    @property
    def key(self) -> str:
        return f"catch-up:{self.incident}:{self.since}"


# ---- what was open before it became private --------------------------------------------------------


@dataclass(frozen=True)
class Closing(Order):
    """What an order that closes an open trace has in common: one after another, the report last."""

    incident: int
    priority: ClassVar[int] = SOON

    @property
    def lane(self) -> str:
        return f"close:{self.incident}"


@dataclass(frozen=True)
class TakeBack(Closing):
    """Delete a message of ours, and what we said in its thread. `where`: the place, as people call it."""

    channel: str
    ts: str
    where: str

    @property
    def key(self) -> str:
        return f"take-back:{self.channel}:{self.ts}"


@dataclass(frozen=True)
class ForgetElsewhere(Closing):
    """A transaction for each incident that resembled one that is private now: what it says of that one goes."""

    @property
    def key(self) -> str:
        return f"forget-elsewhere:{self.incident}"


@dataclass(frozen=True)
class SecureIssue(Closing):
    """Give an issue that was filed openly the security level of private incidents."""

    action: str


@dataclass(frozen=True)
class CloseChannel(Closing):
    """Empty and archive the channel that was open, as far as Slack lets us; `part` counts from 0. `by` made it private."""

    channel: str
    by: str
    part: int = 0

    @property
    def key(self) -> str:
        return f"close-channel:{self.channel}:{self.part}"


@dataclass(frozen=True)
class ReportClosed(Closing):
    """Tell `by`, who made it private, what was closed and what could not be."""

    by: str

    @property
    def key(self) -> str:
        return f"report-closed:{self.incident}"


# ---- alerts ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SayAlerts(Order):
    """The timer of a storm: what alerts of an incident did since `since` becomes one line."""

    incident: int
    since: str

    @property
    def key(self) -> str:
        return f"say-alerts:{self.incident}:{self.since}"


@dataclass(frozen=True)
class SettleAlert(Order):
    """The timer of an alert that flaps: unless it fired again since its `times`-th time, it counts as any other."""

    alert: int
    times: int

    @property
    def key(self) -> str:
        return f"settle-alert:{self.alert}:{self.times}"


@dataclass(frozen=True)
class AskToResolve(Order):
    """No alert of the incident fires any more: ask whoever has it whether it is over."""

    incident: int
    asked: str
    priority: ClassVar[int] = SOON

    @property
    def key(self) -> str:
        return f"ask-to-resolve:{self.incident}:{self.asked}"

    @property
    def buckets(self) -> tuple[str, ...]:
        return (f"channel:{self.incident}",)

    @property
    def lane(self) -> str:
        return f"incident:{self.incident}"


# ---- people ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tell(Order):
    """A direct message: something that this person can act on. `text` is plain, without mark-up."""

    person: str
    text: str
    incident: int
    about: str

    @property
    def key(self) -> str:
        return f"tell:{self.person}:{self.about}"


@dataclass(frozen=True)
class TellTeam(Order):
    """Say something in the team's channel, and in the announcement channel where it has none.

    `incident` is 0 when it is about none. `loud` wakes whoever is there.
    """

    team: str
    text: str
    incident: int
    about: str
    loud: bool = True
    priority: ClassVar[int] = PAGES

    @property
    def key(self) -> str:
        return f"tell-team:{self.team}:{self.about}"


@dataclass(frozen=True)
class FindAccount(Order):
    """Learn a catalog person's Slack account before it is needed."""

    person: str
    email: str
    day: str

    @property
    def key(self) -> str:
        return f"account:{self.person}:{self.email}:{self.day}"


@dataclass(frozen=True)
class LearnProfile(Order):
    """Learn the name and time zone of somebody who is not in the catalog but speaks to us."""

    slack_id: str
    day: str
    priority: ClassVar[int] = LATER

    @property
    def key(self) -> str:
        return f"profile:{self.slack_id}:{self.day}"


# ---- guides ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AskGuide(Order):
    """Ask one guide, or a guide team's channel, for advice: row `guidance`."""

    incident: int
    guidance: int
    priority: ClassVar[int] = SOON

    @property
    def key(self) -> str:
        return f"guide:{self.guidance}"

    @property
    def lane(self) -> str:
        return f"guide:{self.guidance}"


@dataclass(frozen=True)
class RedrawGuide(Order):
    """Make the card of row `guidance` say what became of it."""

    incident: int
    guidance: int

    @property
    def lane(self) -> str:
        return f"guide:{self.guidance}"


@dataclass(frozen=True)
class LapseGuide(Order):
    """The timer of a guide who was asked: without an answer whoever asked is told, and the next guide asked."""

    incident: int
    guidance: int

    @property
    def key(self) -> str:
        return f"lapse-guide:{self.guidance}"


# ---- on-call -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class AskForCover(Order):
    """Ask a team's channel who takes the turn of request `cover`, or make that message say what became of it."""

    cover: int
    revision: str
    priority: ClassVar[int] = SOON

    @property
    def key(self) -> str:
        return f"ask-for-cover:{self.cover}:{self.revision}"

    @property
    def lane(self) -> str:
        return f"cover:{self.cover}"


@dataclass(frozen=True)
class ProposeSwap(Order):
    """Ask the person who would take over whether they agree to swap `cover`."""

    cover: int
    priority: ClassVar[int] = SOON

    @property
    def key(self) -> str:
        return f"propose-swap:{self.cover}"


@dataclass(frozen=True)
class OfferCover(Order):
    """After a rough night: offer to ask the team for cover until `until`."""

    person: str
    team: str
    night: str
    text: str
    start: str
    end: str

    @property
    def key(self) -> str:
        return f"offer-cover:{self.person}:{self.night}"


@dataclass(frozen=True)
class SyncUserGroup(Order):
    """Make the team's Slack user group hold exactly who is on call when it runs. `slot`: when that was noticed."""

    team: str
    slot: str

    @property
    def key(self) -> str:
        return f"user-group:{self.team}:{self.slot}"

    @property
    def lane(self) -> str:
        return f"user-group:{self.team}"


@dataclass(frozen=True)
class SetTeamTopic(Order):
    """Show who is on call in the topic of the team's channel."""

    team: str
    slot: str
    priority: ClassVar[int] = LATER

    @property
    def key(self) -> str:
        return f"team-topic:{self.team}:{self.slot}"

    @property
    def buckets(self) -> tuple[str, ...]:
        return ("conversations.setTopic",)


@dataclass(frozen=True)
class ReadCalendar(Order):
    """Read a team's calendar, the source of its schedule."""

    team: str
    slot: str
    priority: ClassVar[int] = LATER

    @property
    def key(self) -> str:
        return f"calendar:{self.team}:{self.slot}"

    @property
    def lane(self) -> str:
        return f"calendar:{self.team}"


# ---- what is learnt afterwards ------------------------------------------------------------------


@dataclass(frozen=True)
class WrapUp(Order):
    """After an incident was resolved: all that is asked of it, and the draft of its postmortem where one is due."""

    incident: int
    resolved: str

    @property
    def key(self) -> str:
        return f"wrap-up:{self.incident}:{self.resolved}"


@dataclass(frozen=True)
class AskQuestions(Order):
    """Ask whoever resolved it, in one message in the incident's channel: the three questions, what becomes of candidates
    for action items, and which earlier incidents had the same cause."""

    incident: int
    resolved: str

    @property
    def key(self) -> str:
        return f"questions:{self.incident}:{self.resolved}"

    @property
    def lane(self) -> str:
        return f"questions:{self.incident}"


@dataclass(frozen=True)
class RemindQuestions(Order):
    """The timer of the next working morning: looks at what is still open."""

    incident: int
    resolved: str

    @property
    def key(self) -> str:
        return f"remind-questions:{self.incident}:{self.resolved}"


@dataclass(frozen=True)
class AskAgain(Order):
    """Ask once again, in private, and then never more."""

    incident: int
    person: str
    resolved: str

    @property
    def key(self) -> str:
        return f"ask-again:{self.incident}:{self.resolved}"

    @property
    def lane(self) -> str:
        return f"questions:{self.incident}"


@dataclass(frozen=True)
class RedrawQuestions(Order):
    """Make every message that asks something of an incident show what is left to ask, and what people said."""

    incident: int
    priority: ClassVar[int] = SOON

    @property
    def lane(self) -> str:
        return f"questions:{self.incident}"


@dataclass(frozen=True)
class AskReviewer(Order):
    """Ask somebody to read a postmortem. `asked`: when, so that they can be asked again."""

    incident: int
    person: str
    asked: str

    @property
    def key(self) -> str:
        return f"review:{self.incident}:{self.person}:{self.asked}"


@dataclass(frozen=True)
class PostPostmortem(Order):
    """Say in the team's channel (a private incident's: in its own) that a version is published."""

    incident: int
    version: int

    @property
    def key(self) -> str:
        return f"postmortem:{self.incident}:{self.version}"

    @property
    def lane(self) -> str:
        return f"postmortem:{self.incident}"


@dataclass(frozen=True)
class WritePage(Order):
    """Make the incident's page in Confluence, or bring the one that is there up to date. `attempt` counts requests."""

    incident: int
    version: int
    attempt: int = 1
    priority: ClassVar[int] = LATER

    @property
    def key(self) -> str:
        return f"confluence:{self.incident}:{self.version}:{self.attempt}"

    @property
    def lane(self) -> str:
        return f"confluence:{self.incident}"

    @property
    def buckets(self) -> tuple[str, ...]:
        return ("confluence",)


@dataclass(frozen=True)
class DrawCanvas(Order):
    """Show what people have written in the canvas of the incident's channel, unless somebody is writing there."""

    incident: int
    priority: ClassVar[int] = LATER

    @property
    def lane(self) -> str:
        return f"canvas:{self.incident}"


@dataclass(frozen=True)
class ReadCanvas(Order):
    """Take what people wrote in the canvas into the postmortem, because `person` asked for it."""

    incident: int
    person: str
    asked: str

    @property
    def key(self) -> str:
        return f"read-canvas:{self.incident}:{self.asked}"

    @property
    def lane(self) -> str:
        return f"canvas:{self.incident}"


@dataclass(frozen=True)
class RemindPostmortems(Order):
    """Tell the authors of postmortems that are due, and the leads of those that are overdue, by day."""

    slot: str
    priority: ClassVar[int] = LATER

    @property
    def key(self) -> str:
        return f"remind-postmortems:{self.slot}"


# ---- what recurs -----------------------------------------------------------------------------


@dataclass(frozen=True)
class TidyUp(Order):
    """Take away finished jobs and requests that nobody will ask for again. `slot`: the time it is due, in ISO 8601."""

    slot: str
    priority: ClassVar[int] = LATER

    @property
    def key(self) -> str:
        return f"tidy-up:{self.slot}"


@dataclass(frozen=True)
class WatchRotas(Order):
    """See who goes on and off call: notices, user groups, topics, calendars that are due, nights that were rough."""

    slot: str

    @property
    def key(self) -> str:
        return f"watch-rotas:{self.slot}"

    @property
    def lane(self) -> str:
        return "watch-rotas"


@dataclass(frozen=True)
class TellFindings(Order):
    """Tell each team once a week what will go wrong with its schedule in the next 14 days."""

    slot: str
    priority: ClassVar[int] = LATER

    @property
    def key(self) -> str:
        return f"tell-findings:{self.slot}"


@dataclass(frozen=True)
class LookForMarks(Order):
    """Compare the record with what Slack says, in every incident's channel of these days: events can be lost for good."""

    slot: str
    priority: ClassVar[int] = LATER

    @property
    def key(self) -> str:
        return f"look-for-marks:{self.slot}"


@dataclass(frozen=True)
class LookUpAccounts(Order):
    """Look for the Slack accounts of catalog people whom we don't know yet."""

    slot: str
    priority: ClassVar[int] = LATER

    @property
    def key(self) -> str:
        return f"look-up-accounts:{self.slot}"


@dataclass(frozen=True)
class WriteDigests(Order):
    """Ask for the digest of `week` (`2026-W48`), for everybody and for each team."""

    week: str
    priority: ClassVar[int] = LATER

    @property
    def key(self) -> str:
        return f"digests:{self.week}"


@dataclass(frozen=True)
class PostDigest(Order):
    """Post a week's digest in its channel, of one team in that team's; nothing where nothing happened. `team` "": of all."""

    week: str
    team: str
    priority: ClassVar[int] = LATER

    @property
    def buckets(self) -> tuple[str, ...]:
        return ("slack:chat.postMessage",)

    @property
    def key(self) -> str:
        return f"digest:{self.week}:{self.team}"


# ---- Jira ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FileIssue(Order):
    """File an action item in the owning team's project. `attempt` counts the times a person asked."""

    incident: int
    action: str
    attempt: int = 1

    @property
    def buckets(self) -> tuple[str, ...]:
        return ("jira",)

    @property
    def key(self) -> str:
        return f"file:{self.action}:{self.attempt}"

    @property
    def lane(self) -> str:
        return f"action:{self.action}"


@dataclass(frozen=True)
class LinkIssue(Order):
    """Put the link back from the Jira issue to the incident."""

    incident: int
    action: str

    @property
    def buckets(self) -> tuple[str, ...]:
        return ("jira",)

    @property
    def key(self) -> str:
        return f"link:{self.action}"


@dataclass(frozen=True)
class OfIssue:
    """What concerns the issue of one item: one after another, so that what is read is never older than what was written."""

    incident: int
    action: str

    @property
    def buckets(self) -> tuple[str, ...]:
        return ("jira",)

    @property
    def lane(self) -> str:
        return f"action:{self.action}"


@dataclass(frozen=True)
class FollowIssue(OfIssue, Order):
    """Read the issue and let the item follow it. `seen` names the change that was heard of: asked for once each."""

    seen: str

    @property
    def key(self) -> str:
        return f"follow-issue:{self.action}:{self.seen}"


@dataclass(frozen=True)
class MoveIssue(OfIssue, Order):
    """Move the issue to a status that counts as `to`, which `by` decided; nothing once the item says otherwise."""

    to: str
    by: str


@dataclass(frozen=True)
class AssignIssue(OfIssue, Order):
    """Give the issue to whoever owns the item when it runs."""

    by: str


@dataclass(frozen=True)
class RelabelIssue(OfIssue, Order):
    """Give the issue the category that the item has when it runs."""

    by: str


@dataclass(frozen=True)
class SetDue(OfIssue, Order):
    """Give the issue the due date that the item has when it runs."""

    by: str


@dataclass(frozen=True)
class CommentIssue(OfIssue, Order):
    """Say in the issue why it won't be done; nothing once somebody has opened it again."""

    text: str


@dataclass(frozen=True)
class PollIssues(Order):
    """Look for issues that changed in the last `minutes`, a page at a time: webhooks can be lost.

    0 minutes: since the last look.
    """

    slot: str
    minutes: int = 0
    page: str = ""
    priority: ClassVar[int] = LATER

    @property
    def buckets(self) -> tuple[str, ...]:
        return ("jira",)

    @property
    def key(self) -> str:
        return f"poll-issues:{self.slot}:{self.page}"

    @property
    def lane(self) -> str:
        return "poll-issues"


@dataclass(frozen=True)
class SweepIssues(Order):
    """Look at the issues of open items, some at a time, those after the item `after`."""

    slot: str
    after: str = ""
    priority: ClassVar[int] = LATER

    @property
    def buckets(self) -> tuple[str, ...]:
        return ("jira",)

    @property
    def key(self) -> str:
        return f"sweep-issues:{self.slot}:{self.after}"

    @property
    def lane(self) -> str:
        return "sweep-issues"


@dataclass(frozen=True)
class Respond(Order):
    """Answer a click where it was made, through Slack's response URL. `reply` is a flows.Reply as JSON."""

    url: str
    reply: str
    replace: bool = False
    priority: ClassVar[int] = SOON


# ---- updates and who wants them ----------------------------------------------------------------


@dataclass(frozen=True)
class RemindUpdate(Order):
    """The timer of the update that is due at `due`: asks the incident whether it was given. `again`: the second one."""

    incident: int
    due: str
    again: bool = False

    @property
    def key(self) -> str:
        return f"remind-update:{self.incident}:{self.due}" + (":again" if self.again else "")


@dataclass(frozen=True)
class AskForUpdate(Order):
    """Remind `person` of the update that is due, for the reason `why`; "" is the incident's channel."""

    incident: int
    person: str
    why: str
    due: str
    priority: ClassVar[int] = SOON

    @property
    def key(self) -> str:
        return f"ask-for-update:{self.incident}:{self.due}:{self.person}"


@dataclass(frozen=True)
class PostNews(Order):
    """Put a timeline entry that many wait for into the announcement's thread."""

    incident: int
    entry: int
    priority: ClassVar[int] = LATER

    @property
    def key(self) -> str:
        return f"news:{self.entry}"

    @property
    def lane(self) -> str:
        return f"announce:{self.incident}"


@dataclass(frozen=True)
class TellSubscribers(Order):
    """Ask for a message to each who subscribed to what `entry` is about."""

    incident: int
    entry: int
    priority: ClassVar[int] = LATER

    @property
    def key(self) -> str:
        return f"subscribers:{self.entry}"


@dataclass(frozen=True)
class TellSubscriber(Order):
    """Tell one account, which subscribed to `about`, of `entry`: nothing when it must not see it, or wants it no more."""

    incident: int
    entry: int
    slack_id: str
    about: str
    priority: ClassVar[int] = LATER

    @property
    def key(self) -> str:
        return f"subscriber:{self.entry}:{self.slack_id}"

    @property
    def lane(self) -> str:
        return f"subscriber:{self.incident}:{self.slack_id}"

    @property
    def buckets(self) -> tuple[str, ...]:
        return ("subscribers",)


# ---- the care of the channel -------------------------------------------------------------------


@dataclass(frozen=True)
class FollowChannel(Order):
    """What people did to an incident's channel: renamed, archived, unarchived, deleted, joined or left.

    `by` is the Slack id of who did it, or who came and went; "" where Slack does not say. `name`: the new one.
    """

    incident: int
    channel: str
    what: str
    by: str
    name: str
    at: str
    priority: ClassVar[int] = SOON

    @property
    def key(self) -> str:
        return f"follow-channel:{self.channel}:{self.what}:{self.by}:{self.at}"

    @property
    def lane(self) -> str:
        return f"care:{self.incident}"


@dataclass(frozen=True)
class FollowPerson(Order):
    """An account was deactivated: whoever it was can't run an incident any more."""

    slack_id: str
    at: str

    @property
    def key(self) -> str:
        return f"follow-person:{self.slack_id}:{self.at}"


@dataclass(frozen=True)
class RejoinChannel(Order):
    """Come back into a public channel that we were removed from, or that was archived."""

    incident: int
    turn: int
    priority: ClassVar[int] = SOON

    @property
    def key(self) -> str:
        return f"rejoin:{self.incident}:{self.turn}"

    @property
    def lane(self) -> str:
        return f"care:{self.incident}"


@dataclass(frozen=True)
class ReviveChannel(Order):
    """Unarchive the incident's channel; where Slack keeps that to people, a new one is opened."""

    incident: int
    turn: int
    priority: ClassVar[int] = SOON

    @property
    def key(self) -> str:
        return f"revive:{self.incident}:{self.turn}"

    @property
    def lane(self) -> str:
        return f"care:{self.incident}"


@dataclass(frozen=True)
class AskForChannel(Order):
    """Ask somebody who can act to give an open incident its channel back. `lost` is the incident's word for it."""

    incident: int
    person: str
    lost: str
    turn: int
    priority: ClassVar[int] = SOON

    @property
    def key(self) -> str:
        return f"ask-for-channel:{self.incident}:{self.turn}:{self.person}"


@dataclass(frozen=True)
class SayMeanwhile(Order):
    """Say in the channel what happened since `since`, while nothing could be said there."""

    incident: int
    since: str
    turn: int

    @property
    def key(self) -> str:
        return f"meanwhile:{self.incident}:{self.turn}"

    @property
    def lane(self) -> str:
        return f"incident:{self.incident}"


@dataclass(frozen=True)
class ArchiveQuiet(Order):
    """Find ended incidents in whose channels nobody has said anything for long."""

    slot: str
    priority: ClassVar[int] = LATER

    @property
    def key(self) -> str:
        return f"archive-quiet:{self.slot}"


@dataclass(frozen=True)
class SayLast(Order):
    """The last line of a quiet channel: where the record is. `quiet` names the last sign of life."""

    incident: int
    quiet: str
    priority: ClassVar[int] = LATER

    @property
    def key(self) -> str:
        return f"say-last:{self.incident}:{self.quiet}"


@dataclass(frozen=True)
class ArchiveChannel(Order):
    incident: int
    quiet: str
    priority: ClassVar[int] = LATER

    @property
    def key(self) -> str:
        return f"archive:{self.incident}:{self.quiet}"

    @property
    def buckets(self) -> tuple[str, ...]:
        return ("conversations.archive",)


# ---- what broke before -------------------------------------------------------------------------


@dataclass(frozen=True)
class LookForEarlier(Order):
    """Look for earlier incidents that resemble this one. `asked`: "start", or the entry that said more of it."""

    incident: int
    asked: str
    priority: ClassVar[int] = LATER

    @property
    def key(self) -> str:
        return f"look-for-earlier:{self.incident}:{self.asked}"


@dataclass(frozen=True)
class AskAboutEarlier(Order):
    """Ask in the incident's channel whether the earlier incidents that were found had the same cause."""

    incident: int
    asked: str
    priority: ClassVar[int] = LATER

    @property
    def key(self) -> str:
        return f"ask-about-earlier:{self.incident}:{self.asked}"

    @property
    def lane(self) -> str:
        return f"questions:{self.incident}"

    @property
    def buckets(self) -> tuple[str, ...]:
        return (f"channel:{self.incident}",)


@dataclass(frozen=True)
class RaiseIssue(OfIssue, Order):
    """Say in the issue that the incident `again` broke for the reason that the item was to mend, as was `asked` for.

    `higher`: give it the next priority as well; that is looked up first, and stands in `was` and `to` of the order that
    follows. `taken_back`: it was not the reason after all, and the priority `was` goes back `to` what it had been.
    """

    again: int
    text: str
    asked: str = ""
    higher: bool = False
    taken_back: bool = False
    was: str = ""
    to: str = ""

    @property
    def key(self) -> str:
        return f"raise:{self.action}:{self.again}:{self.asked}" + (f":{self.to}" if self.to else "")


# ---- chasing -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class ChasePeople(Order):
    """See for whom, and for which team, it is Monday morning: they are sent what is theirs, once a week."""

    slot: str
    priority: ClassVar[int] = LATER

    @property
    def key(self) -> str:
        return f"chase-people:{self.slot}"


@dataclass(frozen=True)
class SendList(Order):
    """One private message with everything that is somebody's. `left`: only what is of this one, who is gone."""

    person: str
    week: str
    left: str = ""
    priority: ClassVar[int] = LATER

    @property
    def key(self) -> str:
        return f"list:{self.person}:{self.week}" + (f":{self.left}" if self.left else "")

    @property
    def buckets(self) -> tuple[str, ...]:
        return ("lists",)


@dataclass(frozen=True)
class AskWhose(Order):
    """Ask a team's lead, or its channel where `person` is "", to whom an item belongs: `by` says it is not theirs."""

    incident: int
    action: str
    person: str
    by: str
    asked: str

    @property
    def key(self) -> str:
        return f"ask-whose:{self.action}:{self.asked}"


@dataclass(frozen=True)
class Say(Order):
    """Answer what somebody said or tapped, once for each `about`. `message` is its text and blocks as JSON.

    `thread` is where it belongs ("": in the channel itself). `only_for` a Slack account: nobody else reads it.
    """

    about: str
    channel: str
    message: str
    thread: str = ""
    only_for: str = ""
    priority: ClassVar[int] = SOON

    @property
    def key(self) -> str:
        return f"say:{self.about}"


@dataclass(frozen=True)
class PublishHome(Order):
    """Draw somebody's App Home as it stands when this runs: twice is harmless."""

    slack_id: str
    priority: ClassVar[int] = SOON

    @property
    def lane(self) -> str:
        return f"home:{self.slack_id}"

    @property
    def buckets(self) -> tuple[str, ...]:
        return ("slack:views.publish",)
