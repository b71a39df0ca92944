"""What people type: `/incident …` and `/oncall …`. To add a subcommand: one function and one row of SUBCOMMANDS."""

import difflib
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from bot.core import Refused
from bot.core.digests import parse, week_of
from bot.core.reports import WEEKS
from bot.flows import (
    Asking,
    Reply,
    World,
    actions,
    covers,
    digests,
    feeds,
    incidents,
    loads,
    pages,
    reports,
    timelines,
    views,
)
from bot.models import CoverKind, Mitigation, Role, Severity, Status
from bot.slack import messages
from bot.slack import reports as drawn
from bot.slack.messages import Message
from bot.slack.text import decode, mentioned

Answer = Reply | Message
Run = Callable[[World, Asking, str], Awaitable[Answer]]

_WEEKS = re.compile(r"^(\d{1,3})w(?:eeks?)?$", re.IGNORECASE)
_KEY = re.compile(r"^inc-\d{1,9}$", re.IGNORECASE)


@dataclass(frozen=True)
class Subcommand:
    """`run` gets the words after the subcommand as Slack sent them: it decodes what people are to read."""

    name: str
    usage: str
    about: str
    run: Run


async def incident(world: World, asking: Asking, text: str) -> Answer:
    """`/incident text`. Raises Refused with what was not understood and the nearest right form."""
    word, _, rest = text.strip().partition(" ")
    if not word:
        return await help_about(world, asking, "")
    found = SUBCOMMANDS.get(word.lower())
    if found is None:
        near = difflib.get_close_matches(word.lower(), SUBCOMMANDS, n=1)
        hint = (
            f"did you mean `{SUBCOMMANDS[near[0]].usage}`?"
            if near
            else "`/incident help` lists what there is."
        )
        raise Refused(f"“{decode(word)[:40]}” is no subcommand: {hint}")
    key, _, more = rest.strip().partition(" ")
    if _KEY.match(key) and found.name not in {"start", "help", "duplicate"}:
        asking, rest = replace(asking, incident=key.upper()), more
    if found.name == "duplicate" and _KEY.match(key) and _KEY.match(more.strip()):
        asking, rest = replace(asking, incident=key.upper()), more
    return await found.run(world, asking, rest.strip())


def _person(raw: str) -> tuple[str, str]:
    """The Slack id or the catalog id of a leading `@person`; both "" when the first word is none."""
    word = raw.split()[0] if raw.split() else ""
    return mentioned(word), decode(word).removeprefix("@") if word.startswith("@") else ""


async def start(world: World, asking: Asking, raw: str) -> Answer:
    return await incidents.start(world, asking, text=decode(raw))


async def ack(world: World, asking: Asking, raw: str) -> Answer:
    return await pages.acknowledge(world, asking)


async def decline(world: World, asking: Asking, raw: str) -> Answer:
    return await pages.decline(world, asking, why=decode(raw))


async def escalate(world: World, asking: Asking, raw: str) -> Answer:
    return await pages.escalate(world, asking, why=decode(raw))


async def page(world: World, asking: Asking, raw: str) -> Answer:
    whom, _, why = raw.partition(" ")
    if not whom:
        raise Refused(
            "Say whom: `/incident page team`, `/incident page service` or `/incident page @person`, then why."
        )
    return await pages.page(
        world, asking, whom=decode(whom), slack_id=mentioned(whom), why=decode(why.strip())
    )


def _role(role: Role) -> Run:
    async def run(world: World, asking: Asking, raw: str) -> Answer:
        slack_id, person = _person(raw)
        if raw and not slack_id and person not in world.catalog.people:
            raise Refused(
                f"“{decode(raw)[:60]}” is nobody I know: mention them with @, or leave it out to take it yourself."
            )
        return await incidents.role(world, asking, role, slack_id=slack_id, person=person)

    return run


async def severity(world: World, asking: Asking, raw: str) -> Answer:
    word = raw.strip().lower()
    if word not in set(Severity):
        raise Refused(f"“{decode(raw)[:40]}” is no severity: use sev1 (worst), sev2, sev3 or sev4.")
    return await incidents.severity(world, asking, Severity(word))


async def status(world: World, asking: Asking, raw: str) -> Answer:
    word, _, text = raw.partition(" ")
    if word.lower() not in set(Status):
        raise Refused(f"“{decode(word)[:40]}” is no status: use investigating, identified or mitigated.")
    return await incidents.status(world, asking, Status(word.lower()), text=decode(text.strip()))


async def update(world: World, asking: Asking, raw: str) -> Answer:
    return await incidents.update(world, asking, text=decode(raw))


async def title(world: World, asking: Asking, raw: str) -> Answer:
    return await incidents.title(world, asking, text=decode(raw))


