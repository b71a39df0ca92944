"""What people type in a terminal. Exit status: 0 done, 1 could not be done (one sentence on stderr), 2 bad usage."""

import asyncio
import json
import sys
from collections.abc import Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol
from zoneinfo import ZoneInfo

import typer

from bot.config import Live
from bot.core import Refused
from bot.models import Catalog

if TYPE_CHECKING:
    from bot.core.oncall import Segment
    from bot.core.paging import Rota
    from bot.core.postmortems import Facts
    from bot.flows import World
    from bot.flows.views import Seen

# Imports of what only one command needs stand in that command: the others start without them.


class Assembly(Protocol):
    """What `__main__` hands us."""

    def live(self) -> Live: ...
    def world(self) -> "AbstractAsyncContextManager[World]": ...
    async def serve(self, *, web: bool, worker: bool) -> None: ...
    async def demo(self, *, play: bool) -> int: ...
    async def check_network(self, live: Live) -> list[str]: ...
    async def schedules(self) -> "Rota": ...
    async def check_schedules(self) -> list[str]: ...
    async def check_changes(self) -> list[str]: ...
    async def choices(self) -> dict[str, str]: ...


RUNNING, SETTING_UP, DATABASE = "Run it", "Set it up", "Its database"
LOOKING, INCIDENTS, REPORTS = "Who owns it, who is on call", "Incidents", "What it costs"
"""The headings of `writeback --help`."""

TIME = "2026-11-24T09:00, in the team's zone"
Key = Annotated[str, typer.Argument(metavar="KEY", help="Which incident, such as INC-1.")]
TeamName = Annotated[str, typer.Argument(metavar="TEAM", help="A team; all of them without.")]
Private = Annotated[bool, typer.Option("--private", help="Private incidents too, knowingly.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout and nothing else.")]


def program(assembly: Assembly) -> typer.Typer:
    """Every command, in the order of `--help`."""
    app = typer.Typer(
        name="writeback",
        help="You write it, you support it: pages the team that owns the software, and closes the loop.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )

    @app.callback()
    def every(
        version: Annotated[
            bool, typer.Option("--version", help="Which Writeback this is.", callback=_version, is_eager=True)
        ] = False,
    ) -> None: ...

    _running(app, assembly)
    _database(app, assembly)
    _setting_up(app, assembly)
    _looking(app, assembly)
    _incidents(app, assembly)
    _choices(app, assembly)
    _reports(app, assembly)
    return app


def main(assembly: Assembly) -> int:
    """Run the command line; the exit status."""
    app = program(assembly)
    try:
        result = app(standalone_mode=False)
    except typer.Exit as stop:
        return int(stop.exit_code)
    except Exception as error:
        # Typer's own complaints about usage: the sentence, then status 2.
        if hasattr(error, "exit_code") and hasattr(error, "show"):
            error.show()
            return int(error.exit_code)
        raise
    return int(result or 0)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"Writeback {version('writeback')}")
        raise typer.Exit


def _wait(doing: Coroutine[Any, Any, int | None]) -> int:
    return asyncio.run(doing) or 0


def _print_json(data: object) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2, default=_iso))


def _iso(value: object) -> str:
    return iso(value) or "" if isinstance(value, datetime) else str(value)


def iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None


# ---- running ---------------------------------------------------------------------------------


def _running(app: typer.Typer, assembly: Assembly) -> None:
    @app.command(rich_help_panel=RUNNING)
    def demo(
        play: Annotated[bool, typer.Option("--play", help="Play one incident end to end and exit.")] = False,
    ) -> int:
        """A whole workspace with no account anywhere, to type and press in."""
        return _wait(assembly.demo(play=play))

    @app.command(rich_help_panel=RUNNING)
    def run() -> int:
        """Everything in one process: web, worker and clock."""
        return _wait(assembly.serve(web=True, worker=True))

    @app.command(rich_help_panel=RUNNING)
    def web() -> int:
        """Only what Slack and browsers talk to (Postgres)."""
        return _wait(assembly.serve(web=True, worker=False))

    @app.command(rich_help_panel=RUNNING)
    def worker() -> int:
        """Only what gets things done (Postgres)."""
        return _wait(assembly.serve(web=False, worker=True))

    @app.command(rich_help_panel=RUNNING)
    def jobs(
        what: Annotated[str, typer.Argument(metavar="retry", help="Try a job once more.")] = "",
        job: Annotated[
            int, typer.Argument(metavar="ID", help="Which one; the list has it.", show_default=False)
        ] = 0,
        as_json: Json = False,
    ) -> int:
        """Waiting, failed and given-up work, and why."""
        return _wait(_jobs(assembly, what, job, as_json=as_json))


