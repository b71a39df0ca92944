"""A postmortem from draft to publication, and its editions after that: one function = one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import Refused, postmortems, timeline
from bot.core.access import Act
from bot.core.decision import Decision
from bot.core.jobs import (
    AskReviewer,
    DrawCanvas,
    Order,
    PostPostmortem,
    ReadCanvas,
    RemindPostmortems,
    Tell,
    WritePage,
)
from bot.core.postmortems import LABELS, Facts, Section
from bot.core.timeline import Name, PostmortemPublished, PostmortemWritten, ReviewAsked, Reviewed
from bot.engine import enqueue
from bot.flows import Asking, Reply, Scene, World, change, may_see, scene, team_of, verdicts, which
from bot.models import (
    Entry,
    Incident,
    Postmortem,
    PostmortemState,
    PostmortemVersion,
    Status,
    Team,
)

CONFLICT, MORE = "conflict", "more"
"""In a reply's `extra`: the sections that somebody else wrote meanwhile, with commas between; that there is more to read."""


# ---- reading ---------------------------------------------------------------------------------


async def facts(session: AsyncSession, world: World, incident: Incident) -> Facts:
    assert incident.id is not None
    name = await store.names(session, world.catalog)
    entries = await store.entries(session, incident.id)
    found = await verdicts.known(session, world, incident)
    return Facts(
        incident,
        team_of(incident, world.catalog),
        world.catalog.services.get(incident.service),
        timeline.lines(entries, name),
        await store.pages(session, incident.id),
        await store.actions(session, incident.id),
        name,
        world.config.categories,
        await session.get(Postmortem, incident.id),
        next((_ended(entry) for entry in reversed(entries) if entry.kind == "resolved"), ""),
        [(one.other, one.cause) for one in found if not one.later],
        next((one.standing for one in found if not one.later), ""),
        [one.other.key for one in found if one.later],
    )


def _ended(entry: Entry) -> str:
    return "" if entry.withdrawn else " ".join(str(entry.data.get("more") or "").split())


async def of(world: World, asking: Asking) -> tuple[Facts, bool]:
    """The incident that somebody means, as the document needs it, and whether they may write there."""
    async with world.db.reading() as session:
        by = await store.person_of(session, asking.by, world.catalog)
        incident = await which(session, world, asking, by, of="postmortem", lock=False)
        s = await scene(session, world, incident, by)
        return await facts(session, world, incident), _may(s)


async def of_key(world: World, number: int) -> Facts | None:
    """For the terminal and for jobs: None when there is no such incident."""
    async with world.db.reading() as session:
        incident = await store.incident(session, number)
        return await facts(session, world, incident) if incident is not None else None


def _may(s: Scene) -> bool:
    try:
        s.must(Act.POSTMORTEM)
    except Refused:
        return False
    return True


async def version(session: AsyncSession, incident: Incident, number: int) -> PostmortemVersion:
    """A version as it was published. Raises Refused when there is none of that number."""
    mine = select(PostmortemVersion).where(PostmortemVersion.incident_id == incident.id)
    found = (await session.exec(mine.where(PostmortemVersion.version == number))).first()
    if found is None:
        last = len((await session.exec(mine)).all())
        there = f"versions 1 to {last} are published" if last else "nothing of it is published yet"
        raise Refused(f"The postmortem of {incident.key} has no version {number}: {there}.")
    return found


async def version_of(world: World, asking: Asking, number: int) -> tuple[Incident, PostmortemVersion, str]:
    """The same for somebody who asks, with the name of who published it."""
    async with world.db.reading() as session:
        by = await store.person_of(session, asking.by, world.catalog)
        incident = await which(session, world, asking, by, of="postmortem", lock=False)
        found = await version(session, incident, number)
        return incident, found, (await store.names(session, world.catalog))(found.by)


# ---- the draft -------------------------------------------------------------------------------