async def service(world: World, asking: Asking, raw: str) -> Answer:
    if not raw:
        raise Refused("Say which: `/incident service checkout`.")
    return await incidents.service(world, asking, named=decode(raw))


async def note(world: World, asking: Asking, raw: str) -> Answer:
    return await incidents.note(world, asking, text=decode(raw))


async def mitigate(world: World, asking: Asking, raw: str) -> Answer:
    word, _, text = raw.partition(" ")
    if word.lower() not in set(Mitigation):
        kinds = ", ".join(Mitigation)
        raise Refused(
            f"“{decode(word)[:40]}” does not say what stopped it: use one of {kinds}, then a few words."
        )
    return await incidents.mitigate(world, asking, Mitigation(word.lower()), text=decode(text.strip()))


async def resolve(world: World, asking: Asking, raw: str) -> Answer:
    return await incidents.resolve(world, asking, text=decode(raw))


async def reopen(world: World, asking: Asking, raw: str) -> Answer:
    return await incidents.reopen(world, asking, why=decode(raw))


async def cancel(world: World, asking: Asking, raw: str) -> Answer:
    return await incidents.cancel(world, asking, why=decode(raw))


async def duplicate(world: World, asking: Asking, raw: str) -> Answer:
    if not raw:
        raise Refused("Say of which: `/incident duplicate INC-1`.")
    return await incidents.duplicate(world, asking, of=raw.split()[0])


async def action(world: World, asking: Asking, raw: str) -> Answer:
    words = raw.split()
    # A mention at the end names the owner, before or after `due …`; any other is part of the sentence.
    ends = [len(words) - 1, len(words) - 3 if len(words) > 2 and words[-2].lower() == "due" else -1]
    at = next((n for n in ends if n >= 0 and mentioned(words[n])), None)
    owner = mentioned(words[at]) if at is not None else ""
    text = " ".join(f"@{owner}" if n == at else decode(word) for n, word in enumerate(words))
    return await actions.add(world, asking, text=text, owner_slack=owner)


async def list_actions(world: World, asking: Asking, raw: str) -> Answer:
    seen = await views.incident(world, asking, of="actions")
    return messages.actions(seen.incident, seen.actions, seen.name)


async def show(world: World, asking: Asking, raw: str) -> Answer:
    seen = await views.incident(world, asking, of="show")
    return messages.headline(seen.incident, world.catalog, seen.team, seen.name, seen.actions, seen.paged)


async def show_timeline(world: World, asking: Asking, raw: str) -> Answer:
    """`/incident timeline`, and `timeline hide 17 why`, `timeline restore 17`, `timeline edit 17 words`."""
    word, _, rest = decode(raw).strip().partition(" ")
    if word.lower() in {"hide", "restore", "edit"}:
        number, _, why = rest.strip().partition(" ")
        if not (number.isascii() and number.isdigit() and len(number) < 12):
            raise Refused(
                f"Say which line: `/incident timeline {word.lower()} 17`; `/incident timeline` shows the numbers."
            )
        if word.lower() == "hide":
            return await timelines.hide(world, asking, number=int(number), why=why)
        if word.lower() == "edit":
            return await timelines.edit(world, asking, number=int(number), words=why)
        return await timelines.restore(world, asking, number=int(number))
    seen = await views.incident(world, asking, of="timeline")
    return messages.timeline(seen.incident, seen.lines)


async def list_incidents(world: World, asking: Asking, raw: str) -> Answer:
    found, name = await views.open_incidents(world, asking)
    return messages.listed(found, world.catalog, name)


async def postmortem(world: World, asking: Asking, raw: str) -> Answer:
    seen = await views.incident(world, asking, of="postmortem")
    return messages.document(await views.postmortem(world, seen))


async def report(world: World, asking: Asking, raw: str) -> Answer:
    """`/incident report [team] [26w]`."""
    words = decode(raw).split()
    weeks = _WEEKS.match(words[-1]) if words else None
    team = " ".join(words[:-1] if weeks else words)
    return drawn.report(await reports.report(world, team, int(weeks[1]) if weeks else WEEKS))


async def digest(world: World, asking: Asking, raw: str) -> Answer:
    """`/incident digest [2026-W48] [team]`: of the week that goes on now, up to now, when none is named."""
    first, _, rest = decode(raw).strip().partition(" ")
    is_week = bool(re.match(r"\d", first))
    week = parse(first) if is_week else week_of(world.clock())
    found = await digests.digest(world, week, rest if is_week else decode(raw))
    return drawn.digest(found, name=f"Week {week}")