def _database(app: typer.Typer, assembly: Assembly) -> None:
    @app.command(rich_help_panel=DATABASE)
    def migrate() -> int:
        """Bring the database to the newest schema."""
        from bot.db import migrate as bring

        bring(assembly.live().config.database.url)
        print("The database is up to date.")
        return 0

    @app.command(rich_help_panel=DATABASE)
    def backup(
        file: Annotated[
            Path, typer.Argument(metavar="FILE", help="Where the copy goes; replaced if it is there.")
        ],
    ) -> int:
        """A consistent copy of the SQLite database, while Writeback runs."""
        from bot import moving

        moving.backup(assembly.live().config.database.url, file)
        print(f"{file} holds a copy of the database.")
        return 0

    @app.command(rich_help_panel=DATABASE)
    def copy(
        to: Annotated[
            str,
            typer.Option(
                "--to", metavar="URL", help="An empty database, such as postgresql://user@host/name."
            ),
        ],
    ) -> int:
        """Everything into another, empty database: from SQLite to Postgres. Stop Writeback first."""
        from bot import moving

        rows = moving.copy(assembly.live().config.database.url, to)
        print(f"{rows:,} rows are copied. Set DATABASE_URL to the new database and start Writeback again.")
        return 0


def _setting_up(app: typer.Typer, assembly: Assembly) -> None:
    @app.command(rich_help_panel=SETTING_UP)
    def example() -> int:
        """Every setting, explained: `writeback example > config.toml`, then edit it."""
        from bot.config import example as explained

        print(explained(), end="")
        return 0

    @app.command(rich_help_panel=SETTING_UP)
    def check(
        offline: Annotated[bool, typer.Option("--offline", help="Without the network.")] = False,
        notify: Annotated[
            str,
            typer.Option(
                "--notify", metavar="PERSON", help="Send them a test by each of their ways instead."
            ),
        ] = "",
    ) -> int:
        """Every problem at once, each with its fix; what an edited schedule changes."""
        if notify:
            return asyncio.run(_notify(assembly, notify))
        return _check(assembly, offline=offline)

    @app.command(rich_help_panel=SETTING_UP)
    def manifest(
        socket: Annotated[
            bool | None,
            typer.Option(
                "--socket/--http", help="How Slack reaches us; as the secrets say, else Socket Mode."
            ),
        ] = None,
    ) -> int:
        """The Slack app manifest to paste into Slack."""
        from bot.slack.manifest import manifest as written

        config = assembly.live().config
        usual = bool(config.slack.app_token) or not config.slack.signing_secret
        _print_json(written(config.web.base_url, socket_mode=usual if socket is None else socket))
        return 0

    @app.command(name="import", rich_help_panel=SETTING_UP)
    def import_(
        vendor: Annotated[
            str, typer.Argument(metavar="opsgenie|pagerduty|grafana-oncall", help="Whose export it is.")
        ],
        file: Annotated[
            Path, typer.Argument(metavar="FILE", help="The vendor's export (JSON); - for stdin.")
        ],
    ) -> int:
        """Catalog TOML from another program's export; what can't be said in it is listed on stderr."""
        from bot.importing import VENDORS, read

        if vendor not in VENDORS:
            raise typer.BadParameter(f"“{vendor}” is none of {', '.join(VENDORS)}")
        try:
            text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
            raise Refused(f"{file} can't be read: {reason}.") from error
        found = read(vendor, text)
        print(found.toml)
        for line in found.left_out:
            print(f"left out: {line}", file=sys.stderr)
        return 0


def _check(assembly: Assembly, *, offline: bool) -> int:
    from bot.config import advice, missing, problems
    from bot.core.reports.figures import many

    live, now = assembly.live(), datetime.now(UTC)
    found, hints = list(problems(live.config, now)), list(advice(live.config, now))
    # A catalog is often checked where its secrets are not.
    (hints if offline else found)[:0] = missing(live.config)
    found += [line for line in asyncio.run(assembly.check_schedules()) if line not in found]
    if not offline:
        found += asyncio.run(assembly.check_network(live))
    for change in asyncio.run(assembly.check_changes()):
        print(f"change: {change}")
    for problem in found:
        print(f"problem: {problem}")
    for hint in hints:
        print(f"advice: {hint}")
    print(f"{many(len(found), 'problems')}, {many(len(hints), 'pieces of advice')}.")
    return 1 if found else 0