async def drafted(s: Scene) -> Postmortem | None:
    """After a resolve: the draft, where the severity has one. One that is there learns its new day, and no more."""
    after = s.world.config.postmortems.due.get(s.incident.severity)
    row = await s.session.get(Postmortem, s.incident.id)
    if row is None and (after is None or s.incident.test):
        return None
    row = row or _new(s)
    if row.state is not PostmortemState.PUBLISHED and s.incident.resolved_at is not None:
        row.due = postmortems.due_on(s.incident.resolved_at, after, s.team.timezone)
    s.session.add(row)
    await enqueue(s.session, DrawCanvas(row.incident_id), now=s.now)
    return row


def _new(s: Scene) -> Postmortem:
    i = s.incident
    assert i.id is not None
    author = i.lead or i.owner or s.team.lead or s.by or i.declared_by
    return Postmortem(incident_id=i.id, author=author, created_at=s.now, updated_at=s.now)


async def _row(s: Scene) -> Postmortem:
    """The postmortem, made now where nobody has asked for one yet. Raises Refused for whoever may not write it."""
    s.must(Act.POSTMORTEM)
    row = await s.session.get(Postmortem, s.incident.id)
    if row is None:
        if s.incident.status in {Status.CANCELLED, Status.DUPLICATE}:
            raise Refused(f"{s.incident.key} is {s.incident.status}: there is nothing to learn from it.")
        row = _new(s)
    s.session.add(row)
    return row


# ---- writing ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Text:
    """What somebody wrote in a section. `base`: the mark of what stood there when they began; "": whatever stands."""

    words: str
    base: str = ""


async def write(world: World, asking: Asking, texts: Mapping[Section, Text]) -> Reply:
    """Store what was written. A section that somebody else wrote meanwhile stays theirs, and the reply says so."""

    async def act(s: Scene) -> Reply:
        row = await _row(s)
        conflicts = []
        changed = {}
        for section, text in texts.items():
            words, stands = postmortems.fitting(section, text.words), postmortems.written(row, section)
            if words == stands:
                continue
            if text.base and text.base != postmortems.mark(stands):
                conflicts.append(section)
                continue
            changed[section] = words
        await _write(s, row, changed)
        return _written(s, row, changed, conflicts)

    return await change(world, asking, "postmortem", act)


async def _write(s: Scene, row: Postmortem, changed: Mapping[Section, str]) -> None:
    if not changed:
        return
    sections = dict(row.sections)
    for section, words in changed.items():
        if section is Section.LESSON:
            row.lesson = words
        elif words:
            sections[section.value] = words
        else:
            sections.pop(section.value, None)
    row.sections, row.updated_at = sections, s.now
    s.session.add(row)
    labels = [LABELS[section] for section in changed]
    await s.record(Decision(events=(PostmortemWritten(labels),), jobs=(DrawCanvas(row.incident_id),)))
    if row.state is PostmortemState.PUBLISHED and not postmortems.missing(row):
        await _publish(s, row, labels)


def _written(
    s: Scene, row: Postmortem, changed: Mapping[Section, str], conflicts: Sequence[Section]
) -> Reply:
    said = [f"Written: {', '.join(LABELS[c] for c in changed)}." if changed else "Nothing was changed."]
    if changed and row.state is PostmortemState.PUBLISHED and not postmortems.missing(row):
        said.append(f"It is published again, as version {row.version}.")
    named = _named(s, changed.get(Section.FACTORS, ""))
    if named:
        said.append(named)
    if conflicts:
        theirs = ", ".join(LABELS[section] for section in conflicts)
        said.append(f"Somebody else wrote meanwhile: {theirs}. Both texts are kept until you choose.")
    extra = {CONFLICT: ",".join(conflicts)} if conflicts else {}
    if len(said) > 1:
        extra[MORE] = "yes"
    return Reply(" ".join(said), s.incident.id, extra=extra)


def _named(s: Scene, factors: str) -> str:
    """The advice to say roles, "" where nobody is named."""
    named = ", ".join(postmortems.named_in(factors, s.catalog.people.values()))
    if not named:
        return ""
    return f"The contributing factors name {named}: say the role instead, for a postmortem blames nobody."


# ---- review ----------------------------------------------------------------------------------