async def help_about(world: World, asking: Asking, raw: str) -> Answer:
    """All subcommands, or one."""
    word = raw.strip().lower()
    if word and word not in SUBCOMMANDS:
        near = difflib.get_close_matches(word, SUBCOMMANDS, n=1)
        raise Refused(
            f"There is no subcommand “{decode(word)[:40]}”." + (f" Did you mean `{near[0]}`?" if near else "")
        )
    chosen = [SUBCOMMANDS[word]] if word else list(SUBCOMMANDS.values())
    lines = [f"`{found.usage}`: {found.about}" for found in chosen]
    return messages.help_text(lines)


SUBCOMMANDS: Mapping[str, Subcommand] = {
    row.name: row
    for row in (
        Subcommand(
            "start", "/incident start [service] [sev1…sev4] title", "wake the owner and open a channel", start
        ),
        Subcommand("ack", "/incident ack", "you have it", ack),
        Subcommand(
            "decline", "/incident decline [why]", "you can't take it; the next person is paged", decline
        ),
        Subcommand("escalate", "/incident escalate [why]", "page the next step now", escalate),
        Subcommand("page", "/incident page team|service|@person [why]", "wake someone more", page),
        Subcommand("lead", "/incident lead [@person]", "who leads; no person means you", _role(Role.LEAD)),
        Subcommand("comms", "/incident comms [@person]", "who tells the others", _role(Role.COMMS)),
        Subcommand("scribe", "/incident scribe [@person]", "who takes notes", _role(Role.SCRIBE)),
        Subcommand(
            "severity", "/incident severity sev1…sev4", "how bad it is; a rise pages further", severity
        ),
        Subcommand(
            "status", "/incident status investigating|identified|mitigated [text]", "where you are", status
        ),
        Subcommand("update", "/incident update text", "tell everyone how it stands", update),
        Subcommand("title", "/incident title text", "a better title", title),
        Subcommand(
            "service", "/incident service id", "it belongs to another service; its owner is paged", service
        ),
        Subcommand(
            "note", "/incident note [HH:MM] text", "a line in the timeline, now or at a time of yours", note
        ),
        Subcommand(
            "mitigate",
            f"/incident mitigate {'|'.join(Mitigation)} text",
            "what stopped the bleeding",
            mitigate,
        ),
        Subcommand("resolve", "/incident resolve [text]", "it is over", resolve),
        Subcommand("reopen", "/incident reopen [why]", "it is not over", reopen),
        Subcommand("cancel", "/incident cancel [why]", "a false alarm", cancel),
        Subcommand("duplicate", "/incident duplicate INC-n", "it is the same as another", duplicate),
        Subcommand(
            "action",
            "/incident action [category] text [@owner] [due 2w]",
            "an item for the owner's backlog",
            action,
        ),
        Subcommand("actions", "/incident actions", "the action items", list_actions),
        Subcommand(
            "timeline",
            "/incident timeline [hide number why|restore number|edit number text]",
            "what happened; strike a line out, put a note right",
            show_timeline,
        ),
        Subcommand("show", "/incident show", "how it stands", show),
        Subcommand("list", "/incident list", "open incidents", list_incidents),
        Subcommand("postmortem", "/incident postmortem", "the document", postmortem),
        Subcommand(
            "report", "/incident report [team] [26w]", "what it costs, and whether fixes help", report
        ),
        Subcommand(
            "digest", "/incident digest [2026-W48] [team]", "the week: what broke, what was learnt", digest
        ),
        Subcommand("help", "/incident help [word]", "this", help_about),
    )
}


# ---- /oncall -----------------------------------------------------------------------------------


async def oncall(world: World, asking: Asking, text: str) -> Answer:
    """`/oncall text`: a subcommand, or the team, service or path whose on-call is asked for."""
    word, _, rest = text.strip().partition(" ")
    found = ONCALL.get(word.lower())
    if found is None or (word.lower() in world.catalog.teams and not rest):
        answers, name = await views.oncall(world, asking, decode(text).strip())
        return messages.oncall(answers, name)
    return await found.run(world, asking, rest.strip())


def _cover(kind: CoverKind) -> Run:
    async def run(world: World, asking: Asking, raw: str) -> Answer:
        team, _, rest = raw.partition(" ")
        whom, _, words = rest.strip().partition(" ")
        usage = ONCALL[{"cover": "override"}.get(kind, kind)].usage
        if not words:
            raise Refused(f"Say which team, who and when: `{usage}`, for example tomorrow 9-17.")
        slack_id, person = mentioned(whom), decode(whom).removeprefix("@").lower()
        return await covers.propose(
            world, asking, kind, team=decode(team), slack_id=slack_id,
            person="" if slack_id else person, words=decode(words),
        )  # fmt: skip

    return run