async def _notify(assembly: Assembly, named: str) -> int:
    """A test message by each way of one person, and what came of it."""
    from bot.notify import client

    config = assembly.live().config
    person = config.catalog.people.get(named.removeprefix("@"))
    if person is None:
        raise Refused(
            f"There is no [[person]] {named}: the catalog has {', '.join(sorted(config.catalog.people))}."
        )
    if not person.notify:
        raise Refused(f'[[person]] {person.id} has no way beyond Slack: set notify = ["env:…"].')
    failed = 0
    for way in person.notify:
        address = config.notify.get(way.env)
        if address is None:
            print(f"{way.env}: not set; set it in the environment")
            failed += 1
            continue
        body = f"This is a test for {person.called}: a page would reach you this way."
        sent = await client.send(address, title="Writeback test", body=body)
        print(f"{way.env}: {f'sent by {sent.service}' if sent.ok else f'failed: {sent.reason}'}")
        failed += not sent.ok
    return 1 if failed else 0


async def _jobs(assembly: Assembly, what: str, job: int, *, as_json: bool) -> int:
    from bot import store
    from bot.core.reports.figures import many
    from bot.engine import jobs_waiting_or_dead, retry_job

    if what not in {"", "retry"} or (what == "retry") != bool(job):
        raise typer.BadParameter("use `writeback jobs` or `writeback jobs retry ID`; the first lists the ids")
    async with assembly.world() as world:
        if what == "retry":
            async with world.db.transaction() as session:
                if not await retry_job(session, job, world.clock()):
                    raise Refused(f"There is no given-up job {job}: `writeback jobs` lists those there are.")
            print(f"Job {job} is tried again.")
            return 0
        async with world.db.reading() as session:
            rows = await jobs_waiting_or_dead(session)
            # What they carry can be a private incident's words; which incident, and why it failed, is enough to mend it.
            private = await store.private_of(session, {row.payload.get("incident") for row in rows})
    if as_json:
        keys = ("id", "kind", "state", "run_at", "attempts", "error")
        _print_json([
            {key: getattr(row, key) for key in keys}
            | {"payload": {"incident": number} if (number := row.payload.get("incident")) in private else row.payload}
            for row in rows
        ])  # fmt: skip
        return 0
    for row in rows:
        state = "given up" if row.state == "dead" else "failed, tried again" if row.error else "waiting"
        print(f"{row.id:>6}  {row.kind:<20} {state:<20} {iso(row.run_at)}  {row.error}")
    print(f"{many(len(rows), 'jobs')}.")
    return 0


# ---- looking ---------------------------------------------------------------------------------


