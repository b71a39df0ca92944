"""What can never be done is told to somebody who can act, with the fix, and stands in the timeline."""

import hashlib

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core.decision import Decision
from bot.core.jobs import (
    AddBookmark,
    Announce,
    ArchiveChannel,
    AskAboutEarlier,
    AskAgain,
    AskForChannel,
    AskForCover,
    AskForUpdate,
    AskGuide,
    AskOwner,
    AskQuestions,
    AskReviewer,
    AskToResolve,
    AskWhose,
    AssignIssue,
    Closing,
    CommentIssue,
    FileIssue,
    FollowIssue,
    InvitePeople,
    LinkIssue,
    MarkMessage,
    MoveIssue,
    NotifyPerson,
    OfferCover,
    OpenChannel,
    Order,
    PagePerson,
    PinHeadline,
    PostDigest,
    PostHeadline,
    PostLine,
    PostNews,
    PostPostmortem,
    ProposeSwap,
    RaiseIssue,
    RejoinChannel,
    RelabelIssue,
    ReportClosed,
    ReviveChannel,
    SayLast,
    SayMeanwhile,
    SetDue,
    SetTeamTopic,
    SetTopic,
    SyncUserGroup,
    Tell,
    TellTeam,
    WritePage,
)
from bot.core.paging import OPEN
from bot.core.timeline import ActionNotFiled, CouldNot, event
from bot.engine import enqueue
from bot.flows import Scene, World, guides, issues, pages, privacy, scene
from bot.models import Cover, Incident, Job

DOING: dict[type[Order], str] = {
    OpenChannel: "open the channel",
    InvitePeople: "invite people to the channel",
    PostHeadline: "post the headline",
    PinHeadline: "pin the headline",
    SetTopic: "set the channel's topic",
    AddBookmark: "add the bookmark",
    Announce: "announce the incident",
    PostLine: "post to the channel",
    MarkMessage: "read the message that was marked",
    TellTeam: "tell the team's channel",
    Tell: "send a direct message",
    ReportClosed: "report what was closed",
    AskOwner: "ask whoever has it whether they are still on it",
    AskToResolve: "ask whether it is resolved now that no alert fires",
    LinkIssue: "link the Jira issue back to the incident",
    AskForUpdate: "remind of the update that is due",
    AskForChannel: "ask for the incident's channel back",
    RejoinChannel: "come back into the channel",
    ReviveChannel: "bring the channel back",
    SayMeanwhile: "say in the channel what happened meanwhile",
    PostNews: "post to the announcement's thread",
    SayLast: "say the last word in the quiet channel",
    ArchiveChannel: "archive the quiet channel",
    AskQuestions: "ask what stopped it",
    AskAgain: "ask once again what stopped it",
    AskReviewer: "ask for a review of the postmortem",
    PostPostmortem: "tell of the published postmortem",
    WritePage: "write the postmortem's page in Confluence",
    CommentIssue: "say in the Jira issue why it won't be done",
    AskAboutEarlier: "ask whether it broke before",
    AskWhose: "ask whose an action item is",
    RaiseIssue: "tell the Jira issue of an earlier action item that it broke again",
}
"""What an order was to do, as people say it; orders that are not here fail without anybody missing them."""

FOR_A_TEAM: dict[type[Order], str] = {
    AskForCover: "ask for cover",
    ProposeSwap: "propose the swap",
    OfferCover: "offer cover after a rough night",
    SyncUserGroup: "keep the Slack user group in step with who is on call",
    SetTeamTopic: "show who is on call in the channel's topic",
    PostDigest: "post the weekly digest",
}
"""The same for what belongs to a team and to no incident."""


