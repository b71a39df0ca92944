"""Guides: a guide team is asked for advice. The owner, the lead and the pages stay as they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import Refused, guides
from bot.core.decision import Decision
from bot.core.jobs import AskGuide, LapseGuide, RedrawGuide, Tell
from bot.engine import enqueue, postpone
from bot.flows import Asking, Choice, Reply, Scene, World, change, rota_of, scene, which
from bot.models import Admitted, Catalog, Guidance, GuidanceState, Incident, Team, TeamKind


def team_named(id: str, catalog: Catalog) -> Team:
    """The guide team; one that has left the catalog since still has its name, but nobody to ask."""
    return catalog.teams.get(id) or Team(id=id, name=id, kind=TeamKind.GUIDE)


async def ask(world: World, asking: Asking, *, text: str) -> Reply:
    """Ask a guide team's on-call for advice on the incident; where it is unclear which team, the person taps one."""

    async def act(s: Scene) -> Reply:
        if s.incident.is_over:
            raise Refused(
                f"{s.incident.key} is {s.incident.status}: `/incident reopen {s.incident.key}` comes first."
            )
        if s.incident.test:
            raise Refused(
                f"{s.incident.key} is a test: it wakes nobody but whoever declared it, guides neither."
            )
        teams, question = guides.chosen(text, s.catalog)
        if len(teams) > 1:
            choices = tuple(
                Choice(f"Ask {team.name}"[:75], "guide_ask", f"{s.incident.id} {team.id} {question}")
                for team in teams[:25]
            )
            return Reply("Which team is to be asked?", s.incident.id, choices)
        [team] = teams
        assert s.incident.id is not None
        rows = await store.guidance(s.session, s.incident.id)
        waits = [
            row
            for row in rows
            if row.team == team.id
            and row.question == question
            and row.state in {GuidanceState.ASKED, GuidanceState.CAME}
        ]
        if waits:
            return Reply(f"{s.name(waits[-1].person)} ({team.name}) is asked that already.", s.incident.id)
        number = max((row.number for row in rows), default=0) + 1
        new = await _ask(world, s, team, [], number=number, question=question, asked_by=s.by)
        if new is None:
            where = (
                " A private incident's question goes to a person, not to a channel."
                if s.incident.private
                else ""
            )
            raise Refused(f"Nobody of {team.name} can be asked now: nobody else is on call for it.{where}")
        keeps = f"{s.name(s.incident.owner)} keeps" if s.incident.owner else f"{s.team.name} keeps"
        return Reply(f"{s.name(new.person)} ({team.name}) is asked. {keeps} {s.incident.key}.", s.incident.id)

    return await change(world, asking, "guide", act)


async def _ask(
    world: World,
    s: Scene,
    team: Team,
    rows: Sequence[Guidance],
    *,
    number: int,
    question: str,
    asked_by: str,
) -> Guidance | None:
    """Ask whoever is next after those of `rows`, who were asked this already; None when nobody is left."""
    assert s.incident.id is not None
    but = {row.person for row in rows} | {asked_by, s.incident.owner}
    rota = await rota_of(s.session, world, team.id)
    person = guides.next_guide(team, s.catalog, rota, s.now, but=but, private=s.incident.private)
    if not person:
        return None
    row = Guidance(
        incident_id=s.incident.id,
        number=number,
        team=team.id,
        question=question,
        asked_by=asked_by,
        asked_at=s.now,
        person=person,
    )
    s.session.add(row)
    await s.session.flush()
    if s.incident.private:
        await _admit(s, person, by=asked_by)
    await s.record(guides.asked(s.incident, row, team, wait=world.config.paging.ack_timeout, now=s.now))
    return row


async def _admit(s: Scene, person: str, *, by: str) -> None:
    """Whoever is asked by name, or is here to help, may see the incident, also when it is made private later."""
    assert s.incident.id is not None
    if person not in await store.admitted(s.session, s.incident.id):
        s.session.add(Admitted(incident_id=s.incident.id, person=person, by=by, at=s.now))
        await s.session.flush()


# ---- what a guide answers ------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """One card with all that belongs to it: `others` are the cards of the same question."""

    row: Guidance
    others: list[Guidance]
    team: Team


async def _asked(s: Scene, guidance_id: int) -> Asked:
    """Raises Refused when the card is not of this incident, or is somebody else's to answer."""
    assert s.incident.id is not None
    rows = await store.guidance(s.session, s.incident.id)
    row = next((row for row in rows if row.id == guidance_id), None)
    if row is None:
        raise Refused("That question is not there any more.")
    return _of(s, row, rows)


def _of(s: Scene, row: Guidance, rows: Sequence[Guidance]) -> Asked:
    team = team_named(row.team, s.catalog)
    if row.person != s.by and not row.person.startswith("#") and s.by not in team.members:
        raise Refused(f"{s.name(row.person)} of {team.name} was asked that, not you.")
    return Asked(row, [other for other in rows if other.number == row.number and other is not row], team)