def _looking(app: typer.Typer, assembly: Assembly) -> None:
    @app.command(rich_help_panel=LOOKING)
    def owner(
        words: Annotated[
            list[str] | None,
            typer.Argument(metavar="WORDS", help="A name, an alias, a path; or a stack trace on stdin."),
        ] = None,
        at: Annotated[
            str, typer.Option("--at", metavar="TIME", help=f"As the catalog was then: {TIME}.")
        ] = "",
        as_json: Json = False,
    ) -> int:
        """Service, team and on-call for words, a path or a stack trace; says why."""
        if not words and sys.stdin.isatty():
            raise typer.BadParameter("name a service, an alias or a path, or send a stack trace on stdin")
        return _owner(assembly, " ".join(words or []) or sys.stdin.read(), at, as_json=as_json)

    @app.command(rich_help_panel=LOOKING)
    def oncall(
        team: TeamName = "",
        at: Annotated[str, typer.Option("--at", metavar="TIME", help=f"Then instead of now: {TIME}.")] = "",
        since: Annotated[str, typer.Option("--from", metavar="TIME", help="Where a span begins.")] = "",
        to: Annotated[str, typer.Option("--to", metavar="TIME", help="Where it ends.")] = "",
        month: Annotated[bool, typer.Option("--month", help="Four weeks at a glance.")] = False,
        as_json: Json = False,
    ) -> int:
        """Who is on call, who next, until when; with --from and --to the final schedule."""
        return _oncall(assembly, team, at, since, to, month=month, as_json=as_json)

    @app.command(rich_help_panel=LOOKING)
    def load(
        team: TeamName = "",
        weeks: Annotated[int, typer.Option("--weeks", min=1, max=104, help="How far back.")] = 4,
        as_json: Json = False,
    ) -> int:
        """Who is on call how much, how often they were woken and when: per person, from the record."""
        return _wait(_load(assembly, team, weeks, as_json=as_json))

    @app.command(rich_help_panel=LOOKING)
    def ready(
        service: Annotated[str, typer.Argument(metavar="SERVICE", help="Its id or an alias.")],
        as_json: Json = False,
    ) -> int:
        """The readiness card of a service: what it has, and what its own incidents have shown to be missing."""
        return _wait(_ready(assembly, service, as_json=as_json))

    @app.command(rich_help_panel=LOOKING)
    def classify(
        text: Annotated[list[str], typer.Argument(metavar="TEXT", help="An action item's words.")],
        as_json: Json = False,
    ) -> int:
        """The suggested operability category, the runner-up, and why."""
        from bot.core.actions import suggest

        chosen = asyncio.run(assembly.choices())
        found = suggest(" ".join(text), categories=assembly.live().config.categories, remembered=chosen)
        if as_json:
            _print_json(
                {
                    "category": found.category,
                    "runner_up": found.runner_up,
                    "sure": found.sure,
                    "because": list(found.because),
                }
            )
        else:
            sure = "" if found.sure else " (not sure)"
            because = ", ".join(found.because) or "nothing points elsewhere"
            print(f"{found.category}{sure}, else {found.runner_up}; because: {because}")
        return 0


def _choices(app: typer.Typer, assembly: Assembly) -> None:
    @app.command(rich_help_panel=INCIDENTS)
    def choices(
        what: Annotated[str, typer.Argument(metavar="forget", help="Forget one of them.")] = "",
        id: Annotated[str, typer.Argument(metavar="ID", help="Which one; the list has it.")] = "",
        as_json: Json = False,
    ) -> int:
        """The categories that people chose for texts; a choice wins for the same or nearly the same text."""
        if what not in {"", "forget"} or (what == "forget") != bool(id):
            print("use `writeback choices` or `writeback choices forget ID`", file=sys.stderr)
            return 2
        return _wait(_choose(assembly, id, as_json=as_json))


async def _choose(assembly: Assembly, forget: str, *, as_json: bool) -> int:
    from bot.flows import choices

    async with assembly.world() as world:
        if forget:
            gone = await choices.forget(world, forget)
            print(f"forgotten: {gone.category}: {gone.text}")
            return 0
        found = await choices.every(world)
    rows = [
        {
            "id": choices.id_of(c),
            "category": c.category,
            "kind": c.kind,
            "text": c.text,
            "by": c.by,
            "at": iso(c.at),
        }
        for c in found
    ]
    if as_json:
        _print_json(rows)
        return 0
    for row in rows:
        print(f"{row['id']}  {row['category']:<12} {row['text']}  ({row['by']}, {row['at']})")
    if not rows:
        print("Nobody has chosen a category yet.")
    return 0


def _owner(assembly: Assembly, text: str, at: str, *, as_json: bool) -> int:
    from bot.core import ownership, paging

    moment = _time(at, "UTC") if at else datetime.now(UTC)
    catalog = asyncio.run(_catalog_at(assembly, moment)) if at else assembly.live().config.catalog
    found = ownership.find(text, catalog)
    people = paging.on_call(catalog.teams[found.team], asyncio.run(assembly.schedules()), moment)
    if as_json:
        _print_json({
            "service": found.service, "team": found.team, "oncall": people, "why": found.why,
            "certain": found.certain, "fallback": found.fallback, "others": list(found.others),
        })  # fmt: skip
        return 0
    print(f"service: {found.service or 'not known'}")
    print(f"team:    {found.team}")
    print(f"on call: {', '.join(people) or 'nobody'}")
    print(f"why:     {found.why}")
    if found.others:
        print(f"or:      {', '.join(found.others)}")
    return 0


async def _catalog_at(assembly: Assembly, moment: datetime) -> Catalog:
    from bot.flows import catalogs

    async with assembly.world() as world:
        found = await catalogs.at(world, moment)
    if found is None:
        raise Refused(
            f"No catalog was kept as early as {iso(moment)}: the first one is kept when the bot starts."
        )
    return found


