"""Switches: pulling one is recorded, with whether it helped; a drill too; no switch where one was wanted makes a candidate."""

import secrets
from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import Refused, actions, incidents, ownership, readiness, switches
from bot.core.decision import Decision
from bot.core.timeline import ActionSuggested
from bot.flows import Asking, Choice, Reply, Scene, World, change, once
from bot.models import Action, ActionState, Helped, Mitigation, Service, SwitchUse

HELPED: tuple[tuple[str, Helped], ...] = (
    ("Yes", Helped.YES),
    ("No", Helped.NO),
    ("Too early", Helped.UNKNOWN),
)

BUTTONS = 30
"""Switches that have a button; a message holds 50 blocks. The others are pulled by typing."""

CARRIED = 1500
"""Characters of a switch's name that a button carries; Slack allows 2,000 bytes of value."""

LINES = 6000
"""Characters of the list of switches."""


def _service(s: Scene) -> Service | None:
    return s.catalog.services.get(s.incident.service)


async def listed(world: World, asking: Asking, *, text: str) -> Reply:
    """The switches of the incident's service, or the one that `text` names, each one tap from being recorded."""

    async def act(s: Scene) -> Reply:
        service, number = _service(s), s.incident.id
        uses = await store.switch_uses(s.session, s.incident.id or 0)
        missing = Choice("No switch for this", "switch_missing", str(number))
        if service is None or not service.switches:
            return Reply("\n".join([_none(s, service), *_pulls(s, uses)]), number, (*_open(uses), missing))
        shown = list(service.switches)
        if text:
            name, _ = switches.which(text, service, of=service.id)
            shown = [switch for switch in shown if switch.name == name]
        lines, length = [_offer(len(service.switches), service.id)], 0
        for switch in shown:
            line = f"• {switch.name[:200]}" + (f": {switch.how[:300]}" if switch.how else "")
            length += len(line)
            if length > LINES:
                lines.append("… and more: `/incident switch name` shows one of them.")
                break
            lines.append(line)
        pulls = tuple(
            Choice(f"I pulled it: {switch.name}"[:75], "switch_pulled", f"{number} {switch.name[:CARRIED]}")
            for switch in shown[:BUTTONS]
        )
        return Reply("\n".join([*lines, *_pulls(s, uses)]), number, (*_open(uses), *pulls, missing))

    return await change(world, asking, "switch", act)


def _offer(count: int, of: str) -> str:
    return f"{count} {'thing' if count == 1 else 'things'} you can turn off in {of}:"


def _none(s: Scene, service: Service | None) -> str:
    if service is not None:
        return f"No switch is known for {service.id}: nothing can be turned off without a deploy."
    if not s.incident.service:
        return f"{s.incident.key} is of no service yet: `/incident service {s.incident.key} …` says which."
    return f"{s.incident.service} is not in the catalog any more: its switches are not known."


def _pulls(s: Scene, uses: Sequence[SwitchUse]) -> list[str]:
    return [
        f"Pulled at {use.at:%H:%M} UTC by {s.name(use.by)}: {use.switch[:200]}, {switches.summed(use)}."
        for use in uses[-5:]
    ]


def _open(uses: Sequence[SwitchUse]) -> tuple[Choice, ...]:
    """Two taps that judge the newest pull that nobody has judged."""
    unknown = [use for use in uses if use.helped is Helped.UNKNOWN]
    labels = (("It helped", Helped.YES), ("It did not help", Helped.NO))
    return _judging(unknown[-1], labels) if unknown else ()


def _did_it(use: SwitchUse) -> tuple[Choice, ...]:
    return _judging(use, HELPED)


def _judging(use: SwitchUse, labels: Sequence[tuple[str, Helped]]) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            label,
            "switch_helped",
            f"{use.incident_id} {use.id} {helped}",
            "primary" if helped is Helped.YES else "",
        )
        for label, helped in labels
    )


async def pulled(world: World, asking: Asking, *, text: str, carried: bool = False) -> Reply:
    """Somebody pulled the switch that `text` begins with (`carried`: a button's value). They are asked whether it helped."""

    async def act(s: Scene) -> Reply:
        service = _service(s)
        of = s.incident.service or s.incident.key
        if carried:
            name, more = switches.carried(text, service), ""
        else:
            name, more = switches.which(text, service, of=of)
        assert s.incident.id is not None
        uses = await store.switch_uses(s.session, s.incident.id)
        earlier = switches.same_pull(uses, name, s.now)
        if earlier is not None:
            said = f"“{name[:200]}” is recorded already: {s.name(earlier.by)} pulled it at {earlier.at:%H:%M} UTC."
            ask = earlier.helped is Helped.UNKNOWN
            return Reply(
                f"{said} Did it help?" if ask else said, s.incident.id, _did_it(earlier) if ask else ()
            )
        decision = switches.pulled(s.incident, name, more)
        use = SwitchUse(
            service=s.incident.service, switch=name, incident_id=s.incident.id, by=s.by, at=s.now, text=more
        )
        s.session.add(use)
        await s.session.flush()
        await s.record(decision)
        return Reply(f"Recorded: you pulled “{name[:200]}”. Did it help?", s.incident.id, _did_it(use))

    return await change(world, asking, "switch", act)


