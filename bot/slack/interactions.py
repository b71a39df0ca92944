"""What people tap: each action id leads to one flow. To add a button: one row of TAPS."""

from collections.abc import Awaitable, Callable, Mapping

from bot.flows import Asking, Reply, World, actions, incidents, pages
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


async def file_again(world: World, asking: Asking, value: str) -> Reply:
    return await actions.file_again(world, asking, action_id=value)


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
}

OF_AN_INCIDENT = frozenset(TAPS) - {"start_anyway"}
"""Their buttons' values begin with the incident's number."""