def _time(word: str, zone: str) -> datetime:
    """An ISO time; one without an offset is read in `zone`."""
    try:
        moment = datetime.fromisoformat(word)
    except ValueError:
        raise Refused(f"“{word}” is no time: write 2026-11-24T09:00 or 2026-11-24T09:00+00:00.") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def _oncall(
    assembly: Assembly, named: str, at: str, since: str, to: str, *, month: bool, as_json: bool
) -> int:
    from bot.core import months, oncall
    from bot.flows.views import month_of, on_call

    catalog, rota = assembly.live().config.catalog, asyncio.run(assembly.schedules())
    team = catalog.teams.get(named)
    if named and team is None:
        service = catalog.services.get(named)
        team = catalog.teams.get(service.team) if service else None
        if team is None:
            raise Refused(
                f"There is no team or service “{named}”: the catalog has {', '.join(sorted(catalog.teams))}."
            )
    teams = [team] if team else list(catalog.teams.values())
    if month:
        if since or to:
            raise typer.BadParameter("--month goes with --at, not with --from and --to")
        shown = [(t, _time(at, t.timezone) if at else datetime.now(UTC)) for t in teams]
        if as_json:
            edges = [(t, months.midnights(now, ZoneInfo(t.timezone))) for t, now in shown]
            spans = [_span(t.id, oncall.final(rota(t), days[0], days[-1])) for t, days in edges]
            _print_json(spans[0] if team else spans)
            return 0
        for one, now in shown:
            print(f"{one.name} ({one.timezone}; {months.CHANGED} a cover or a swap)")
            for line in months.as_text(month_of(rota, one, now).weeks, str):
                print(f"  {line}")
        return 0
    if bool(since) != bool(to):
        raise typer.BadParameter("--from and --to go together")
    if since:
        if team is None:
            raise typer.BadParameter("name a team for a span")
        start, end = _time(since, team.timezone), _time(to, team.timezone)
        if end <= start:
            raise Refused("--to must lie after --from.")
        segments = oncall.final(rota(team), start, end)
        if as_json:
            _print_json(_span(team.id, segments))
        else:
            for s in segments:
                print(
                    f"{_local(s.start, team.timezone)} – {_local(s.end, team.timezone)}  {', '.join(s.people) or 'nobody'}"
                )
        return 0
    found = [on_call(rota, t, _time(at, t.timezone) if at else datetime.now(UTC)) for t in teams]
    if as_json:
        rows = [
            {
                "team": f.team.id,
                "at": iso(f.at),
                "people": list(f.people),
                "until": iso(f.until),
                "next": list(f.following),
            }
            for f in found
        ]
        _print_json(rows[0] if team else rows)
        return 0
    for f in found:
        until = (
            f" until {_local(f.until, f.team.timezone)}, then {', '.join(f.following) or 'nobody'}"
            if f.until
            else ""
        )
        print(f"{f.team.id:<16} {', '.join(f.people) or 'nobody'}{until}")
    return 0


def _span(team: str, segments: "list[Segment]") -> dict[str, object]:
    rows = [{"start": iso(s.start), "end": iso(s.end), "people": list(s.people)} for s in segments]
    return {"team": team, "segments": rows}


async def _ready(assembly: Assembly, service: str, *, as_json: bool) -> int:
    from bot.core.readiness import as_lines
    from bot.flows import readiness, switches

    async with assembly.world() as world:
        card = await readiness.of(world, switches.service_named(world, service))
    if as_json:
        _print_json({
            "service": card.service.id, "team": card.team.id, "on_call": list(card.on_call),
            "incidents": card.looked_at,
            "facts": [{"label": f.label, "text": f.text, "url": f.url or None} for f in card.facts],
            "gaps": [
                {"about": g.about, "what": g.what, "incidents": list(g.incidents), "close": g.close}
                for g in card.gaps
            ],
        })  # fmt: skip
        return 0
    for line in as_lines(card):
        print(line)
    return 0


