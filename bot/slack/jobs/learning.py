"""What jobs do in Slack after an incident: ask, ask again, show a postmortem to its readers, keep its canvas."""

from collections.abc import Mapping
from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import postmortems as core
from bot.core import questions as asked
from bot.core.jobs import (
    AskAboutEarlier,
    AskAgain,
    AskQuestions,
    AskReviewer,
    DrawCanvas,
    PostPostmortem,
    ReadCanvas,
    RedrawQuestions,
    Tell,
)
from bot.core.postmortems import Facts, Section
from bot.engine import Context, Done, GiveUp, Retry, enqueue
from bot.flows import postmortems, questions, verdicts
from bot.flows.questions import Debriefing
from bot.models import Incident, PostmortemState, RecurrenceState
from bot.slack import postmortems as shown
from bot.slack import verdicts as earlier
from bot.slack.client import SlackRefused, call, look
from bot.slack.jobs.speaker import Speaker

# ---- the questions ---------------------------------------------------------------------------


async def _debriefing(slack: Speaker, number: int) -> Debriefing | None:
    async with slack.world.db.reading() as session:
        return await questions.debriefing(session, slack.world, number)


async def ask_questions(slack: Speaker, order: AskQuestions, ctx: Context) -> Done:
    """In the incident's channel, to whoever resolved it and whoever led it; where there is no channel, in private."""
    asks = await _debriefing(slack, order.incident)
    if asks is None or not asked.is_asked(asks.incident) or not asks.is_open:
        return Done()
    incident = asks.incident
    mentions = []
    for person in dict.fromkeys(filter(None, (asks.debrief.person, incident.lead))):
        try:
            mentions.append(f"<@{await slack.slack_id(person)}>")
        except GiveUp:
            continue  # the channel reads it all the same
    target = incident.usable_channel or await slack.slack_id(asks.debrief.person or incident.declarer)
    message = shown.asking(asks, greeting=" ".join(mentions))
    return _asked(asks, await slack.post(ctx, target, message, what="ask what stopped it"))


async def ask_again(slack: Speaker, order: AskAgain, ctx: Context) -> Done:
    asks = await _debriefing(slack, order.incident)
    if asks is None or not asked.is_asked(asks.incident) or not asks.is_open:
        return Done()
    target = await slack.slack_id(order.person)
    return _asked(asks, await slack.post(ctx, target, shown.asking(asks), what="ask once again"))


def _asked(asks: Debriefing, where: tuple[str, str]) -> Done:
    channel, ts = where

    async def then(session: AsyncSession) -> None:
        await questions.asked(session, asks, channel_id=channel, ts=ts)

    return Done({"channel": channel, "ts": ts}, then)


async def ask_about_earlier(slack: Speaker, order: AskAboutEarlier, ctx: Context) -> Done:
    """Ask about those that nobody was asked about; what was asked or decided meanwhile needs no question."""
    async with slack.world.db.reading() as session:
        incident = await store.incident(session, order.incident)
        found = await verdicts.candidates(session, slack.world, incident) if incident else []
    if incident is None or not incident.usable_channel or incident.private:
        return Done()
    if not incident.headline_ts and ctx.attempts < 10:
        raise Retry("the headline comes first", after=timedelta(milliseconds=100))
    new = [one for one in found if not one.row.ts and one.row.state is RecurrenceState.SUGGESTED]
    if not new:
        return Done()
    channel, ts = await slack.post(
        ctx,
        incident.usable_channel,
        earlier.question(incident, new),
        what="ask whether it broke before",
        throttle=f"channel:{order.incident}",
    )

    async def then(session: AsyncSession) -> None:
        await verdicts.asked(session, new, channel_id=channel, ts=ts)

    return Done({"channel": channel, "ts": ts}, then)


