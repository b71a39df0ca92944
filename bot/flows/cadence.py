"""Updates that are due: who is reminded, and the one tap that answers."""

from datetime import datetime

from bot import store
from bot.core import cadence
from bot.core.jobs import RemindUpdate
from bot.flows import Asking, Reply, Scene, World, change, scene


async def due(world: World, order: RemindUpdate) -> None:
    """The timer of an update. It asks the row, and its line in the timeline keeps a second run from reminding again."""
    async with world.db.transaction() as session:
        incident = await store.locked(session, order.incident)
        if incident is None or await store.has_line(session, order.incident, order.key):
            return
        s = await scene(session, world, incident, "")
        every = world.config.updates.cadence
        decision = cadence.reminded(
            incident, datetime.fromisoformat(order.due), every, again=order.again, now=s.now
        )
        if decision.events:
            await s.record(decision, source=order.key)


async def no_change(world: World, asking: Asking, *, due: str) -> Reply:
    """`due` names the update that the button stands for: tapped late or twice it says nothing more."""

    async def act(s: Scene) -> Reply:
        decision = cadence.unchanged(s.incident, datetime.fromisoformat(due))
        if not decision.events:
            return Reply(f"{s.incident.key}: that update was given already.{_next(s)}", s.incident.id)
        await s.record(decision)
        return Reply(f"Said that nothing has changed in {s.incident.key}.{_next(s)}", s.incident.id)

    return await change(world, asking, "update", act)


def _next(s: Scene) -> str:
    at = s.incident.next_update_at
    return f" The next update is due in {_minutes(at, s.now)}." if at else ""


def _minutes(at: datetime, now: datetime) -> str:
    minutes = round((at - now).total_seconds() / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