async def ask_review(
    world: World, asking: Asking, *, slack_ids: Sequence[str], people: Sequence[str] = ()
) -> Reply:
    """Ask people to read it; asked again they are told again."""

    async def act(s: Scene) -> Reply:
        row = await _row(s)
        lacks = postmortems.missing(row)
        if lacks:
            raise Refused(_lacking(s.incident, lacks))
        asked = list(dict.fromkeys([*people, *[await s.person(one) for one in slack_ids]]))
        if not asked:
            raise Refused(f"Say who is to read it: `/incident postmortem {s.incident.key} review @person`.")
        for person in asked:
            if not await may_see(s.session, world, s.incident, person):
                raise Refused(
                    f"{s.name(person)} may not see {s.incident.key}, which is private: let them in first."
                )
        if row.state is PostmortemState.DRAFT:
            row.state = PostmortemState.REVIEW
        row.reviewers = list(dict.fromkeys([*row.reviewers, *asked]))
        row.reviews = {who: said for who, said in row.reviews.items() if who not in asked}
        row.updated_at = s.now
        orders = tuple(AskReviewer(row.incident_id, person, s.now.isoformat()) for person in asked)
        await s.record(Decision(events=(ReviewAsked(asked),), jobs=orders))
        verb = "is" if len(asked) == 1 else "are"
        return Reply(f"{', '.join(map(s.name, asked))} {verb} asked to read it.", s.incident.id)

    return await change(world, asking, "postmortem", act)


async def review(world: World, asking: Asking, *, comment: str = "") -> Reply:
    """What a reviewer says; without a comment they find it good. Whoever may write it may say so too."""

    async def act(s: Scene) -> Reply:
        row = await s.session.get(Postmortem, s.incident.id)
        if row is None:
            raise Refused(
                f"{s.incident.key} has no postmortem yet: `/incident postmortem {s.incident.key}` makes it."
            )
        if s.by not in row.reviewers:
            s.must(Act.POSTMORTEM)
        said = postmortems.fitting(Section.SUMMARY, comment)
        if row.reviews.get(s.by) == said:
            return Reply("Thank you.", s.incident.id)
        row.reviews = {**row.reviews, s.by: said}
        s.session.add(row)
        what = f"says of the postmortem: {said}" if said else "finds the postmortem good."
        text = f"{s.incident.key} “{s.incident.title}”: {s.name(s.by)} {what}"
        about = f"{row.incident_id}:review:{s.by}:{s.now.isoformat()}"
        tell = (Tell(row.author, text, row.incident_id, about),) if row.author not in {"", s.by} else ()
        await s.record(Decision(events=(Reviewed(said),), jobs=tell))
        told = f" {s.name(row.author)} is told." if tell else ""
        return Reply(f"Thank you.{told}", s.incident.id)

    return await change(world, asking, "postmortem", act)


# ---- publication -----------------------------------------------------------------------------


async def publish(world: World, asking: Asking, *, anyway: bool = False) -> Reply:
    """Published once; a second tap says since when. `anyway`: although its factors name people."""

    async def act(s: Scene) -> Reply:
        row = await _row(s)
        if row.state is PostmortemState.PUBLISHED and row.published_at:
            return Reply(
                f"The postmortem of {s.incident.key} is published already (version {row.version}, "
                f"{row.published_at:%Y-%m-%d}). What you write now is published at once.",
                s.incident.id,
            )
        _must_publish(s, row)
        lacks = postmortems.missing(row)
        if lacks:
            raise Refused(_lacking(s.incident, lacks))
        named = _named(s, postmortems.written(row, Section.FACTORS))
        if named and not anyway:
            raise Refused(
                f"{named} If that is no name: `/incident postmortem {s.incident.key} publish anyway`."
            )
        await _publish(s, row, [])
        return Reply(
            f"The postmortem of {s.incident.key} is published.{_open_reviews(s, row)}", s.incident.id
        )

    return await change(world, asking, "postmortem", act)


def _lacking(incident: Incident, lacks: Sequence[str]) -> str:
    verb = "is" if len(lacks) == 1 else "are"
    return (
        f"The postmortem of {incident.key} can't go out yet: {' and '.join(lacks)} {verb} not written. "
        f"`/incident postmortem {incident.key}` and then *Write*, or `/incident postmortem {incident.key} write "
        f"{lacks[0].lower()} …`."
    )


