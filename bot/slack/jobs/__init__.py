"""What jobs do in Slack: each handler makes one effect, and looks before it repeats one whose outcome is unknown.

To add one: a function beside its like, and a row here.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

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
    CatchUp,
    DrawCanvas,
    FindAccount,
    InvitePeople,
    LearnProfile,
    MarkMessage,
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
    PublishHome,
    ReadCanvas,
    RedrawAnnouncement,
    RedrawGuide,
    RedrawHeadline,
    RedrawPage,
    RedrawQuestions,
    RejoinChannel,
    Respond,
    ReviveChannel,
    Say,
    SayLast,
    SayMeanwhile,
    SendList,
    SetTeamTopic,
    SetTopic,
    SyncUserGroup,
    Tell,
    TellSubscriber,
    TellTeam,
)
from bot.engine import Context, Done, GiveUp, Handler, Retry
from bot.flows import World, channels
from bot.slack.client import SlackRefused
from bot.slack.jobs import (
    accounts,
    care,
    chasing,
    guides,
    headline,
    learning,
    marks,
    oncall,
    opening,
    pages,
    saying,
)
from bot.slack.jobs.speaker import Speaker

Handle = Callable[[Speaker, Any, Context], Awaitable[Done]]

IN_THE_CHANNEL: Mapping[type[Order], Handle] = {
    InvitePeople: opening.invite_people,
    PostHeadline: headline.post_headline,
    RedrawHeadline: headline.redraw_headline,
    PinHeadline: headline.pin_headline,
    SetTopic: opening.set_topic,
    AddBookmark: opening.add_bookmark,
    PostLine: saying.post_line,
    CatchUp: marks.catch_up,
    AskForUpdate: saying.ask_for_update,
    SayMeanwhile: care.say_meanwhile,
    SayLast: care.say_last,
    ArchiveChannel: care.archive_channel,
    AskToResolve: saying.ask_to_resolve,
    AskQuestions: learning.ask_questions,
    AskAgain: learning.ask_again,
    AskAboutEarlier: learning.ask_about_earlier,
    RedrawQuestions: learning.redraw_questions,
    AskReviewer: learning.ask_reviewer,
    PostPostmortem: learning.post_postmortem,
    DrawCanvas: learning.draw_canvas,
    ReadCanvas: learning.read_canvas,
}
"""Where Slack's refusal shows that the incident's channel is gone, and the job then goes another way."""

ELSEWHERE: Mapping[type[Order], Handle] = {
    PagePerson: pages.page_person,
    RedrawPage: pages.redraw_page,
    OpenChannel: opening.open_channel,
    Announce: headline.announce,
    RedrawAnnouncement: headline.redraw_announcement,
    MarkMessage: marks.mark_message,
    PostNews: saying.post_news,
    TellSubscriber: saying.tell_subscriber,
    RejoinChannel: care.rejoin_channel,
    ReviveChannel: care.revive_channel,
    AskForChannel: care.ask_for_channel,
    Tell: saying.tell,
    TellTeam: saying.tell_team,
    FindAccount: accounts.find_account,
    LearnProfile: accounts.learn_profile,
    AskOwner: pages.ask_owner,
    AskGuide: guides.ask_guide,
    RedrawGuide: guides.redraw_guide,
    AskForCover: oncall.ask_for_cover,
    ProposeSwap: oncall.propose_swap,
    OfferCover: oncall.offer_cover,
    SyncUserGroup: oncall.sync_user_group,
    SetTeamTopic: oncall.set_team_topic,
    PostDigest: saying.post_digest,
    Respond: saying.respond,
    Say: saying.say,
    PublishHome: accounts.publish_home,
    SendList: chasing.send_list,
    AskWhose: chasing.ask_whose,
}

LOST = frozenset({"channel_not_found", "is_archived", "not_in_channel"})
"""Slack's words for a channel that was deleted, archived, or that we were removed from."""


def handlers(world: World, client: AsyncWebClient) -> Mapping[type[Order], Handler]:
    slack = Speaker(world, client)
    return {
        **{order: partial(handle, slack) for order, handle in ELSEWHERE.items()},
        **{order: _caring(slack, handle) for order, handle in IN_THE_CHANNEL.items()},
    }


def _caring(slack: Speaker, handler: Handle) -> Handler:
    """`handler`, noticing by Slack's refusal that the incident's channel is gone; then the job goes another way."""

    async def handle(order: Any, ctx: Context) -> Done | None:
        try:
            return await handler(slack, order, ctx)
        except GiveUp as error:
            refused = error.__cause__
            if not isinstance(refused, SlackRefused) or refused.error not in LOST:
                raise
            if not await channels.lost(slack.world, order.incident, refused.channel, refused.error):
                raise
            raise Retry(f"the channel is lost: {refused.error}", after=timedelta(seconds=0.2)) from error

    return handle