async def _load(assembly: Assembly, team: str, weeks: int, *, as_json: bool) -> int:
    from bot.flows import loads

    async with assembly.world() as world:
        found, name = await loads.every(world, team, weeks)
    if as_json:
        _print_json([
            {
                "team": one.team.id, "from": one.start, "to": one.end,
                "people": [
                    {
                        "person": f.person, "hours": round(f.on_call.total_seconds() / 3600, 2),
                        "share": round(f.share, 4), "pages": {str(band): n for band, n in f.bands.items()},
                        "incidents": f.incidents, "interrupted_nights": [str(night) for night in f.nights],
                        "most_incidents_in_12_hours": f.crowded,
                    }
                    for f in one.facts
                ],
                "marks": one.marks,
            }
            for one in found
        ])  # fmt: skip
        return 0
    for one in found:
        print(f"{one.team.name}, the last {weeks} weeks")
        for line in loads.as_lines(one, name):
            print(f"  {line}")
    return 0


def _local(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%a %Y-%m-%d %H:%M %Z}"


# ---- incidents -------------------------------------------------------------------------------


def _incidents(app: typer.Typer, assembly: Assembly) -> None:
    @app.command(rich_help_panel=INCIDENTS)
    def incidents(
        only_open: Annotated[bool, typer.Option("--open", help="Only those that are not over.")] = False,
        private: Private = False,
        as_json: Json = False,
    ) -> int:
        """List incidents, newest first."""
        return _wait(_list(assembly, only_open=only_open, private=private, as_json=as_json))

    @app.command(rich_help_panel=INCIDENTS)
    def show(key: Key, private: Private = False, as_json: Json = False) -> int:
        """Everything about one incident."""
        return _wait(_show(assembly, key, private=private, as_json=as_json))

    @app.command(rich_help_panel=INCIDENTS)
    def export(
        key: Key,
        form: Annotated[
            str,
            typer.Option("--format", metavar="md|json|html", help="Markdown, or a page that prints well."),
        ] = "md",
        to: Annotated[
            Path | None,
            typer.Option("--to", metavar="DIR", help="Into a file of DIR, such as DIR/2026/INC-1-….md."),
        ] = None,
        version: Annotated[
            int, typer.Option("--version", metavar="N", help="As it was published then, in Markdown.")
        ] = 0,
        private: Private = False,
    ) -> int:
        """Postmortem and timeline, to stdout or into a file that is ready to be committed."""
        return _wait(_export(assembly, key, form, to, version=version, private=private))


async def _list(assembly: Assembly, *, only_open: bool, private: bool, as_json: bool) -> int:
    from bot.core.reports.figures import many
    from bot.flows import views

    async with assembly.world() as world:
        found, name = await views.all_incidents(world, only_open=only_open, private=private)
    if as_json:
        keys = (
            *("key", "title", "service", "team", "severity", "status", "private", "test"),
            *("declared_at", "resolved_at"),
        )
        _print_json([{key: getattr(incident, key) for key in keys} for incident in found])
        return 0
    for i in found:
        has = name(i.owner) if i.owner else "nobody"
        mark = ("private " if i.private else "") + ("TEST " if i.test else "")
        print(
            f"{i.key:<8} {i.severity} {i.status:<13} {iso(i.declared_at)}  {i.team}: {mark}{i.title} ({has} has it)"
        )
    print(f"{many(len(found), 'incidents')}.")
    return 0


async def _seen(assembly: Assembly, key: str, *, private: bool) -> tuple["World", "Seen"]:
    async with assembly.world() as world:
        return world, await _found(world, key, private=private)


async def _found(world: "World", key: str, *, private: bool) -> "Seen":
    from bot.flows import views

    seen = await views.by_key(world, key, private=private)
    if seen is None:
        more = "" if private else " A private one is shown with --private alone."
        raise Refused(
            f"There is no incident {key.upper()}: `writeback incidents` lists those there are.{more}"
        )
    return seen