async def judged(world: World, asking: Asking, *, use_id: int, helped: Helped) -> Reply:
    """Whether it helped; whoever says so last is believed."""

    async def act(s: Scene) -> Reply:
        use = await s.session.get(SwitchUse, use_id)
        if use is None or use.incident_id != s.incident.id:
            raise Refused("That pull is not there any more.")
        decision = switches.judged(s.incident, use, helped)
        use.helped = helped
        s.session.add(use)
        await s.record(decision)
        name, key = use.switch[:200], s.incident.key
        if helped is Helped.UNKNOWN:
            return Reply(f"`/incident switch {key}` asks again whether “{name}” helped.", s.incident.id, ())
        if helped is Helped.NO:
            missing = Choice("No switch for this", "switch_missing", str(s.incident.id))
            return Reply(f"Recorded: “{name}” did not help. `/incident switch {key}` lists the others.",
                         s.incident.id, (missing,))  # fmt: skip
        if s.incident.is_over or s.incident.mitigation_kind is not None:
            return Reply(f"Recorded: “{name}” helped.", s.incident.id)
        stop = Choice(
            "That stopped it", "switch_mitigate", f"{s.incident.id} {use.switch[:CARRIED]}", "primary"
        )
        return Reply(f"Recorded: “{name}” helped. Did it stop {key}?", s.incident.id, (stop,))

    return await change(world, asking, "switch", act)


async def stopped(world: World, asking: Asking, *, name: str) -> Reply:
    """The switch that helped is what stopped it; said twice, it is said once."""

    async def act(s: Scene) -> Reply:
        whole = switches.carried(name, _service(s))
        if (s.incident.mitigation_kind, s.incident.mitigation_text) != (Mitigation.SWITCH, whole):
            await s.record(incidents.mitigated(s.incident, Mitigation.SWITCH, text=whole, now=s.now))
        key = s.incident.key
        return Reply(
            f"{key} is mitigated (switch). When it is truly over: `/incident resolve {key}`.", s.incident.id
        )

    return await change(world, asking, "switch", act)


async def missing(world: World, asking: Asking, *, what: str = "") -> Reply:
    """No switch where one was wanted: a candidate for the owner's backlog at once, one tap from being filed.

    The same wish twice makes one candidate.
    """

    async def act(s: Scene) -> Reply:
        assert s.incident.id is not None
        wish = " ".join(what.split())[:200]
        source = f"{readiness.WANTED}{wish.casefold()}"
        known = [a for a in await store.actions(s.session, s.incident.id) if a.source == source]
        if known:
            state = (
                "waits for your tap"
                if known[0].state is ActionState.CANDIDATE
                else "was dropped already"
                if known[0].state is ActionState.WONT_DO
                else "is an action item already"
            )
            return Reply(f"“{known[0].title}” {state}.", s.incident.id, _one_tap(known[0]))
        action = Action(
            id=secrets.token_hex(4),
            incident_id=s.incident.id,
            title=switches.wanted(s.incident, wish),
            team=s.incident.team,
            suggested="switches",
            due=actions.due_by(s.incident.severity, s.now),
            state=ActionState.CANDIDATE,
            created_by=s.by,
            created_at=s.now,
            source=source,
        )
        s.session.add(action)
        await s.session.flush()
        event = ActionSuggested(action.id, action.title)
        await s.record(Decision(events=(event,), spoken=(event,)))
        reply = f"Suggested for the backlog of {s.team.name}: “{action.title}”."
        return Reply(reply, s.incident.id, _one_tap(action))

    return await change(world, asking, "switch", act)


def _one_tap(action: Action) -> tuple[Choice, ...]:
    if action.state is not ActionState.CANDIDATE:
        return ()
    value = f"{action.incident_id} {action.id}"
    return (
        Choice("Make it an action item", "candidate_yes", value, "primary"),
        Choice("Drop it", "candidate_no", value),
    )


# ---- drills ----------------------------------------------------------------------------------


async def drill(world: World, asking: Asking, *, service: str, text: str) -> Reply:
    """A switch was pulled to see whether it works, in no incident; whoever did it says how it went by one tap."""

    async def act(session: AsyncSession, by: str) -> Reply:
        found = service_named(world, service)
        if not found.switches:
            raise Refused(f"{found.id} has no switch to drill: name them in `switches` of the service first.")
        name, more = switches.which(text, found, of=found.id)
        if len(more) > switches.DRILL_TEXT:
            raise Refused(
                f"That text has {len(more)} characters; at most {switches.DRILL_TEXT} fit. Shorten it."
            )
        now = world.clock()
        drills = await store.drills(session, found.id)
        use = switches.same_pull(drills, name, now)
        if use is None:
            use = SwitchUse(service=found.id, switch=name, by=by, at=now, text=more)
            session.add(use)
            await session.flush()
        choices = tuple(
            Choice(label, "switch_drilled", f"{use.id} {helped}", style)
            for label, helped, style in (
                ("It worked", Helped.YES, "primary"),
                ("It did not work", Helped.NO, ""),
            )
        )
        return Reply(f"Drill of “{name[:200]}” in {found.id} recorded. How did it go?", None, choices)

    return await once(world, asking, act)


async def drilled(world: World, asking: Asking, *, use_id: int, helped: Helped) -> Reply:
    async def act(session: AsyncSession, by: str) -> Reply:
        use = await session.get(SwitchUse, use_id)
        if use is None or use.incident_id is not None:
            raise Refused("That drill is not there any more.")
        use.helped = helped
        session.add(use)
        how = "it worked" if helped is Helped.YES else "it did not work"
        return Reply(
            f"Drill of “{use.switch[:200]}” in {use.service}: {how}. `/incident ready {use.service}`"
        )

    return await once(world, asking, act)


def service_named(world: World, text: str) -> Service:
    """The service of this name. Raises Refused with the nearest one."""
    found = ownership.named(text, world.catalog)
    service = world.catalog.services.get((found.service if found else None) or text.lower())
    if service is None:
        near = ownership.nearest(text, world.catalog)
        hint = f" Did you mean {near}?" if near else ""
        raise Refused(f"There is no service “{text[:60]}” in the catalog.{hint}")
    return service
