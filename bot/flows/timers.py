"""Jobs that are a transaction of our own and nothing outside: timers, and what recurs. To add one: a row of `handlers`."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from bot import store
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
    RemindPostmortems,
    RemindQuestions,
    RemindUpdate,
    ReportClosed,
    SayAlerts,
    SettleAlert,
    TellFindings,
    TellSubscribers,
    TidyUp,
    WatchRotas,
    WrapUp,
    WriteDigests,
)
from bot.engine import Context, Done, Handler
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