def _must_publish(s: Scene, row: Postmortem) -> None:
    """Its author, the incident's lead, the team's lead or an admin."""
    allowed = {row.author, s.incident.lead, s.team.lead, *s.world.config.rights.admins} - {""}
    if s.by not in allowed:
        names = ", ".join(sorted(s.name(person) for person in allowed))
        raise Refused(f"Only its author or a lead publishes the postmortem of {s.incident.key}: {names}.")


def _open_reviews(s: Scene, row: Postmortem) -> str:
    waiting = [s.name(person) for person in row.reviewers if person not in row.reviews]
    return f" Not read yet by {', '.join(waiting)}." if waiting else ""


async def _publish(s: Scene, row: Postmortem, changed: Sequence[str]) -> None:
    """One more version, told where it belongs. `changed`: the sections that differ from the one before."""
    row.version += 1
    row.state, row.updated_at = PostmortemState.PUBLISHED, s.now
    if row.version == 1:
        row.published_at, row.published_by = s.now, s.by
    s.session.add(row)
    await s.session.flush()
    jobs: list[Order] = [PostPostmortem(row.incident_id, row.version)]
    if s.world.config.confluence.url and not s.incident.private:
        jobs.append(WritePage(row.incident_id, row.version))
    await s.record(Decision(events=(PostmortemPublished(row.version, list(changed)),), jobs=tuple(jobs)))
    await s.session.flush()
    document = postmortems.document(await facts(s.session, s.world, s.incident))
    s.session.add(
        PostmortemVersion(
            incident_id=row.incident_id,
            version=row.version,
            at=s.now,
            by=s.by,
            markdown=document.markdown(),
        )
    )


async def page_again(world: World, asking: Asking) -> Reply:
    """Write the Confluence page once more, after what was wrong has been mended."""

    async def act(s: Scene) -> Reply:
        row = await _row(s)
        if row.state is not PostmortemState.PUBLISHED:
            raise Refused(
                f"The postmortem of {s.incident.key} is not published yet: its page comes with that."
            )
        if not world.config.confluence.url or s.incident.private:
            raise Refused(
                "It has no page in Confluence: [confluence] is not set up, or the incident is private."
            )
        attempt = 2
        while await enqueue(s.session, WritePage(row.incident_id, row.version, attempt), now=s.now) is None:
            attempt += 1
        return Reply("Its page in Confluence is being written again.", s.incident.id)

    return await change(world, asking, "postmortem", act)


async def placed(session: AsyncSession, incident: int, places: Mapping[str, str]) -> None:
    """Where it stands now; called in the transaction that finishes a job."""
    await store.locked(session, incident)
    row = await session.get(Postmortem, incident, populate_existing=True)
    if row is not None:
        row.places = {key: value for key, value in {**row.places, **places}.items() if value}
        session.add(row)


# ---- the canvas ------------------------------------------------------------------------------


async def ask_canvas(world: World, asking: Asking) -> Reply:
    """Bring what people wrote in the channel's canvas into the document."""

    async def act(s: Scene) -> Reply:
        row = await _row(s)
        if "canvas" not in row.places:
            raise Refused(f"{s.incident.key} has no canvas: *Write* opens a form instead.")
        order = ReadCanvas(row.incident_id, s.by, s.now.isoformat())
        await enqueue(s.session, order, now=s.now)
        return Reply("Reading the canvas; a direct message says what came of it.", s.incident.id)

    return await change(world, asking, "postmortem", act)


