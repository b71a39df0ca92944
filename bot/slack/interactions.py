"""What people tap: each action id leads to one flow. To add a button: one row of TAPS."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.core import Refused
from bot.core.incidents import flagged
from bot.core.questions import Question
from bot.flows import (
    Asking,
    Reply,
    World,
    actions,
    cadence,
    channels,
    choices,
    covers,
    evidence,
    feeds,
    guides,
    incidents,
    mentions,
    pages,
    postmortems,
    questions,
    subscriptions,
    switches,
    verdicts,
)
from bot.models import Helped, Role
from bot.slack import commands

Tap = Callable[[World, Asking, str], Awaitable[Reply]]
"""Gets the button's value, without the incident that stood in front of it."""


async def start_anyway(world: World, asking: Asking, value: str) -> Reply:
    text, private, test = flagged(value)
    return await incidents.start(world, asking, text=text, anyway=True, private=private, test=test)


async def take_lead(world: World, asking: Asking, value: str) -> Reply:
    return await incidents.role(world, asking, Role.LEAD)


async def acknowledge(world: World, asking: Asking, value: str) -> Reply:
    return await pages.acknowledge(world, asking)


async def decline(world: World, asking: Asking, value: str) -> Reply:
    return await pages.decline(world, asking)


async def escalate(world: World, asking: Asking, value: str) -> Reply:
    return await pages.escalate(world, asking)


async def resolve(world: World, asking: Asking, value: str) -> Reply:
    return await incidents.resolve(world, asking)


async def reopen(world: World, asking: Asking, value: str) -> Reply:
    return await incidents.reopen(world, asking)


async def join(world: World, asking: Asking, value: str) -> Reply:
    return await incidents.join(world, asking)


async def set_service(world: World, asking: Asking, value: str) -> Reply:
    return await incidents.service(world, asking, named=value)


async def categorise(world: World, asking: Asking, value: str) -> Reply:
    action_id, _, category = value.partition(" ")
    return await actions.categorise(world, asking, action_id=action_id, category=category)


async def candidate_yes(world: World, asking: Asking, value: str) -> Reply:
    return await evidence.confirm(world, asking, action_id=value, wanted=True)


async def candidate_no(world: World, asking: Asking, value: str) -> Reply:
    return await evidence.confirm(world, asking, action_id=value, wanted=False)


async def still_on_it(world: World, asking: Asking, value: str) -> Reply:
    return await pages.still_there(world, asking)


async def cover_confirm(world: World, asking: Asking, value: str) -> Reply:
    return await covers.confirm(world, asking, value)


async def cover_cancel(world: World, asking: Asking, value: str) -> Reply:
    return await covers.dropped(world, asking)


async def cover_take(world: World, asking: Asking, value: str) -> Reply:
    return await covers.take(world, asking, int(value))


async def cover_undo(world: World, asking: Asking, value: str) -> Reply:
    return await covers.undo(world, asking, int(value))


async def swap_agree(world: World, asking: Asking, value: str) -> Reply:
    return await covers.agree(world, asking, int(value), yes=True)


async def swap_decline(world: World, asking: Asking, value: str) -> Reply:
    return await covers.agree(world, asking, int(value), yes=False)


async def feed_link(world: World, asking: Asking, value: str) -> Reply:
    kind, _, team = value.partition(" ")
    return await feeds.link(world, asking, team=team if kind == "team" else "")


async def feed_revoke(world: World, asking: Asking, value: str) -> Reply:
    return await feeds.revoke(world, asking, "" if value == "-" else value)


async def switch_pulled(world: World, asking: Asking, value: str) -> Reply:
    return await switches.pulled(world, asking, text=value, carried=True)


async def switch_helped(world: World, asking: Asking, value: str) -> Reply:
    use, _, helped = value.partition(" ")
    return await switches.judged(world, asking, use_id=int(use), helped=Helped(helped))


async def switch_mitigate(world: World, asking: Asking, value: str) -> Reply:
    return await switches.stopped(world, asking, name=value)


async def switch_missing(world: World, asking: Asking, value: str) -> Reply:
    return await switches.missing(world, asking)


async def switch_drilled(world: World, asking: Asking, value: str) -> Reply:
    use, _, helped = value.partition(" ")
    return await switches.drilled(world, asking, use_id=int(use), helped=Helped(helped))


async def guide_ask(world: World, asking: Asking, value: str) -> Reply:
    return await guides.ask(world, asking, text=value)


async def guide_came(world: World, asking: Asking, value: str) -> Reply:
    return await guides.came(world, asking, guidance_id=int(value))


async def guide_declined(world: World, asking: Asking, value: str) -> Reply:
    return await guides.declined(world, asking, guidance_id=int(value))


async def take_comms(world: World, asking: Asking, value: str) -> Reply:
    return await incidents.role(world, asking, Role.COMMS)


async def take_scribe(world: World, asking: Asking, value: str) -> Reply:
    return await incidents.role(world, asking, Role.SCRIBE)


async def leave_lead(world: World, asking: Asking, value: str) -> Reply:
    return await incidents.leave_role(world, asking, Role.LEAD, mine=True)


async def no_change(world: World, asking: Asking, value: str) -> Reply:
    return await cadence.no_change(world, asking, due=value)