def record(seen: "Seen") -> dict[str, Any]:
    """The shape that CONTRACT §5 fixes: `show --json`."""
    i = seen.incident
    return {
        **_columns(i, "key", "title", "service?", "team", "severity", "status", "private"),
        **_columns(i, "declared_at", "acknowledged_at", "mitigated_at", "resolved_at"),
        "mitigation": {"kind": i.mitigation_kind, "text": i.mitigation_text} if i.mitigation_kind else None,
        "channel": {"id": i.channel_id or None, "name": i.channel_name or None},
        "roles": _columns(i, "lead?", "comms?", "scribe?"),
        "pages": [
            {
                "person": page.person,
                "step": page.step + 1,
                **_columns(page, "state", "way", "sent_at", "answered_at"),
            }
            for page in seen.pages
        ],
        "timeline": [
            {
                **_columns(line, "at", "recorded_at", "kind", "text", "by?", "withdrawn", "withdrawn_why?"),
                "links": [url for _, url in line.links],
            }
            for line in seen.lines
        ],
        "actions": [
            {
                **_columns(item, "id", "title"),
                "category": item.category or item.suggested or None,
                "owner": item.owner or None,
                "due": str(item.due) if item.due else None,
                **_columns(item, "state", "jira"),
            }
            for item in seen.actions
        ],
        "jobs": {"waiting": seen.waiting, "failed": seen.failed},
        "guides": [
            {
                **_columns(guide, "team", "person", "state", "question", "asked_by", "asked_at", "came_at"),
                **_columns(guide, "answer?", "ended_at", "minutes"),
            }
            for guide in seen.guides
        ],
        "switches": [_columns(use, "switch", "by", "at", "helped", "text?") for use in seen.switches],
        "test": i.test,
        "duplicate_of": f"INC-{i.duplicate_of}" if i.duplicate_of else None,
        "follows": f"INC-{i.follows}" if i.follows else None,
        "recurrences": [
            {"key": again.other.key, **_columns(again, "later", "time", "standing?", "how", "by?", "at")}
            for again in seen.recurrences
        ],
    }


def _columns(row: object, *names: str) -> dict[str, Any]:
    """Those of a row under their own names, times as text. With `?` nothing is null, not empty."""
    found = {}
    for name in names:
        value = getattr(row, name.removesuffix("?"))
        empty = name.endswith("?") and not value
        found[name.removesuffix("?")] = (
            None if empty else iso(value) if isinstance(value, datetime) else value
        )
    return found


async def _show(assembly: Assembly, key: str, *, private: bool, as_json: bool) -> int:
    _, seen = await _seen(assembly, key, private=private)
    if as_json:
        _print_json(record(seen))
        return 0
    for line in as_text(seen):
        print(line)
    return 0


def as_text(seen: "Seen") -> Sequence[str]:
    i, name = seen.incident, seen.name
    lines = [
        f"{i.key}  {'private ' if i.private else ''}{'TEST ' if i.test else ''}{i.title}",
        f"  {i.severity}, {i.status}; {i.service or 'service not known'}, owned by {seen.team.name}",
        f"  channel: {'#' + i.channel_name if i.channel_name else 'not open'}; lead: {name(i.lead) if i.lead else 'nobody'}",
        "  pages:",
        *(f"    {name(p.person):<16} {p.state:<13} {iso(p.sent_at) or 'not sent'}" for p in seen.pages),
        "  timeline (UTC):",
        *(
            f"    {line.at:%m-%d %H:%M:%S}  {line.text}{f' (withdrawn {line.withdrawn_why})' if line.withdrawn else ''}"
            for line in seen.lines
        ),
    ]
    if seen.actions:
        lines += [
            "  action items:",
            *(
                f"    {a.jira or 'not filed':<10} [{a.category or a.suggested}] {a.title}"
                for a in seen.actions
            ),
            *(f"    ! {a.problem}" for a in seen.actions if a.problem),
        ]
    return lines


async def _export(
    assembly: Assembly, key: str, form: str, to: Path | None, *, version: int = 0, private: bool
) -> int:
    from bot.flows import postmortems, views

    if form not in {"md", "json", "html"}:
        raise typer.BadParameter("--format is md, json or html")
    if version and form != "md":
        raise typer.BadParameter("--version is kept as md alone")
    async with assembly.world() as world:
        seen = await _found(world, key, private=private)
        if version:
            async with world.db.reading() as session:
                then = await postmortems.version(session, seen.incident, version)
        facts = await postmortems.of_key(world, seen.incident.id or 0)
        document = await views.postmortem(world, seen)
    text = (
        then.markdown
        if version
        else json.dumps(
            record(seen) | {"postmortem": _postmortem(facts)}, ensure_ascii=False, indent=2, default=_iso
        )
        + "\n"
        if form == "json"
        else document.markdown()
        if form == "md"
        else document.html()
    )
    if to is None:
        print(text, end="" if form != "html" else "\n")
        return 0
    print(_file(seen, form, to, text))
    return 0