async def from_canvas(
    world: World,
    session: AsyncSession,
    order: ReadCanvas,
    found: Mapping[Section, str],
    base: Mapping[str, str],
) -> None:
    """Take over what was written there since `base`; what a form changed meanwhile stays, and the person is told.

    `base`: the marks of what each section said in the canvas and, as `row:`, in our rows when the two agreed last.
    """
    incident = await store.locked(session, order.incident)
    row = await session.get(Postmortem, order.incident, populate_existing=True)
    if incident is None or row is None:
        return
    s = await scene(session, world, incident, order.person)
    changed: dict[Section, str] = {}
    conflicts, long = [], []
    for section, words in found.items():
        stands = postmortems.written(row, section)
        if postmortems.mark(words) == base.get(section.value, "") or words == stands:
            continue
        if base.get(f"row:{section.value}", "") != postmortems.mark(stands):
            conflicts.append(LABELS[section])
        elif len(words) > postmortems.limit(section):
            long.append(LABELS[section])
        else:
            changed[section] = words
    await _write(s, row, changed)
    agreed = [section for section in found if LABELS[section] not in (*conflicts, *long)]
    marks = {f"base:{section.value}": postmortems.mark(found[section]) for section in agreed}
    marks |= {f"base:row:{s.value}": postmortems.mark(postmortems.written(row, s)) for s in agreed}
    row.places = {**row.places, **marks}
    session.add(row)
    said = [
        f"Taken from the canvas of {incident.key}: {', '.join(LABELS[c] for c in changed) or 'nothing new'}."
    ]
    if conflicts:
        said.append(
            f"{', '.join(conflicts)} was written in a form too: the form's words stand, yours are still in the canvas."
        )
    if long:
        said.append(f"{', '.join(long)} is too long: at most {postmortems.LONGEST} characters fit.")
    about = f"{order.incident}:canvas:{order.asked}"
    await enqueue(session, Tell(order.person, " ".join(said), order.incident, about), now=s.now)


# ---- when it is due --------------------------------------------------------------------------


async def remind(world: World, order: RemindPostmortems) -> None:
    """Tell authors a day before and when it is late, then the team's lead; each in a working hour of their own."""
    now = world.clock()
    async with world.db.transaction() as session:
        rows = (
            select(Postmortem, Incident)
            .join(Incident, col(Postmortem.incident_id) == col(Incident.id))
            .where(
                col(Postmortem.due) >= (now - 3 * postmortems.LASTING).date(),
                Postmortem.state != PostmortemState.PUBLISHED,
                Incident.status == Status.RESOLVED,
                ~col(Incident.test),
            )
        )
        zones = await store.zones(session, world.catalog)
        name = await store.names(session, world.catalog)
        for row, incident in (await session.exec(rows)).all():
            team = team_of(incident, world.catalog)

            def zone(person: str, team: Team = team) -> str:
                return zones.get(person) or team.timezone

            for tell in _reminders(row, incident, team, zone, name, now):
                await enqueue(session, tell, now=now)


def _reminders(
    row: Postmortem, incident: Incident, team: Team, zone: Callable[[str], str], name: Name, now: datetime
) -> list[Tell]:
    assert row.due is not None
    due, found = row.due, []
    write = f"`/incident postmortem {incident.key}` and then *Write*"
    if row.author and postmortems.is_waking(now, zone(row.author)):
        today = now.astimezone(ZoneInfo(zone(row.author))).date()
        what = postmortems.reminder(due, today)
        monday = today - timedelta(days=today.weekday())
        if row.created_at.date() < monday and what == postmortems.reminder(due, monday):
            what = ""  # this week's list of what waits for them says it
        text = {
            "soon": f"The postmortem of {incident.key} “{incident.title}” is due on {due}: {write}.",
            "overdue": f"The postmortem of {incident.key} “{incident.title}” was due on {due}: {write}.",
        }
        if what:
            found.append(Tell(row.author, text[what], row.incident_id, f"{row.incident_id}:due:{due}:{what}"))
    lead = team.lead
    if lead and lead != row.author and postmortems.is_waking(now, zone(lead)):
        today = now.astimezone(ZoneInfo(zone(lead))).date()
        if postmortems.is_for_the_lead(due, today):
            text_ = (
                f"The postmortem of {incident.key} “{incident.title}” was due on {due} and is not published. "
                f"{name(row.author) if row.author else 'Nobody'} is its author: help them, or take it over with {write}."
            )
            found.append(Tell(lead, text_, row.incident_id, f"{row.incident_id}:due:{due}:lead"))
    return found