async def redraw_questions(slack: Speaker, order: RedrawQuestions, ctx: Context) -> Done:
    """What the rows say now, wherever something is asked; twice is harmless."""
    async with slack.world.db.reading() as session:
        incident = await store.incident(session, order.incident)
        if incident is None:
            raise GiveUp(f"INC-{order.incident} is not in the database")
        asks = await questions.debriefing(session, slack.world, order.incident)
        found = [] if incident.private else await verdicts.candidates(session, slack.world, incident)
        places = await verdicts.places(session, order.incident)
    messages = asks.debrief.messages.items() if asks else ()
    for channel, ts in messages:
        assert asks is not None
        await slack.update(channel, ts, shown.asking(asks), what="show the next question")
    for channel, ts in places:
        if (channel, ts) not in messages:
            here = [one for one in found if (one.row.channel_id, one.row.ts) == (channel, ts)]
            await slack.update(channel, ts, earlier.question(incident, here), what="update a question")
    new = [one for one in asks.earlier if not one.row.ts] if asks else []

    async def then(session: AsyncSession) -> None:
        for channel, ts in messages:
            await verdicts.asked(session, new, channel_id=channel, ts=ts)

    return Done({}, then)


# ---- the postmortem --------------------------------------------------------------------------


async def _facts(slack: Speaker, number: int) -> Facts:
    facts = await postmortems.of_key(slack.world, number)
    if facts is None:
        raise GiveUp(f"INC-{number} is not in the database")
    return facts


async def ask_reviewer(slack: Speaker, order: AskReviewer, ctx: Context) -> Done:
    facts = await _facts(slack, order.incident)
    row = facts.postmortem
    if row is None or row.state is PostmortemState.PUBLISHED or order.person in row.reviews:
        return Done()
    target = await slack.slack_id(order.person)
    channel, ts = await slack.post(ctx, target, shown.review_wanted(facts), what="ask for a review")
    return Done({"channel": channel, "ts": ts})


async def post_postmortem(slack: Speaker, order: PostPostmortem, ctx: Context) -> Done:
    """In the team's channel; a private incident's, and an exercise's, in its own and nowhere else."""
    facts = await _facts(slack, order.incident)
    incident, row, config = facts.incident, facts.postmortem, slack.world.config
    if row is None or row.version < order.version:
        return Done()
    inside = incident.private or incident.test
    if config.confluence.url and not inside and "confluence" not in row.places and ctx.attempts < 4:
        raise Retry("its page in Confluence comes first")
    target = incident.usable_channel if inside else facts.team.channel or config.slack.announce_channel
    if not target and inside:
        return Done()  # its people have it under `/incident postmortem`
    if not target:
        raise GiveUp(
            f"{facts.team.id} has no channel: set `channel` of [[team]] {facts.team.id}, or [slack] announce_channel"
        )
    by, changed = await _published(slack, order)
    message = shown.published(
        facts,
        version=order.version,
        changed=changed,
        by=facts.name(by or row.published_by),
        items=facts.actions,
    )
    await slack.post(ctx, target, message, what="tell of the published postmortem")
    return Done()


async def _published(slack: Speaker, order: PostPostmortem) -> tuple[str, list[str]]:
    """What the timeline says of this version: who published it, and what changed."""
    async with slack.world.db.reading() as session:
        entries = await store.entries(session, order.incident)
    found = [
        e for e in entries if e.kind == "postmortem_published" and e.data.get("version") == order.version
    ]
    return (found[0].by, list(found[0].data.get("changed") or [])) if found else ("", [])


# ---- the canvas ------------------------------------------------------------------------------