def _postmortem(facts: "Facts | None") -> dict[str, Any] | None:
    """What people wrote and answered; null while nobody has."""
    row = facts.postmortem if facts else None
    if facts is None or row is None:
        return None
    i = facts.incident
    return {
        "state": row.state,
        "due": str(row.due) if row.due else None,
        "author": row.author or None,
        "reviewers": list(row.reviewers),
        "version": row.version,
        "published_at": iso(row.published_at),
        "sections": {**row.sections, "lesson": row.lesson},
        "took": i.took,
        "noticed": i.noticed,
        "cause": i.cause or None,
    }


def _file(seen: "Seen", form: str, to: Path, text: str) -> Path:
    """Written whole or not at all. A file that the incident has keeps its name, whatever its title is now."""
    from bot.core import postmortems

    incident = seen.incident
    if incident.private:
        raise Refused(
            f"{incident.key} is private, and a file among others is not: without --to it goes to stdout only."
        )
    folder = to / f"{incident.declared_at:%Y}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        known = [*folder.glob(f"{incident.key}.{form}"), *sorted(folder.glob(f"{incident.key}-*.{form}"))]
        path = known[0] if known else folder / postmortems.file_name(incident, form)
        unfinished = path.with_name(f".{path.name}.writing")
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise Refused(f"{to} can't be written: {error.strerror}. Name another folder after --to.") from error
    return path


# ---- reports ---------------------------------------------------------------------------------


def _reports(app: typer.Typer, assembly: Assembly) -> None:
    @app.command(rich_help_panel=REPORTS)
    def report(
        team: TeamName = "",
        weeks: Annotated[int, typer.Option("--weeks", min=1, max=520, help="How far back.")] = 12,
        as_json: Json = False,
        as_csv: Annotated[bool, typer.Option("--csv", help="One line for each figure.")] = False,
        html: Annotated[
            Path | None,
            typer.Option("--html", metavar="FILE", help="A page with plots that needs nothing else."),
        ] = None,
    ) -> int:
        """What its software cost a team, and whether its fixes helped: every figure with how and from how many."""
        if sum((as_json, as_csv, html is not None)) > 1:
            raise typer.BadParameter("--json, --csv and --html exclude each other")
        return _wait(_report(assembly, team, weeks, as_json=as_json, as_csv=as_csv, html=html))

    @app.command(rich_help_panel=REPORTS)
    def digest(
        week: Annotated[
            str, typer.Option("--week", metavar="2026-W48", help="The last whole one without.")
        ] = "",
        team: Annotated[str, typer.Argument(help="A team; all of them without.")] = "",
        of: Annotated[str, typer.Option("--team", metavar="TEAM", help="The same.")] = "",
        as_json: Json = False,
    ) -> int:
        """A week: what broke and what it cost, what was learnt, what became of the action items."""
        if team and of and team != of:
            raise typer.BadParameter(f"{team} and {of} are two teams: name one")
        return _wait(_digest(assembly, week, team or of, as_json=as_json))


async def _report(
    assembly: Assembly, team: str, weeks: int, *, as_json: bool, as_csv: bool, html: Path | None
) -> int:
    from bot.core.reports import written
    from bot.core.reports.page import page
    from bot.flows import reports

    async with assembly.world() as world:
        found = await reports.report(world, team, weeks)
    if as_json:
        _print_json(written.as_json(found))
    elif as_csv:
        print(written.as_csv(found), end="")
    elif html is not None:
        try:
            await asyncio.to_thread(html.write_text, page(found), encoding="utf-8")
        except OSError as error:
            raise Refused(f"{html} can't be written: {error.strerror}.") from error
        print(f"{html} holds the report of {found.title}.")
    else:
        print("\n".join(written.as_text(found)))
    return 0


async def _digest(assembly: Assembly, named: str, team: str, *, as_json: bool) -> int:
    from bot.core.digests import as_text, parse
    from bot.flows import digests

    async with assembly.world() as world:
        week = parse(named) if named else digests.last_week(world)
        found = await digests.digest(world, week, team)
    if as_json:
        sections = {part.title: list(part.lines) for part in found.sections} if found else {}
        _print_json({
            "week": str(week), "from": week.start, "to": week.end, "team": found.team or None if found else team or None,
            "headline": found.headline if found else None, "sections": sections,
            "figures": dict(found.figures) if found else {},
        })  # fmt: skip
        return 0
    print("\n".join(as_text(found)) if found else f"Nothing happened in week {week}.")
    return 0
