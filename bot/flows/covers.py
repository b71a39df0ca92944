"""Covers, swaps, requests for cover and shadow turns, as people make, take and undo them.

Nothing is stored before somebody has confirmed two times; everything that is stored can be undone and stands in
the team's on-call record.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import Refused, covers, ownership, spans
from bot.core.covers import Plan
from bot.core.jobs import AskForCover, Order, ProposeSwap, Tell, TellTeam, WatchRotas
from bot.core.paging import Rota
from bot.core.spans import Span
from bot.core.timeline import Name
from bot.engine import enqueue, enqueue_all
from bot.flows import Asking, Choice, Reply, World, once
from bot.models import Catalog, Cover, CoverKind, CoverState, Team

SOON = timedelta(hours=12)
"""A request for a turn this near is asked loudly, and whoever asked hears if nobody has taken it."""


async def zone_of(session: AsyncSession, world: World, asking: Asking, team: Team) -> ZoneInfo:
    """Where whoever asks lives: their words for times are meant there."""
    return ZoneInfo(await store.zone_of(session, asking.by, world.catalog) or team.timezone)


def _team(catalog: Catalog, word: str) -> Team | None:
    if word.lower() in catalog.teams:
        return catalog.teams[word.lower()]
    service = ownership.named(word, catalog)
    return catalog.teams.get(service.team) if service else None


def is_named(catalog: Catalog, word: str) -> bool:
    """Whether `word` is a team, a service or another name of one."""
    return _team(catalog, word) is not None


def named_team(catalog: Catalog, word: str) -> Team:
    """The team of this id, or the one that owns the service. Raises Refused with the nearest."""
    found = _team(catalog, word)
    if found is None:
        near = ownership.nearest(word, catalog)
        hint = f" Did you mean {near}?" if near else f" There are {', '.join(sorted(catalog.teams))}."
        raise Refused(f"“{word[:40]}” is no team or service.{hint}")
    return found


def _must_be_known(person: str, catalog: Catalog) -> None:
    if person not in catalog.people:
        raise Refused(
            f"{'That person' if store.is_slack_id(person) else person} is not in the catalog: "
            "add a [[person]] with their e-mail first."
        )


async def propose(
    world: World,
    asking: Asking,
    kind: CoverKind,
    *,
    team: str,
    slack_id: str = "",
    person: str = "",
    words: str,
) -> Reply:
    """`/oncall override`, `swap` and `shadow`: what it would mean, with a button that does it.

    A last word `confirm` in `words` does it at once, for those who type.
    """

    async def act(session: AsyncSession, by: str) -> Reply:
        found = named_team(world.catalog, team)
        who = person or await store.person_of(session, slack_id, world.catalog)
        _must_be_known(who, world.catalog)
        typed, confirmed = _confirmed(words)
        span = spans.span(typed, world.clock(), await zone_of(session, world, asking, found))
        replaces = by if kind is CoverKind.SWAP else ""
        plan = Plan(kind, found.id, who, replaces, span.start, span.end)
        return await _shown(session, world, asking, by, plan, found, confirmed=confirmed)

    return await once(world, asking, act)


async def ask(
    world: World, asking: Asking, *, team: str = "", slack_id: str = "", person: str = "", words: str
) -> Reply:
    """`/oncall cover`: the team is asked who takes one's own turn, or a colleague's."""

    async def act(session: AsyncSession, by: str) -> Reply:
        whose = person or (await store.person_of(session, slack_id, world.catalog) if slack_id else by)
        _must_be_known(whose, world.catalog)
        typed, confirmed = _confirmed(words)
        named = named_team(world.catalog, team) if team else None
        rota = await store.rota(session, world.catalog)
        mine = [t for t in world.catalog.teams.values() if named is None or t.id == named.id]
        zone = await zone_of(session, world, asking, mine[0])
        span = spans.span(typed, world.clock(), zone)
        on = [t for t in mine if whose in covers.during(rota(t), span)]
        name = await store.names(session, world.catalog)
        if not on:
            is_on = "You aren't" if whose == by else f"{name(whose)} isn't"
            raise Refused(
                f"{is_on} on call {spans.spoken(span, zone, world.clock())}: there is nothing to cover."
            )
        if len(on) > 1:
            teams = " or ".join(f"`/oncall cover {t.id} …`" for t in on)
            raise Refused(f"That time touches turns for {len(on)} teams: say which, {teams}.")
        plan = Plan(CoverKind.SWAP, on[0].id, "", whose, span.start, span.end)
        return await _shown(session, world, asking, by, plan, on[0], confirmed=confirmed)

    return await once(world, asking, act)


def _confirmed(words: str) -> tuple[str, bool]:
    first, _, last = words.rstrip().rpartition(" ")
    return (first, True) if last.lower() == "confirm" else (words, False)


async def _shown(
    session: AsyncSession,
    world: World,
    asking: Asking,
    by: str,
    plan: Plan,
    team: Team,
    *,
    confirmed: bool,
) -> Reply:
    now, catalog = world.clock(), world.catalog
    rota = await store.rota(session, catalog)
    name = await store.names(session, catalog)
    zone = await zone_of(session, world, asking, team)
    plan = covers.from_now(plan, now)
    covers.must_make_sense(plan, team, rota(team), name, now)
    if confirmed:
        return await _kept(session, world, by, plan, name, zone)
    known = await store.covers(session, team=team.id, since=now)
    elsewhere = [(t, rota(t)) for t in catalog.teams.values() if t.id != team.id]
    told = covers.warnings(plan, team, rota(team), known, elsewhere, name=name, zone=zone, now=now)
    what = covers.sentence(plan, team, name, spans.spoken(plan.span, zone, now))
    lines = [f"{what}. Nothing is stored yet."]
    now_on = covers.during(rota(team), plan.span)
    if plan.kind is CoverKind.COVER and now_on and now_on != [plan.person]:
        lines.append(f"Instead of {', '.join(map(name, now_on))}.")
    if plan.kind is CoverKind.SWAP and plan.person:
        lines.append(f"{name(plan.person)} is asked and it counts once they agree.")
    lines += [f"⚠ {warning}" for warning in told]
    lines.append("Confirm with the button, or type the same again with `confirm` at the end.")
    return Reply(
        "\n".join(lines),
        choices=(
            Choice("Confirm", "cover_confirm", plan.as_text(), "primary"),
            Choice("Cancel", "cover_cancel", "-"),
        ),
    )


async def confirm(world: World, asking: Asking, text: str) -> Reply:
    """The button of a proposal. Twice is harmless: the same cover is not stored twice."""

    async def act(session: AsyncSession, by: str) -> Reply:
        plan = covers.from_now(Plan.from_text(text), world.clock())
        team = named_team(world.catalog, plan.team)
        rota = await store.rota(session, world.catalog, teams={team.id})
        name = await store.names(session, world.catalog)
        covers.must_make_sense(plan, team, rota(team), name, world.clock())
        return await _kept(session, world, by, plan, name, await zone_of(session, world, asking, team))

    return await once(world, asking, act)


async def dropped(world: World, asking: Asking) -> Reply:
    """The other button: nothing was stored."""

    async def act(session: AsyncSession, by: str) -> Reply:
        return Reply("Nothing was stored.")

    return await once(world, asking, act)


async def _kept(
    session: AsyncSession, world: World, by: str, plan: Plan, name: Name, zone: ZoneInfo
) -> Reply:
    now, team = world.clock(), world.catalog.teams[plan.team]
    plan = covers.from_now(plan, now)
    await store.alone(session, f"covers {plan.team}")
    live = {CoverState.ASKED, CoverState.AGREED}
    for other in await store.covers(session, team=plan.team, since=now):
        if other.state in live and covers.from_now(covers.plan_of(other), now) == plan:
            return Reply(f"That stands already, as number {other.id}.")
    asks = not plan.person or plan.kind is CoverKind.SWAP
    # Whoever takes over and confirms it themselves has agreed.
    state = CoverState.ASKED if asks and plan.person != by else CoverState.AGREED
    before = covers.during((await store.rota(session, world.catalog, teams={team.id}))(team), plan.span)
    cover = Cover(
        team=plan.team,
        kind=plan.kind,
        state=state,
        person=plan.person,
        replaces=plan.replaces,
        start=plan.start,
        end=plan.end,
        asked_by=by,
        asked_at=now,
        decided_by=by if state is CoverState.AGREED else "",
        decided_at=now if state is CoverState.AGREED else None,
    )
    session.add(cover)
    await session.flush()
    assert cover.id is not None
    what = covers.sentence(plan, team, name, spans.spoken(plan.span, zone, now))
    await store.note_rota(
        session, team.id, f"Number {cover.id}, by {name(by)}: {what} ({state}).", by=by, now=now
    )
    undo = Choice("Undo", "cover_undo", str(cover.id))
    if not plan.person:
        await enqueue(session, AskForCover(cover.id, "asked"), now=now)
        if plan.replaces != by:
            text = f"{name(by)} asks {team.name} to cover your turn: {what}."
            await enqueue(session, Tell(plan.replaces, text, 0, f"cover:{cover.id}:for"), now=now)
        return Reply(
            f"{team.name} is asked (number {cover.id}): the first who takes it has it.", choices=(undo,)
        )
    if state is CoverState.ASKED:
        await enqueue(session, ProposeSwap(cover.id), now=now)
        return Reply(
            f"{name(plan.person)} is asked (number {cover.id}). It counts once they agree.", choices=(undo,)
        )
    await _said(session, world, cover, before, name, by)
    return Reply(f"Done, as number {cover.id}: {what}.", choices=(undo,))


async def _said(
    session: AsyncSession, world: World, cover: Cover, before: Iterable[str], name: Name, by: str
) -> None:
    """Tell everybody whom a cover that counts now concerns, each in their own time; look at the schedule at once."""
    now, team = world.clock(), world.catalog.teams[cover.team]
    zones = await store.zones(session, world.catalog)

    def what(person: str = "") -> str:
        zone = ZoneInfo(zones.get(person) or team.timezone)
        span = spans.spoken(Span(cover.start, cover.end), zone, now)
        return covers.sentence(covers.plan_of(cover), team, name, span)

    concerned = {cover.person, *(() if cover.kind is CoverKind.SHADOW else before), cover.replaces}
    undo = f"Agreed by {name(by)}; `/oncall undo {cover.id}` takes it back."
    orders: list[tuple[Order, datetime | None]] = [
        (Tell(person, f"{what(person)}. {undo}", 0, f"cover:{cover.id}:agreed"), None)
        for person in sorted(concerned - {by, ""})
    ]
    said = TellTeam(cover.team, f"{what()} (number {cover.id}).", 0, f"cover:{cover.id}", loud=False)
    orders += [(said, None), (WatchRotas(now.isoformat()), None)]
    await enqueue_all(session, orders, now=now)


# ---- what becomes of one -------------------------------------------------------------------------


async def _held(session: AsyncSession, world: World, number: int) -> tuple[Cover, Team]:
    cover = await store.cover(session, number)
    team = world.catalog.teams.get(cover.team) if cover else None
    if cover is None or team is None:
        raise Refused(f"There is no cover number {number}; `/oncall covers` lists those there are.")
    return cover, team


def _must_be_asked(cover: Cover, name: Name) -> None:
    if cover.state is CoverState.AGREED:
        raise Refused(f"{name(cover.person)} has taken number {cover.id} already. Thank you all the same.")
    if cover.state is not CoverState.ASKED:
        raise Refused(f"Number {cover.id} is {cover.state}: there is nothing to take any more.")


async def take(world: World, asking: Asking, number: int, words: str = "") -> Reply:
    """Take a request for cover, or the part of it that `words` name. Of two at once the first has it."""

    async def act(session: AsyncSession, by: str) -> Reply:
        cover, team = await _held(session, world, number)
        now, name = world.clock(), await store.names(session, world.catalog)
        _must_be_asked(cover, name)
        if cover.person:
            raise Refused(f"Number {number} is a swap that {name(cover.person)} is asked for.")
        if by == cover.replaces:
            raise Refused("It is your own turn. `/oncall undo` takes the request back.")
        if by not in team.members:
            raise Refused(f"{team.name} is asked, and you aren't in it. `/oncall override` puts you on call.")
        zone = await zone_of(session, world, asking, team)
        part = spans.span(words, now, zone) if words.strip() else None
        plan, left = covers.taken(cover, by, part, now)
        covers.must_make_sense(plan, team, (await _rota(session, world, team))(team), name, now)
        mine = await _part(session, world, cover, plan, left, by)
        what = covers.sentence(plan, team, name, spans.spoken(plan.span, zone, now))
        await store.note_rota(session, team.id, f"Number {mine.id}: {what}.", by=by, now=now)
        await _said(session, world, mine, [plan.replaces, cover.asked_by], name, by)
        await enqueue(session, AskForCover(number, now.isoformat()), now=now)
        undo = Choice("Undo", "cover_undo", str(mine.id))
        more = " The rest is still asked for." if left else ""
        return Reply(f"Yours, as number {mine.id}: {what}. Thank you!{more}", choices=(undo,))

    return await once(world, asking, act)


async def _rota(session: AsyncSession, world: World, team: Team) -> Rota:
    return await store.rota(session, world.catalog, teams={team.id})


async def _part(
    session: AsyncSession, world: World, request: Cover, plan: Plan, left: list[Span], by: str
) -> Cover:
    """The row that counts: the request itself, or a new one beside the request for what remains."""
    now = world.clock()
    if not left:
        request.person, request.state, request.start = by, CoverState.AGREED, plan.start
        request.decided_by, request.decided_at = by, now
        session.add(request)
        return request
    mine = Cover(
        team=plan.team, kind=plan.kind, state=CoverState.AGREED, person=by, replaces=plan.replaces,
        start=plan.start, end=plan.end, asked_by=request.asked_by, asked_at=request.asked_at,
        decided_by=by, decided_at=now, part_of=request.id,
    )  # fmt: skip
    session.add(mine)
    request.start, request.end = left[0].start, left[0].end
    session.add(request)
    for span in left[1:]:
        rest = Cover(
            team=plan.team, kind=plan.kind, state=CoverState.ASKED, replaces=plan.replaces,
            start=span.start, end=span.end, asked_by=request.asked_by, asked_at=request.asked_at,
            part_of=request.id,
        )  # fmt: skip
        session.add(rest)
        await session.flush()
        assert rest.id is not None
        await enqueue(session, AskForCover(rest.id, "asked"), now=now)
    await session.flush()
    return mine


async def agree(world: World, asking: Asking, number: int, *, yes: bool) -> Reply:
    """The answer of the person who was asked to swap."""

    async def act(session: AsyncSession, by: str) -> Reply:
        cover, team = await _held(session, world, number)
        now, name = world.clock(), await store.names(session, world.catalog)
        _must_be_asked(cover, name)
        if cover.person != by:
            asked = name(cover.person) if cover.person else f"the team; `/oncall take {number}` takes it"
            raise Refused(f"Number {number} is not yours to answer: it asks {asked}.")
        zone = await zone_of(session, world, asking, team)
        plan = covers.from_now(covers.plan_of(cover), now)
        what = covers.sentence(plan, team, name, spans.spoken(plan.span, zone, now))
        if yes:
            cover.start = plan.start
            covers.must_make_sense(plan, team, (await _rota(session, world, team))(team), name, now)
        cover.state = CoverState.AGREED if yes else CoverState.DECLINED
        cover.decided_by, cover.decided_at = by, now
        session.add(cover)
        await session.flush()
        await store.note_rota(
            session, team.id, f"Number {number}: {cover.state} by {name(by)}.", by=by, now=now
        )
        if yes:
            await _said(session, world, cover, [cover.replaces], name, by)
            return Reply(f"Agreed: {what}.", choices=(Choice("Undo", "cover_undo", str(number)),))
        text = f"{name(by)} can't: {what}. `/oncall cover` asks the whole team."
        await enqueue(session, Tell(cover.asked_by, text, 0, f"cover:{number}:declined"), now=now)
        return Reply("Declined; whoever asked is told.")

    return await once(world, asking, act)


async def undo(world: World, asking: Asking, number: int) -> Reply:
    """Take a cover, a swap or a request back. What of it is over stays; the rest of it ends now."""

    async def act(session: AsyncSession, by: str) -> Reply:
        cover, team = await _held(session, world, number)
        now, name = world.clock(), await store.names(session, world.catalog)
        _must_be_known(by, world.catalog)
        if by not in {*team.members, cover.asked_by, cover.person, cover.replaces}:
            raise Refused(f"Only people of {team.name} and those whom it concerns can undo number {number}.")
        if cover.state not in {CoverState.ASKED, CoverState.AGREED}:
            raise Refused(f"Number {number} is {cover.state} already.")
        if cover.end <= now:
            raise Refused(f"Number {number} is over: the past stays as it was.")
        zone = await zone_of(session, world, asking, team)
        plan, counted = covers.plan_of(cover), cover.state is CoverState.AGREED
        what = covers.sentence(plan, team, name, spans.spoken(plan.span, zone, now))
        if counted and cover.start < now:
            cover.end = now  # who was on call until now was on call
        else:
            cover.state = CoverState.UNDONE
        session.add(cover)
        await session.flush()
        await store.note_rota(
            session, team.id, f"Number {number} undone by {name(by)}: {what}.", by=by, now=now
        )
        for person in sorted({cover.person, cover.replaces, cover.asked_by} - {by, ""}):
            text = f"{name(by)} has undone this: {what}."
            await enqueue(session, Tell(person, text, 0, f"cover:{number}:undone:{now.isoformat()}"), now=now)
        if counted:
            text = f"Undone by {name(by)}: {what}."
            about = f"cover:{number}:undone:{now.isoformat()}"
            await enqueue(session, TellTeam(team.id, text, 0, about, loud=False), now=now)
            await enqueue(session, WatchRotas(now.isoformat()), now=now)
        if cover.ts:
            await enqueue(session, AskForCover(number, now.isoformat()), now=now)
        return Reply(f"Undone: {what}.")

    return await once(world, asking, act)


async def placed(session: AsyncSession, number: int, *, channel_id: str, ts: str) -> None:
    """Where a request for cover stands in Slack, so that it can say what became of it."""
    cover = await store.cover(session, number)
    if cover is not None:
        cover.channel_id, cover.ts = channel_id, ts
        session.add(cover)


async def listed(world: World, asking: Asking, team: str) -> Reply:
    """The covers, swaps and requests to come, with their numbers."""
    async with world.db.reading() as session:
        by = await store.person_of(session, asking.by, world.catalog)
        name = await store.names(session, world.catalog)
        found = [named_team(world.catalog, team)] if team else [
            t for t in world.catalog.teams.values() if by in t.members
        ]  # fmt: skip
        lines = []
        for one in found:
            zone = await zone_of(session, world, asking, one)
            for cover in await store.covers(session, team=one.id, since=world.clock()):
                if cover.state in {CoverState.ASKED, CoverState.AGREED}:
                    when = spans.spoken(Span(cover.start, cover.end), zone, world.clock())
                    what = covers.sentence(covers.plan_of(cover), one, name, when)
                    waits = "" if cover.state is CoverState.AGREED else " (asked, not agreed yet)"
                    lines.append(f"{cover.id}: {what}{waits}")
    return Reply("\n".join(lines) or "No cover, swap or request is ahead.")


async def record(world: World, asking: Asking, team: str) -> Reply:
    """A team's on-call record: who changed what, newest first."""
    async with world.db.reading() as session:
        found = named_team(world.catalog, team)
        zone = await zone_of(session, world, asking, found)
        rows = await store.rota_entries(session, found.id)
    lines = [f"{row.at.astimezone(zone):%a %d %b %Y %H:%M} {row.text}" for row in rows]
    return Reply("\n".join(lines) or f"Nothing was changed for {found.name} yet.")


def soon(cover: Cover, now: datetime) -> bool:
    return cover.start - now < SOON