async def draw_canvas(slack: Speaker, order: DrawCanvas, ctx: Context) -> Done:
    """The channel's canvas with what people have written. A workspace that refuses it has the form, and nobody is told.

    Where somebody has written in the canvas since it was drawn, it stays as it is.
    https://docs.slack.dev/reference/methods/conversations.canvases.create
    """
    facts = await _facts(slack, order.incident)
    row, incident = facts.postmortem, facts.incident
    if row is None or not incident.channel_id or row.places.get("canvas_refused"):
        return Done()
    content = {"type": "markdown", "markdown": shown.canvas(facts)}
    canvas = row.places.get("canvas", "")
    try:
        if not canvas:
            canvas = await _new_canvas(slack, incident, content)
        else:
            now = await _content(slack, canvas)
            base = _base_of(row.places)
            touched = any(core.mark(words) != base.get(s.value) for s, words in now.items())
            if touched or set(now) != set(Section):
                return Done()
            change = {"operation": "replace", "document_content": content}
            await call(slack.client, "canvases.edit", canvas_id=canvas, changes=[change])
        places = {"canvas": canvas, **_as_places(await _content(slack, canvas), facts)}
    except SlackRefused as error:
        places = {"canvas_refused": error.error, "canvas": ""}

    async def then(session: AsyncSession) -> None:
        await postmortems.placed(session, order.incident, places)

    return Done({"canvas": canvas}, then)


async def _new_canvas(slack: Speaker, incident: Incident, content: dict[str, str]) -> str:
    """The canvas of the incident's channel: made now, or by a try whose answer was lost. Raises SlackRefused."""
    title = f"Postmortem of {incident.key}"
    try:
        made = await call(
            slack.client,
            "conversations.canvases.create",
            channel_id=incident.channel_id,
            title=title,
            document_content=content,
        )
        return str(made["canvas_id"])
    except SlackRefused as error:
        if error.error not in {"channel_canvas_already_exists", "free_team_canvas_tab_already_exists"}:
            raise
        info = await look(slack.client, "conversations.info", channel=incident.channel_id)
        there = str(((info["channel"].get("properties") or {}).get("canvas") or {}).get("file_id") or "")
        # One that people made is theirs; ours has every heading.
        if not there or set(await _content(slack, there)) != set(Section):
            raise
        return there


async def _content(slack: Speaker, canvas: str) -> dict[Section, str]:
    """https://docs.slack.dev/reference/methods/canvases.getContent"""
    found = await call(slack.client, "canvases.getContent", canvas_id=canvas, content_type="markdown")
    return shown.from_canvas(str(found.get("content") or ""))


def _as_places(drawn: Mapping[Section, str], facts: Facts) -> dict[str, str]:
    """What the canvas said when it was drawn, in Slack's own Markdown, and what stood in our rows then."""
    marks = {f"base:{section.value}": core.mark(words) for section, words in drawn.items()}
    rows = {f"base:row:{s.value}": core.mark(core.written(facts.postmortem, s)) for s in Section}
    return marks | rows


def _base_of(places: Mapping[str, str]) -> dict[str, str]:
    return {key.removeprefix("base:"): value for key, value in places.items() if key.startswith("base:")}


def _unread(slack: Speaker, order: ReadCanvas, why: str) -> Done:
    """Whoever asked for it waits for a word: what stands in a form goes on."""

    async def then(session: AsyncSession) -> None:
        text = f"The canvas of INC-{order.incident} was not read. {why}. *Write* opens a form instead."
        tell = Tell(order.person, text, order.incident, f"{order.incident}:canvas:{order.asked}")
        await enqueue(session, tell, now=slack.world.clock())

    return Done({}, then)


async def read_canvas(slack: Speaker, order: ReadCanvas, ctx: Context) -> Done:
    """Twice is harmless: what was taken over already is no change any more."""
    facts = await _facts(slack, order.incident)
    row = facts.postmortem
    canvas = row.places.get("canvas", "") if row else ""
    if row is None or not canvas:
        return Done()
    try:
        found = await _content(slack, canvas)
    except SlackRefused as error:
        return _unread(slack, order, error.sentence("read the canvas"))
    base = _base_of(row.places)

    async def then(session: AsyncSession) -> None:
        await postmortems.from_canvas(slack.world, session, order, found, base)

    return Done({}, then)