async def gave_up(world: World, session: AsyncSession, job: Job, order: Order | None, reason: str) -> None:
    """Called by the engine in the transaction that gives a job up."""
    if isinstance(order, PagePerson):
        await pages.undeliverable(world, session, order, reason)
        return
    if isinstance(order, NotifyPerson):
        await pages.not_notified(world, session, order, reason)
        return
    if isinstance(order, AskGuide):
        await guides.unreachable(world, session, order, reason)
        return
    if isinstance(order, FileIssue):
        await not_filed(world, session, order, reason)
        return
    if isinstance(order, MoveIssue | AssignIssue | SetDue | RelabelIssue):
        await issues.refused(world, session, order, reason)
        return
    if isinstance(order, FollowIssue):
        await issues.unseen(world, session, order, reason)
        return
    if order is not None and type(order) in FOR_A_TEAM:
        await _tell_team(world, session, job, type(order), reason)
        return
    if isinstance(order, Closing) and not isinstance(order, ReportClosed):
        await privacy.not_closed(world, session, order, reason)
        return
    number = job.payload.get("incident")
    incident = await store.locked(session, number) if isinstance(number, int) else None
    if order is None or incident is None or type(order) not in DOING:
        return
    s = await scene(session, world, incident, "")
    what = DOING[type(order)]
    told = CouldNot(what, reason)
    if any(event(entry.kind, entry.data) == told for entry in await store.entries(session, incident.id or 0)):
        return  # an archived channel refuses every line and topic: people have read why and how to mend it
    # Nobody waits for an announcement of what could not be said: a failed message is not followed by another.
    says = (
        ()
        if isinstance(order, Tell | TellTeam | PostLine | AskToResolve)
        else _tell(_whom(s), s.incident, what, reason, job)
    )
    more: tuple[Order, ...] = (
        (Announce(number),) if isinstance(order, OpenChannel) and isinstance(number, int) else ()
    )
    await s.record(Decision(events=(told,), jobs=says + more))


async def _tell_team(world: World, session: AsyncSession, job: Job, kind: type[Order], reason: str) -> None:
    """What belongs to no incident is told in the team's channel, what belongs to all teams in the fallback team's; once a
    day for the same reason."""
    number = job.payload.get("cover")
    cover = await session.get(Cover, number) if isinstance(number, int) else None
    team = str(job.payload.get("team") or (cover.team if cover else "") or world.catalog.fallback_team)
    if team not in world.catalog.teams:
        return
    now = world.clock()
    mark = hashlib.sha256(f"{kind.__name__} {reason}".encode()).hexdigest()[:12]
    text = f"Writeback could not {FOR_A_TEAM[kind]}: {reason}."
    order = TellTeam(team, text, 0, f"failed:{mark}:{now:%Y-%m-%d}", loud=False)
    await enqueue(session, order, now=now)


def _whom(s: Scene) -> str:
    """Who asked for it; where monitoring did, whoever has the incident or is asked to take it. "": nobody."""
    asked = [page.person for page in s.pages if page.state in OPEN and not page.person.startswith("#")]
    return next(filter(None, [s.incident.declarer, s.incident.owner, *asked, s.team.lead]), "")


def _tell(person: str, incident: Incident, what: str, reason: str, job: Job) -> tuple[Order, ...]:
    assert incident.id is not None
    if not person:
        return ()
    text = f"{incident.key} “{incident.title}”: Writeback could not {what}. {reason}."
    return (Tell(person, text, incident.id, f"{incident.id}:job:{job.id}"),)


async def not_filed(world: World, session: AsyncSession, order: FileIssue, reason: str) -> None:
    """The item stays, with what is wrong; whoever asked for it is told once a try, and can file it again."""
    incident = await store.locked(session, order.incident)
    action = await store.action(session, order.action)
    if incident is None or action is None or action.jira:
        return
    action.problem = reason
    session.add(action)
    failed = ActionNotFiled(action.id, action.title, reason)
    again = f"`/incident actions {incident.key}` files it again once that is mended."
    text = f"“{action.title}” ({incident.key}) could not be filed: {reason}. {again}"
    tell = Tell(action.created_by, text, order.incident, f"{order.action}:{order.attempt}")
    s = await scene(session, world, incident, "")
    await s.record(Decision(events=(failed,), spoken=(failed,), jobs=(tell,)))