async def ask_for_cover(world: World, asking: Asking, raw: str) -> Answer:
    """`/oncall cover [team] [@person] <from> <to>`, in either order."""
    team, slack_id, person = "", "", ""
    words = raw.split()
    while words:
        word = decode(words[0])
        if not team and word.lower() in world.catalog.teams:
            team = word.lower()
        elif not (slack_id or person) and mentioned(words[0]):
            slack_id = mentioned(words[0])
        elif not (slack_id or person) and word.removeprefix("@").lower() in world.catalog.people:
            person = word.removeprefix("@").lower()
        else:
            break
        words = words[1:]
    if not words:
        raise Refused(f"Say when: `{ONCALL['cover'].usage}`, for example `/oncall cover tonight`.")
    return await covers.ask(
        world, asking, team=team, slack_id=slack_id, person=person, words=decode(" ".join(words))
    )


def _number(raw: str, usage: str) -> tuple[int, str]:
    word, _, rest = raw.strip().partition(" ")
    if not (word.isascii() and word.isdigit() and len(word) < 10):
        raise Refused(f"Say which number: `{usage}`; `/oncall covers` lists them.")
    return int(word), decode(rest.strip())


async def take(world: World, asking: Asking, raw: str) -> Answer:
    number, words = _number(raw, ONCALL["take"].usage)
    return await covers.take(world, asking, number, words)


async def agree(world: World, asking: Asking, raw: str) -> Answer:
    return await covers.agree(world, asking, _number(raw, ONCALL["agree"].usage)[0], yes=True)


async def disagree(world: World, asking: Asking, raw: str) -> Answer:
    return await covers.agree(world, asking, _number(raw, ONCALL["decline"].usage)[0], yes=False)


async def undo(world: World, asking: Asking, raw: str) -> Answer:
    return await covers.undo(world, asking, _number(raw, ONCALL["undo"].usage)[0])


async def list_covers(world: World, asking: Asking, raw: str) -> Answer:
    return await covers.listed(world, asking, decode(raw).strip())


async def rota_record(world: World, asking: Asking, raw: str) -> Answer:
    if not raw.strip():
        raise Refused(f"Say which team: `{ONCALL['log'].usage}`.")
    return await covers.record(world, asking, decode(raw).strip())


async def show_schedule(world: World, asking: Asking, raw: str) -> Answer:
    found, name = await views.month(world, asking, decode(raw).strip())
    if len(found) > 1:
        raise Refused(
            "You are in several teams: " + ", ".join(f"`/oncall schedule {m.team.id}`" for m in found)
        )
    month = found[0]
    address = await feeds.address(world, asking, month.team.id)
    return messages.schedule(month.team, month.weeks, month.segments, name, address)


async def show_load(world: World, asking: Asking, raw: str) -> Answer:
    return await loads.shown(world, asking, decode(raw).strip())


async def feed_link(world: World, asking: Asking, raw: str) -> Answer:
    word, _, rest = decode(raw).strip().partition(" ")
    if word.lower() == "revoke":
        return await feeds.revoke(world, asking, rest.strip())
    return await feeds.link(world, asking, team=word)


async def oncall_help(world: World, asking: Asking, raw: str) -> Answer:
    lines = ["`/oncall [team|service|path]`: who is on call, until when, who is next, how they are reached"]
    return messages.help_text([*lines, *(f"`{row.usage}`: {row.about}" for row in ONCALL.values())])


ONCALL: Mapping[str, Subcommand] = {
    row.name: row
    for row in (
        Subcommand("schedule", "/oncall schedule [team]", "four weeks at a glance, with calendar links", show_schedule),
        Subcommand(
            "override", "/oncall override team @person from - to", "they are on call then, whoever else is",
            _cover(CoverKind.COVER),
        ),
        Subcommand(
            "swap", "/oncall swap team @person from - to", "they take your turn, once they agree", _cover(CoverKind.SWAP)
        ),
        Subcommand(
            "cover", "/oncall cover [team] [@person] from - to", "ask the team who takes your turn, or a colleague's",
            ask_for_cover,
        ),
        Subcommand("take", "/oncall take number [from - to]", "take a request for cover, or a part of it", take),
        Subcommand("agree", "/oncall agree number", "take over, as somebody asked you to", agree),
        Subcommand("decline", "/oncall decline number", "you can't take over", disagree),
        Subcommand("undo", "/oncall undo number", "take a cover, a swap or a request back", undo),
        Subcommand("covers", "/oncall covers [team]", "what is agreed and asked for", list_covers),
        Subcommand(
            "shadow", "/oncall shadow team @person from - to", "they read the pages and answer for nothing",
            _cover(CoverKind.SHADOW),
        ),
        Subcommand("load", "/oncall load [team]", "who is on call how much, and how often woken", show_load),
        Subcommand(
            "calendar", "/oncall calendar [team|revoke [team]]", "a private calendar link, of a team or your own", feed_link
        ),
        Subcommand("log", "/oncall log team", "who changed what", rota_record),
        Subcommand("help", "/oncall help", "this", oncall_help),
    )
}  # fmt: skip