def _nobody_else(s: Scene, asked: Asked) -> None:
    """Raises Refused when somebody else is guiding already, or has answered."""
    here = [other for other in (asked.row, *asked.others) if other.state in guides.HELPS]
    if asked.row.state is GuidanceState.ANSWERED:
        raise Refused(
            f"That is answered already. `/incident note {s.incident.key} …` adds to the timeline what comes after."
        )
    theirs = next((other for other in here if other.person != s.by), None)
    if theirs is not None:
        raise Refused(f"{s.name(theirs.person)} is guiding already: thank you, you are free.")


async def came(world: World, asking: Asking, *, guidance_id: int) -> Reply:
    """The guide comes: invited to the channel, the other cards of this question are closed."""

    async def act(s: Scene) -> Reply:
        asked = await _asked(s, guidance_id)
        if s.incident.is_over:
            raise Refused(f"{s.incident.key} is {s.incident.status}: thank you, you are free.")
        _nobody_else(s, asked)
        where = f" Everything happens in #{s.incident.channel_name}." if s.incident.channel_name else ""
        if asked.row.state is GuidanceState.CAME:
            return Reply(f"You are a guide of {s.incident.key} already.{where}", s.incident.id)
        await _admit(s, s.by, by=asked.row.asked_by)
        asked.row.state, asked.row.person, asked.row.came_at = GuidanceState.CAME, s.by, s.now
        s.session.add(asked.row)
        _close(s, asked.others)
        await s.record(guides.came(s.incident, [asked.row, *asked.others], asked.team, s.by))
        return Reply(f"You guide {s.incident.key}; {s.team.name} keeps it.{where}", s.incident.id)

    return await change(world, asking, "guide", act)


def _close(s: Scene, rows: Sequence[Guidance]) -> None:
    for row in rows:
        if row.state is GuidanceState.ASKED:
            row.state, row.ended_at = GuidanceState.CLOSED, s.now
            s.session.add(row)


async def declined(world: World, asking: Asking, *, guidance_id: int, why: str = "") -> Reply:
    """The guide can't: the next one of the team is asked at once, and whoever asked is told."""

    async def act(s: Scene) -> Reply:
        asked = await _asked(s, guidance_id)
        row = asked.row
        if row.state is GuidanceState.DECLINED:
            return Reply("You have declined that already.", s.incident.id)
        if row.state is GuidanceState.ANSWERED:
            raise Refused("That is answered already: there is nothing to decline.")
        row.state, row.ended_at, row.came_at = GuidanceState.DECLINED, s.now, None
        s.session.add(row)
        await s.record(guides.declined(s.incident, row, asked.team, why))
        new = await _go_on(world, s, asked, f"{s.name(s.by)} ({asked.team.name}) can't guide now")
        then = f" {s.name(new.person)} is asked." if new else ""
        return Reply(f"Thank you for saying so.{then}", s.incident.id)

    return await change(world, asking, "guide", act)


async def _go_on(world: World, s: Scene, asked: Asked, because: str) -> Guidance | None:
    """Ask the next one, unless another is asked or guiding already, and tell whoever asked how it stands."""
    row = asked.row
    if s.incident.is_over or any(
        other.state in guides.HELPS | {GuidanceState.ASKED} for other in asked.others
    ):
        return None
    new = await _ask(
        world,
        s,
        asked.team,
        [row, *asked.others],
        number=row.number,
        question=row.question,
        asked_by=row.asked_by,
    )
    then = (
        f"{s.name(new.person)} is asked now"
        if new
        else f"nobody of {asked.team.name} is left to ask. `/incident page @person` wakes somebody you know"
    )
    assert s.incident.id is not None
    text = f"{s.incident.key} “{s.incident.title}”: {because}; {then}."
    await s.record(Decision(jobs=(Tell(row.asked_by, text, s.incident.id, f"guide:{row.id}:{row.state}"),)))
    return new


async def answer(world: World, asking: Asking, *, guidance_id: int, text: str, minutes: int | None) -> Reply:
    """The answer in a line, with the minutes it took; whoever asked is told. It can come after the end too."""

    async def act(s: Scene) -> Reply:
        return await _answer(s, await _asked(s, guidance_id), text, minutes)

    return await change(world, asking, "advice", act)


async def advise(world: World, asking: Asking, *, text: str) -> Reply:
    """The same as text, in the incident's channel; a leading `20m` says what it took."""

    async def act(s: Scene) -> Reply:
        assert s.incident.id is not None
        rows = await store.guidance(s.session, s.incident.id)
        teams = {
            team.id
            for team in s.catalog.teams.values()
            if team.kind is TeamKind.GUIDE and s.by in team.members
        }
        row = guides.open_for(rows, s.by, teams)
        if row is None:
            raise Refused(
                f"No question to you is open in {s.incident.key}; `/incident note {s.incident.key} …` adds a line."
            )
        minutes, words = guides.took(text)
        return await _answer(s, _of(s, row, rows), words, minutes)

    return await change(world, asking, "advice", act)


