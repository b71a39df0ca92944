"""What people tap: each action id leads to one flow. To add a button: one row of TAPS."""

from collections.abc import Awaitable, Callable, Mapping

from bot.core.incidents import flagged
from bot.flows import (
    Asking,
    Reply,
    World,
    actions,
    cadence,
    channels,
    covers,
    evidence,
    feeds,
    guides,
    incidents,
    pages,
    subscriptions,
    switches,
    verdicts,
)
from bot.models import Helped, Role

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


async def file_again(world: World, asking: Asking, value: str) -> Reply:
    return await actions.file_again(world, asking, action_id=value)


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
    "file_again": file_again,
    "start_anyway": start_anyway,
    "candidate_yes": candidate_yes,
    "candidate_no": candidate_no,
    "still_on_it": still_on_it,
    "cover_confirm": cover_confirm,
    "cover_cancel": cover_cancel,
    "cover_take": cover_take,
    "cover_undo": cover_undo,
    "swap_agree": swap_agree,
    "swap_decline": swap_decline,
    "feed_link": feed_link,
    "feed_revoke": feed_revoke,
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
    "same_cause": same_cause,
    "not_same": not_same,
}

OF_NONE = frozenset(
    name
    for name in TAPS
    if name.startswith(("start_anyway", "cover_", "swap_", "feed_", "switch_drilled", "unsubscribe"))
)
OF_AN_INCIDENT = frozenset(TAPS) - OF_NONE
"""Their buttons' values begin with the incident's number."""

SETTLED = frozenset(
    {"still_on_it", "swap_agree", "swap_decline", "cover_confirm", "cover_undo", "no_change", "channel_back"}
)
"""What came of these takes the place of the message with the button, so that nobody answers it twice."""

BESIDE = frozenset(
    {
        "cover_take",
        "feed_link",
        "feed_revoke",
        "not_same",
        "reopen",
        "same_cause",
        "subscribe",
        "switch_missing",
        "switch_pulled",
        "unsubscribe",
    }
)
"""What came of these is said to the one who tapped, beside the message."""
