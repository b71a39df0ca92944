"""What people tap: each action id leads to one flow. To add a button: one row of TAPS."""

from collections.abc import Awaitable, Callable, Mapping

from bot.flows import Asking, Reply, World, actions, choices, covers, feeds, incidents, pages
from bot.models import Role

Tap = Callable[[World, Asking, str], Awaitable[Reply]]
"""Gets the button's value, without the incident that stood in front of it."""


async def start_anyway(world: World, asking: Asking, value: str) -> Reply:
    return await incidents.start(world, asking, text=value, anyway=True)


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


async def choice_undo(world: World, asking: Asking, value: str) -> Reply:
    return await choices.undo(world, asking, id=value)


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
}

OF_NONE = frozenset(
    name for name in TAPS if name.startswith(("start_anyway", "cover_", "swap_", "feed_", "choice_"))
)
OF_AN_INCIDENT = frozenset(TAPS) - OF_NONE
"""Their buttons' values begin with the incident's number."""

SETTLED = frozenset({"still_on_it", "swap_agree", "swap_decline", "cover_confirm", "cover_undo"})
"""What came of these takes the place of the message with the button, so that nobody answers it twice."""

BESIDE = frozenset({"cover_take", "feed_link", "feed_revoke"})
"""What came of these is said to the one who tapped, beside the message."""