async def subscribe(world: World, asking: Asking, value: str) -> Reply:
    return await subscriptions.subscribe(world, asking)


async def unsubscribe(world: World, asking: Asking, value: str) -> Reply:
    return await subscriptions.unsubscribe(world, asking, named=value)


async def channel_back(world: World, asking: Asking, value: str) -> Reply:
    return await channels.revive(world, asking)


async def start_said(world: World, asking: Asking, value: str) -> Reply:
    return await mentions.start(world, asking, value)


async def mark_said(world: World, asking: Asking, value: str) -> Reply:
    return await mentions.mark(world, asking, value)


async def do_said(world: World, asking: Asking, value: str) -> Reply:
    """The words that were said, by whoever taps first; they need the rights for it."""
    said = await mentions.recalled(world, value)
    answer = await commands.incident(world, replace(asking, id=f"do:{said.id}"), said.raw)
    return answer if isinstance(answer, Reply) else Reply(answer.text)


async def not_one(world: World, asking: Asking, value: str) -> Reply:
    return await mentions.dismiss(world, asking, value)


async def question_answer(world: World, asking: Asking, value: str) -> Reply:
    question, _, word = value.partition(" ")
    return await questions.answer(world, asking, _question(question), word, late=True)


async def question_skip(world: World, asking: Asking, value: str) -> Reply:
    return await questions.skip(world, asking, _question(value))


def _question(word: str) -> Question:
    if word not in set(Question):
        raise Refused("That question is not asked any more.")
    return Question(word)


async def postmortem_publish(world: World, asking: Asking, value: str) -> Reply:
    return await postmortems.publish(world, asking)


async def postmortem_canvas(world: World, asking: Asking, value: str) -> Reply:
    return await postmortems.ask_canvas(world, asking)


async def review_good(world: World, asking: Asking, value: str) -> Reply:
    return await postmortems.review(world, asking)


async def choice_undo(world: World, asking: Asking, value: str) -> Reply:
    return await choices.undo(world, asking, id=value)


async def same_cause(world: World, asking: Asking, value: str) -> Reply:
    return await verdicts.decide(world, asking, earlier_key=value, same=True)


async def not_same(world: World, asking: Asking, value: str) -> Reply:
    return await verdicts.decide(world, asking, earlier_key=value, same=False)


TAPS: Mapping[str, Tap] = {
    "page_ack": acknowledge,
    "page_decline": decline,
    "page_escalate": escalate,
    "take_lead": take_lead,
    "resolve": resolve,
    "reopen": reopen,
    "join": join,
    "set_service": set_service,
    "categorise": categorise,
    "start_anyway": start_anyway,
    "candidate_yes": candidate_yes,
    "candidate_no": candidate_no,
    "keep_candidate": candidate_yes,
    "drop_candidate": candidate_no,
    "still_on_it": still_on_it,
    "cover_confirm": cover_confirm,
    "cover_cancel": cover_cancel,
    "cover_take": cover_take,
    "cover_undo": cover_undo,
    "swap_agree": swap_agree,
    "swap_decline": swap_decline,
    "feed_link": feed_link,
    "feed_revoke": feed_revoke,
    "choice_undo": choice_undo,
    "switch_pulled": switch_pulled,
    "switch_helped": switch_helped,
    "switch_mitigate": switch_mitigate,
    "switch_missing": switch_missing,
    "switch_drilled": switch_drilled,
    "guide_ask": guide_ask,
    "guide_came": guide_came,
    "guide_declined": guide_declined,
    "take_comms": take_comms,
    "take_scribe": take_scribe,
    "leave_lead": leave_lead,
    "no_change": no_change,
    "subscribe": subscribe,
    "unsubscribe": unsubscribe,
    "channel_back": channel_back,
    "start_said": start_said,
    "mark_said": mark_said,
    "do_said": do_said,
    "not_one": not_one,
    "question_answer": question_answer,
    "question_skip": question_skip,
    "postmortem_publish": postmortem_publish,
    "postmortem_canvas": postmortem_canvas,
    "review_good": review_good,
    "same_cause": same_cause,
    "not_same": not_same,
}

MENTIONS = frozenset({"start_said", "mark_said", "do_said", "not_one"})
OF_NONE = MENTIONS | {
    name
    for name in TAPS
    if name.startswith(
        ("start_anyway", "cover_", "swap_", "feed_", "choice_", "switch_drilled", "unsubscribe")
    )
}
OF_AN_INCIDENT = frozenset(TAPS) - OF_NONE
"""Their buttons' values begin with the incident's number."""

SETTLED = MENTIONS | {
    "candidate_no",
    "candidate_yes",
    "channel_back",
    "cover_confirm",
    "cover_undo",
    "no_change",
    "review_good",
    "still_on_it",
    "swap_agree",
    "swap_decline",
}
"""What came of these takes the place of the message with the button, so that nobody answers it twice."""

BESIDE = frozenset(
    {
        "cover_take",
        "drop_candidate",
        "feed_link",
        "feed_revoke",
        "keep_candidate",
        "postmortem_canvas",
        "postmortem_publish",
        "not_same",
        "reopen",
        "resolve",
        "same_cause",
        "subscribe",
        "switch_missing",
        "switch_pulled",
        "unsubscribe",
    }
)
"""What came of these is said to the one who tapped, beside the message."""