async def _answer(s: Scene, asked: Asked, text: str, minutes: int | None) -> Reply:
    line = guides.answer(text)
    _nobody_else(s, asked)
    assert s.incident.id is not None
    row = asked.row
    took = guides.spent(row, s.now) if minutes is None else minutes
    await _admit(s, s.by, by=row.asked_by)
    row.state, row.person, row.answer, row.minutes = GuidanceState.ANSWERED, s.by, line, took
    row.came_at, row.ended_at = row.came_at or s.now, s.now
    s.session.add(row)
    _close(s, asked.others)
    decision = guides.answered(s.incident, [row, *asked.others], asked.team, text=line, minutes=took)
    if row.asked_by != s.by:
        told = f"{s.incident.key} “{s.incident.title}”: {s.name(s.by)} ({asked.team.name}) advises: {line}"
        decision += Decision(jobs=(Tell(row.asked_by, told, s.incident.id, f"guide:{row.id}:answer"),))
    await s.record(decision)
    return Reply(f"Thank you: your advice stands in {s.incident.key}.", s.incident.id)


@dataclass(frozen=True)
class Form:
    """What the modal of an answer shows. `minutes` is the usual answer, None where nothing is known."""

    row: Guidance
    incident: Incident
    minutes: int | None


async def form(world: World, asking: Asking, *, guidance_id: int) -> Form:
    """Nothing changes. Raises Refused when it is answered already, or somebody else's to answer."""
    async with world.db.reading() as session:
        by = await store.person_of(session, asking.by, world.catalog)
        incident = await which(session, world, asking, by, of="advice", lock=False)
        s = await scene(session, world, incident, by)
        asked = await _asked(s, guidance_id)
        _nobody_else(s, asked)
        return Form(asked.row, incident, guides.spent(asked.row, s.now))


# ---- what became of asking -----------------------------------------------------------------------


async def _reread(
    world: World, session: AsyncSession, incident_id: int, guidance_id: int
) -> tuple[Scene, Asked] | None:
    incident = await store.locked(session, incident_id)
    if incident is None:
        return None
    s = await scene(session, world, incident, "")
    rows = await store.guidance(session, incident_id)
    row = next((row for row in rows if row.id == guidance_id), None)
    if row is None:
        return None
    others = [other for other in rows if other.number == row.number and other is not row]
    return s, Asked(row, others, team_named(row.team, s.catalog))


async def placed(world: World, session: AsyncSession, order: AskGuide, *, channel_id: str, ts: str) -> None:
    """The card stands: the wait for an answer begins with it. What was answered meanwhile is drawn."""
    found = await _reread(world, session, order.incident, order.guidance)
    if found is None:
        return
    s, asked = found
    asked.row.channel_id, asked.row.ts = channel_id, ts
    session.add(asked.row)
    if asked.row.state is GuidanceState.ASKED:
        timer = LapseGuide(order.incident, order.guidance)
        await postpone(session, timer.key, s.now + world.config.paging.ack_timeout)
    else:
        await enqueue(session, RedrawGuide(order.incident, order.guidance), now=s.now)


async def lapsed(world: World, order: LapseGuide) -> None:
    """The timer of one who was asked. It asks the row, so a late or repeated timer does nothing more."""
    async with world.db.transaction() as session:
        found = await _reread(world, session, order.incident, order.guidance)
        if found is None or found[1].row.state is not GuidanceState.ASKED:
            return
        s, asked = found
        row = asked.row
        row.ended_at = s.now
        session.add(row)
        if s.incident.is_over:
            row.state = GuidanceState.CLOSED
            await enqueue(session, RedrawGuide(order.incident, order.guidance), now=s.now)
            return
        row.state = GuidanceState.UNANSWERED
        await s.record(guides.unanswered(s.incident, row, asked.team, s.now))
        await _go_on(world, s, asked, f"{s.name(row.person)} ({asked.team.name}) has not answered yet")


async def unreachable(world: World, session: AsyncSession, order: AskGuide, reason: str) -> None:
    """Slack can never show the card: the next guide is asked at once."""
    found = await _reread(world, session, order.incident, order.guidance)
    if found is None or found[1].row.state is not GuidanceState.ASKED:
        return
    s, asked = found
    asked.row.state, asked.row.ended_at = GuidanceState.UNANSWERED, s.now
    session.add(asked.row)
    await s.record(guides.unreached(s.incident, asked.row, asked.team, reason))
    await _go_on(world, s, asked, f"{s.name(asked.row.person)} ({asked.team.name}) could not be asked")


async def guiding(s: Scene) -> str:
    """The guide team for which the one who asks was asked, themselves or with their team, by name; "" for none."""
    assert s.incident.id is not None
    rows = await store.guidance(s.session, s.incident.id)
    mine = [row for row in rows if s.by in {row.person, *team_named(row.team, s.catalog).members}]
    return team_named(mine[-1].team, s.catalog).name if mine else ""
