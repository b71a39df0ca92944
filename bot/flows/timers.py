"""Jobs that are a transaction of our own and nothing outside: timers, and what recurs. To add one: a row of
TIMERS, and of RECURRING when the clock asks for it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from bot import store
from bot.core.digests import week_of
from bot.core.jobs import (
    ArchiveQuiet,
    ChasePeople,
    CheckIn,
    Escalate,
    FollowChannel,
    FollowMessage,
    FollowPerson,
    ForgetElsewhere,
    LapseGuide,
    LapsePage,
    LookForEarlier,
    LookForMarks,
    LookUpAccounts,
    Order,
    PageOn,
    PollIssues,
    RemindPostmortems,
    RemindQuestions,
    RemindUpdate,
    ReportClosed,
    SayAlerts,
    SettleAlert,
    SweepIssues,
    TellFindings,
    TellSubscribers,
    TidyUp,
    WatchRotas,
    WrapUp,
    WriteDigests,
)
from bot.engine import Context, Done, Handler, Line
from bot.flows import (
    World,
    accounts,
    alerts,
    cadence,
    channels,
    chasing,
    digests,
    guides,
    pages,
    postmortems,
    privacy,
    questions,
    rotas,
    subscriptions,
    timelines,
    verdicts,
)

Act = Callable[[World, Any], Awaitable[object]]
"""Each asks the rows and not its memory: late, early or twice, it does no more than what is due."""


async def _look_up_accounts(world: World, order: LookUpAccounts) -> None:
    await accounts.look_up_everyone(world)


async def _look_for_marks(world: World, order: LookForMarks) -> None:
    await timelines.catch_up(world, world.clock())


TIMERS: Mapping[type[Order], Act] = {
    Escalate: pages.timed_out,
    LapsePage: pages.lapsed,
    LapseGuide: guides.lapsed,
    CheckIn: pages.checked_in,
    PageOn: pages.paged_on,
    SayAlerts: alerts.said,
    SettleAlert: alerts.settled,
    FollowMessage: timelines.followed,
    ReportClosed: privacy.report,
    WatchRotas: rotas.watch,
    TellFindings: rotas.tell_findings,
    WriteDigests: digests.write,
    LookUpAccounts: _look_up_accounts,
    LookForMarks: _look_for_marks,
    RemindUpdate: cadence.due,
    TellSubscribers: subscriptions.fan_out,
    FollowChannel: channels.followed,
    FollowPerson: channels.person_gone,
    ArchiveQuiet: channels.find_quiet,
    WrapUp: questions.wrapped_up,
    RemindQuestions: questions.reminded,
    RemindPostmortems: postmortems.remind,
    LookForEarlier: verdicts.look,
    ForgetElsewhere: verdicts.forget,
    ChasePeople: chasing.chase,
}


def handlers(world: World) -> Mapping[type[Order], Handler]:
    async def tidy_up(order: TidyUp, ctx: Context) -> Done:
        return Done(then=partial(store.tidy, now=world.clock()))

    return {**{order: _acting(world, act) for order, act in TIMERS.items()}, TidyUp: tidy_up}


def _acting(world: World, act: Act) -> Handler:
    async def handle(order: Any, ctx: Context) -> Done:
        await act(world, order)
        return Done()

    return handle


def _line(name: str, spec: str, order: Callable[[str], Order]) -> Line:
    return Line(name, spec, lambda slot: order(slot.isoformat()))


RECURRING: Sequence[Line] = (
    _line("watch rotas", "* * * * *", WatchRotas),
    _line("chase people", "0 * * * *", ChasePeople),
    _line("remind postmortems", "23 * * * *", RemindPostmortems),
    _line("catch up", "41 * * * *", LookForMarks),
    _line("archive quiet channels", "41 * * * *", ArchiveQuiet),
    _line("look up accounts", "7 */6 * * *", LookUpAccounts),
    _line("tidy up", "17 3 * * *", TidyUp),
    _line("tell findings", "0 8 * * 1", TellFindings),
    # After the findings, when people in Europe are up; a slot that was missed is still about the week before it.
    Line("digest", "0 9 * * 1", lambda slot: WriteDigests(str(week_of(slot - timedelta(weeks=1))))),
)
"""What the clock asks for, in UTC. To add one: a row here and, for what it asks, one of TIMERS."""


def recurring(poll: timedelta | None) -> Sequence[Line]:
    """RECURRING, and the looks at Jira every `poll`, which divides an hour; None: there is no Jira, or no looking."""
    if poll is None:
        return RECURRING
    minutes = int(poll / timedelta(minutes=1))
    every = f"*/{minutes} * * * *" if minutes < 60 else "0 * * * *"
    return (
        _line("poll issues", every, PollIssues),
        _line("sweep issues", "23 * * * *", SweepIssues),
        *RECURRING,
    )
