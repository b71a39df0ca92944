"""A played year of a small company, written straight into a database: something to look at reports of.

    python -m bench.year sqlite:///year.db year.toml
    WRITEBACK_CONFIG=year.toml DATABASE_URL=sqlite:///year.db writeback report

Twelve teams, forty services, sixty people. Services have weaknesses that break again until a fix holds, and some fixes
don't; pages go to the wrong team now and then, people are woken at night, guides are asked, questions stay unanswered.
The same seed and end make the same year. The database must be empty; it is brought up to date first.
"""

import json
import math
import random
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import psycopg
from pydantic_core import PydanticUndefined

from bot.db import Schema, migrate, schema
from bot.models import (
    Action,
    Entry,
    Guidance,
    Incident,
    Installation,
    Page,
    Postmortem,
    Recurrence,
    SwitchUse,
)

HOUR, DAY, WEEK = 3600, 24 * 3600, 7 * 24 * 3600
BATCH = 20_000
TABLES: Sequence[Any] = (
    Installation, Incident, Page, Entry, Action, Postmortem, Recurrence, Guidance, SwitchUse
)  # fmt: skip

TEAMS = (
    "payments", "checkout", "search", "catalogue", "accounts", "orders", "shipping", "pricing", "messages", "mobile",
    "reporting", "identity",
)  # fmt: skip
ZONES = ("Europe/London", "Europe/Berlin", "America/New_York", "Asia/Kolkata")
NAMES = (
    "ada", "ben", "cleo", "dev", "eva", "finn", "gita", "hugo", "ines", "jon", "kim", "lena", "max", "nora", "omar", "pia",
    "quin", "rosa", "sami", "tess", "uma", "vera", "will", "xena", "yuri", "zoe",
)  # fmt: skip
PARTS = ("api", "worker", "web", "store", "gateway", "sync", "export")

BROKEN = {
    "logging": ("disk full of logs on {s}", "{s} fails silently", "nightly batch of {s} ended in silence"),
    "failure": ("{s} hangs while an upstream is slow", "{s} answers 502", "{s} retries itself to death"),
    "switches": ("new path of {s} can't be turned off", "{s} sends mails twice, no way to stop it", "{s} floods its upstream"),
    "config": ("pool of {s} too small, baked into the build", "wrong limit in {s}", "{s} started with a bad configuration"),
    "monitoring": ("customers report {s} down, no alert", "{s} slow for hours unnoticed", "queue of {s} grew for two days"),
    "other": ("certificate of {s} expired", "deploy of {s} went out untested", "{s} is out of capacity"),
}  # fmt: skip
FIXES = {
    "logging": ("log the order id with every error of {s}", "rotate the logs of {s}", "stop swallowing exceptions in {s}"),
    "failure": ("add timeouts to the calls of {s}", "back off between retries in {s}", "add a circuit breaker to {s}"),
    "switches": ("add a kill switch to {s}", "add a safe mode to {s}", "put the new path of {s} behind a flag"),
    "config": ("move the pool size of {s} to runtime", "validate the configuration of {s} at start", "stage the limits of {s}"),
    "monitoring": ("alert on the error rate of {s}", "watch the queue age of {s}", "add a latency objective for {s}"),
    "other": ("renew the certificates of {s} automatically", "add an end-to-end test for {s}", "write a runbook for {s}"),
}  # fmt: skip
LESSONS = (
    "An upstream that is slow is worse than one that is down.",
    "What can't be turned off will have to be deployed at night.",
    "Nobody had tried the runbook since the service was split.",
    "The alert watched the machine, not what customers see.",
    "A limit that lives in the build is a limit that needs a build at 3 a.m.",
)
ADVICE = (
    ("how do we fail over?", "promote the replica first, then move the clients"),
    ("may we drain this host?", "yes, once its queue is empty"),
    ("why is the pool full?", "idle connections are never closed: set a limit on their age"),
)
SWITCH = "safe mode"
CATEGORIES = tuple(BROKEN)
WEIGHTS = (0.16, 0.26, 0.14, 0.13, 0.18, 0.13)
NOTES = tuple(
    json.dumps({"note": text})
    for text in ("looking at the dashboards", "rolled back one host", "customers confirm", "error rate falls", "asked upstream")
)  # fmt: skip


@dataclass(frozen=True)
class Size:
    """How large a company, and how long a time. `lines` of timeline an incident, `a_week` incidents of them
    all at the beginning; no more than `most` in all."""

    teams: int = 12
    services: int = 40
    people: int = 60
    weeks: int = 52
    a_week: float = 18.0
    lines: int = 14
    most: int = 1_000_000


@dataclass
class Weakness:
    """One way in which a service breaks, `rate` times a week."""

    category: str
    rate: float
    last: int = 0
    mended: bool = False


@dataclass
class Service:
    id: str
    team: int
    weak: list[Weakness]
    has_switch: bool = False


_CLOCK = tuple(f"{h:02}:{m:02}:{s:02}.000000" for h in range(24) for m in range(60) for s in range(60))


@lru_cache(maxsize=4096)
def _day(number: int) -> str:
    return date.fromordinal(719163 + number).isoformat()


def stamp(at: int) -> str:
    """A moment as both databases read it."""
    day, second = divmod(at, DAY)
    return f"{_day(day)} {_CLOCK[second]}"


class Rows:
    """What is to be written, table by table in batches: a row for every column, as the model has it when nothing is said."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.held: dict[str, list[tuple[Any, ...]]] = {table.__tablename__: [] for table in TABLES}
        self.count = dict.fromkeys(self.held, 0)
        self.columns: dict[str, list[str]] = {}
        self.usual: dict[str, list[Any]] = {}
        self.place: dict[str, dict[str, int]] = {}
        for table in TABLES:
            name, known = table.__tablename__, table.model_fields
            self.columns[name] = [column.name for column in table.__table__.columns]
            self.usual[name] = [
                _plain(known[column].get_default(call_default_factory=True)) for column in self.columns[name]
            ]
            self.place[name] = {column: n for n, column in enumerate(self.columns[name])}
        self.link: Any = (
            sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
            if url.startswith("sqlite")
            else psycopg.connect(url, autocommit=True)
        )
        if url.startswith("sqlite"):
            for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-200000"):
                self.link.execute(f"PRAGMA {pragma}")
            self.link.execute("BEGIN")
        else:
            self.link.execute("SET TIME ZONE 'UTC'")

    def add(self, table: str, **values: Any) -> None:
        row, place = self.usual[table].copy(), self.place[table]
        for column, value in values.items():
            row[place[column]] = value
        self.held[table].append(tuple(row))
        self.count[table] += 1
        if len(self.held["entry"]) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """In the order in which they refer to each other."""
        for table, rows in self.held.items():
            if not rows:
                continue
            named = ", ".join(f'"{column}"' for column in self.columns[table])
            if isinstance(self.link, sqlite3.Connection):
                marks = ", ".join("?" * len(self.columns[table]))
                self.link.executemany(f'INSERT INTO "{table}" ({named}) VALUES ({marks})', rows)
            else:
                with self.link.cursor().copy(f'COPY "{table}" ({named}) FROM STDIN') as copy:
                    for row in rows:
                        copy.write_row(row)
            rows.clear()

    def close(self) -> None:
        self.flush()
        if isinstance(self.link, sqlite3.Connection):
            self.link.execute("COMMIT")
            self.link.execute("ANALYZE")
            self.link.execute("PRAGMA journal_mode=WAL")
        else:
            for table in (
                "incident",
                "page",
                "entry",
                "recurrence",
                "guidance",
                "switchuse",
            ):  # whose numbers were given, not drawn
                self.link.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM \"{table}\""
                )
            self.link.execute("ANALYZE")
        self.link.close()


def _plain(value: Any) -> Any:
    if value is PydanticUndefined:
        return None
    return json.dumps(value) if isinstance(value, dict | list) else getattr(value, "value", value)


class Year:
    """The company and what happens to it."""

    def __init__(self, size: Size, seed: int, end: datetime) -> None:
        self.size, self.dice = size, random.Random(seed)
        self.end = int(end.timestamp())
        self.start = self.end - size.weeks * WEEK
        self.teams = [
            TEAMS[n] if n < len(TEAMS) else f"{TEAMS[n % len(TEAMS)]}-{n // len(TEAMS) + 1}"
            for n in range(size.teams)
        ]
        self.people = [
            NAMES[n] if n < len(NAMES) else f"{NAMES[n % len(NAMES)]}-{n // len(NAMES) + 1}"
            for n in range(size.people)
        ]
        self.guides = self.people[-max(2, size.people // 20) :]
        writers = self.people[: -len(self.guides)]
        self.members = [writers[n :: size.teams] for n in range(size.teams)]
        self.usual = size.a_week / size.services / 3
        self.services = [self._service(n) for n in range(size.services)]
        self.ids = dict.fromkeys(
            ("incident", "page", "entry", "action", "recurrence", "guidance", "switchuse"), 0
        )

    def _service(self, number: int) -> Service:
        team = number % self.size.teams
        suffix = PARTS[number // self.size.teams % len(PARTS)]
        more = number // (self.size.teams * len(PARTS))
        chosen = sorted({self.dice.choices(CATEGORIES, WEIGHTS)[0] for _ in range(4)})
        weak = [self._weakness(category) for category in chosen]
        has = "switches" not in chosen and self.dice.random() < 0.4
        return Service(f"{self.teams[team]}-{suffix}" + (f"-{more + 1}" if more else ""), team, weak, has)

    def _weakness(self, category: str) -> Weakness:
        return Weakness(category, self.usual * self.dice.lognormvariate(-0.25, 0.7))

    def _id(self, of: str) -> int:
        self.ids[of] += 1
        return self.ids[of]

    # ---- the year ----------------------------------------------------------------------------

    def play(self, rows: Rows) -> None:
        """Week by week, so that a fix changes what comes after it."""
        rows.add("installation", team_id="T1", url="https://acme.slack.com/", seen_at=stamp(self.start))
        pending: list[tuple[int, Weakness, Service]] = []
        for week in range(self.size.weeks):
            began = self.start + week * WEEK
            for _, weakness, service in [one for one in pending if one[0] <= began]:
                # Two of three fixes hold; the others were done, and it breaks again.
                if not weakness.mended and self.dice.random() < 0.67:
                    weakness.mended = True
                    weakness.rate *= 0.15
                    service.has_switch = service.has_switch or weakness.category == "switches"
                    if self.dice.random() < 0.5:  # software goes on changing
                        service.weak.append(self._weakness(self.dice.choices(CATEGORIES, WEIGHTS)[0]))
            pending = [one for one in pending if one[0] > began]
            happened = sorted(
                ((self._moment(began), service, weakness) for service, weakness in self._struck()),
                key=lambda one: one[0],
            )
            self._drill(rows, began)
            for at, service, weakness in happened:
                if at < self.end and self.ids["incident"] < self.size.most:
                    pending += [
                        (done, weakness, service) for done in self._incident(rows, at, service, weakness)
                    ]

    def _drill(self, rows: Rows, began: int) -> None:
        """Now and then somebody tries a switch before it is needed."""
        switched = [service for service in self.services if service.has_switch]
        if switched and self.dice.random() < 0.3:
            service = self.dice.choice(switched)
            rows.add(
                "switchuse", id=self._id("switchuse"), service=service.id, switch=SWITCH,
                by=self.dice.choice(self.members[service.team]), at=stamp(began + 2 * DAY + 10 * HOUR),
                helped=self.dice.choice(("yes", "yes", "yes", "no")),
            )  # fmt: skip

    def _struck(self) -> Iterable[tuple[Service, Weakness]]:
        for service in self.services:
            for weakness in service.weak:
                for _ in range(self._poisson(weakness.rate)):
                    yield service, weakness

    def _poisson(self, rate: float) -> int:
        limit, product, count = math.exp(-rate), self.dice.random(), 0
        while product > limit:
            product, count = product * self.dice.random(), count + 1
        return count

    def _moment(self, began: int) -> int:
        """More by day than by night, and on weekdays."""
        while True:
            at = began + self.dice.randrange(WEEK)
            hour, weekday = at // HOUR % 24, (at // DAY + 3) % 7
            likely = (1.0 if 8 <= hour < 19 else 0.35) * (0.5 if weekday > 4 else 1.0)
            if self.dice.random() < likely:
                return at

    def _incident(self, rows: Rows, at: int, service: Service, weakness: Weakness) -> list[int]:
        """One incident with all that belongs to it; when the fixes that are done will be done."""
        dice, number, owner_team = self.dice, self._id("incident"), service.team
        title = dice.choice(BROKEN[weakness.category]).format(s=service.id)
        severity = dice.choices(("sev1", "sev2", "sev3", "sev4"), (0.06, 0.24, 0.5, 0.2))[0]
        odd = dice.random()
        status = "cancelled" if odd < 0.03 else "duplicate" if odd < 0.04 and number > 1 else "resolved"
        members = self.members[owner_team]
        person = members[at // WEEK % len(members)]
        first = at + 60 + round(dice.lognormvariate(math.log(90), 0.9))
        clock, wrong = at, dice.random() < 0.09 and len(self.teams) > 1
        if wrong:
            other = (owner_team + 1 + dice.randrange(len(self.teams) - 1)) % len(self.teams)
            wronged = self.members[other][at // WEEK % len(self.members[other])]
            clock = at + round(dice.lognormvariate(math.log(1500), 0.7))
        acknowledged, pages = self._pages(rows, number, clock, owner_team, person)
        if wrong:
            first = min(first, clock - 5)
            self._page(
                rows,
                number,
                pages + 1,
                at,
                wronged,
                f"on call for {self.teams[other].title()}",
                "acknowledged",
                first,
            )
        took = round(dice.lognormvariate(math.log(2400 if severity in {"sev1", "sev2"} else 5400), 0.9))
        by_switch = service.has_switch and dice.random() < 0.5
        took = max(300, took // 3 if by_switch else took)
        mitigated = acknowledged + took
        ended = min(mitigated + round(dice.lognormvariate(math.log(2700), 0.8)), self.end)
        still = acknowledged >= self.end - 1 or (ended >= self.end - DAY and dice.random() < 0.4)
        answered = dice.random() < 0.8
        stopped, what_it_took = self._stopped(weakness.category, by_switch)
        noticed = "customer" if weakness.category == "monitoring" and dice.random() < 0.7 else dice.choices(
            ("monitor", "customer", "colleague", "luck"), (0.62, 0.2, 0.13, 0.05)
        )[0]  # fmt: skip
        over = not still
        rows.add(
            "incident", id=number, request_id=f"year:{number}", title=title, service=service.id, team=self.teams[owner_team],
            severity=severity, status=status if over else "investigating", private=dice.random() < 0.01,
            test=dice.random() < 0.02, declared_by=self.people[dice.randrange(len(self.people))], declared_at=stamp(at),
            acknowledged_at=stamp(first if wrong else acknowledged) if acknowledged < self.end else None,
            owner=person if acknowledged < self.end else "", noticed=noticed if over and answered else None,
            mitigated_at=stamp(mitigated) if over and status == "resolved" and mitigated <= ended else None,
            mitigation_kind=stopped if over and status == "resolved" and dice.random() < 0.9 else None,
            took=what_it_took if over and answered else None, cause=title if over and answered else "",
            resolved_at=stamp(ended) if over else None, duplicate_of=number - 1 if status == "duplicate" else None,
            channel_id=f"C{number:09}", channel_name=f"inc-{number}", run=2 if wrong else 1,
        )  # fmt: skip
        if over and status == "resolved" and weakness.last and dice.random() < 0.6:
            rows.add(
                "recurrence", id=self._id("recurrence"), incident_id=number, earlier_id=weakness.last,
                state=dice.choices(("confirmed", "suggested", "denied"), (0.6, 0.25, 0.15))[0],
                how="service", because="the same service with the same cause", at=stamp(at), by=person,
            )  # fmt: skip
        self._timeline(
            rows, number, at, acknowledged, mitigated, ended, person, wrong, clock, owner_team, over
        )
        if status != "resolved" or not over:
            return []
        if severity in {"sev1", "sev2"}:
            self._postmortem(rows, number, ended, person)
        done = self._actions(rows, number, ended, service, weakness, person)
        weakness.last = number
        return done

    def _stopped(self, category: str, by_switch: bool) -> tuple[str, str]:
        if by_switch:
            return "switch", "flag"
        dice = self.dice
        if category == "config":
            return dice.choice((("deploy", "rebuild"), ("config", "flag"), ("deploy", "redeploy")))
        return dice.choices(
            (("rollback", "redeploy"), ("deploy", "code"), ("restart", "restart"), ("scale", "restart"),
             ("config", "flag"), ("upstream", "nothing"), ("self", "nothing")),
            (0.24, 0.16, 0.25, 0.08, 0.09, 0.09, 0.09),
        )[0]  # fmt: skip

    def _page(
        self, rows: Rows, number: int, page: int, at: int, person: str, why: str, state: str, answered: int | None,
        *, step: int = 0, by_hand: bool = False,
    ) -> None:  # fmt: skip
        sent = None if at >= self.end else stamp(at + 1)
        rows.add(
            "page", id=self._id("page"), incident_id=number, number=page, run=1, step=step, by_hand=by_hand, person=person,
            why=why, state=state, created_at=stamp(at), sent_at=sent,
            answered_at=stamp(answered) if answered is not None and answered < self.end else None,
        )  # fmt: skip

    def _pages(self, rows: Rows, number: int, at: int, team: int, person: str) -> tuple[int, int]:
        """Who is paged, and when somebody takes it; with how many pages there were."""
        dice, members = self.dice, self.members[team]
        name = self.teams[team].replace("-", " ").title()
        wait = 5 + round(dice.lognormvariate(math.log(110), 1.0))
        count = 1
        if wait < 300:
            self._page(rows, number, 1, at, person, f"on call for {name}", "acknowledged", at + wait)
            taken = at + wait
        else:
            said = "declined" if dice.random() < 0.3 else "unanswered"
            self._page(rows, number, 1, at, person, f"on call for {name}", said, at + 300)
            backup = members[(members.index(person) + 1) % len(members)]
            taken, count = at + 300 + dice.randrange(20, 400), 2
            who, why = (
                (backup, f"next on call for {name}")
                if dice.random() < 0.85
                else (members[0], f"fallback of {name}")
            )
            self._page(rows, number, 2, at + 300, who, why, "acknowledged", taken, step=1)
        if dice.random() < 0.12:
            count += 1
            guide = dice.choice(self.guides)
            self._page(
                rows,
                number,
                count,
                taken + 300,
                guide,
                "asked for advice (Guides)",
                "acknowledged",
                taken + 600,
                by_hand=True,
            )
            question, answer = dice.choice(ADVICE)
            answered = dice.random() < 0.9
            rows.add(
                "guidance", id=self._id("guidance"), incident_id=number, number=1, team="guides", question=question,
                asked_by=person, asked_at=stamp(taken + 300), person=guide, state="answered" if answered else "came",
                came_at=stamp(taken + 600), answer=answer if answered else "",
                ended_at=stamp(taken + 2400) if answered else None,
                minutes=dice.choice((10, 20, 30, 45, None)) if answered else None,
            )  # fmt: skip
        return taken, count

    def _timeline(
        self, rows: Rows, number: int, at: int, acknowledged: int, mitigated: int, ended: int, person: str, wrong: bool,
        moved: int, team: int, over: bool,
    ) -> None:  # fmt: skip
        name = self.teams[team]
        lines = [
            (at, "declared", json.dumps({"title": "it broke", "severity": "sev3", "team": name}), person)
        ]
        if self.dice.random() < 0.07:
            fallback = self.dice.random() < 0.4
            lines.append(
                (at, "owner_unclear", json.dumps({"team": name, "others": [], "fallback": fallback}), "")
            )
        if wrong:
            other = self.teams[(team + 1) % len(self.teams)]
            lines.append(
                (
                    moved,
                    "owner_changed",
                    json.dumps({"service": "", "team": name, "released": other.replace("-", " ").title()}),
                    person,
                )
            )
        lines.append((acknowledged, "acknowledged", '{"way": ""}', person))
        if over:
            lines.append((mitigated, "mitigated", '{"what": "switch", "more": ""}', person))
            lines.append((ended, "resolved", '{"more": ""}', person))
        more = self.size.lines - len(lines)
        span = max(1, ended - at)
        lines += [(at + span * n // (more + 1), "noted", NOTES[n % len(NOTES)], person) for n in range(more)]
        for when, kind, data, by in lines:
            moment = stamp(when)
            rows.add(
                "entry", id=self._id("entry"), incident_id=number, at=moment, recorded_at=moment, kind=kind, by=by, data=data,
            )  # fmt: skip

    def _postmortem(self, rows: Rows, number: int, ended: int, person: str) -> None:
        due = ended + 7 * DAY
        at = ended + round(self.dice.lognormvariate(math.log(5 * DAY), 0.5))
        done = at < self.end and self.dice.random() < 0.85
        rows.add(
            "postmortem", incident_id=number, state="published" if done else "draft", due=_day(due // DAY), author=person,
            lesson=self.dice.choice(LESSONS), version=int(done), created_at=stamp(ended), updated_at=stamp(min(at, self.end)),
            published_at=stamp(at) if done else None, published_by=person if done else "",
        )  # fmt: skip

    def _actions(
        self, rows: Rows, number: int, ended: int, service: Service, weakness: Weakness, person: str
    ) -> list[int]:
        dice, fixed = self.dice, []
        for n in range(dice.choices((0, 1, 2, 3, 4), (0.1, 0.23, 0.29, 0.2, 0.18))[0]):
            category = weakness.category if n == 0 or dice.random() < 0.5 else dice.choice(CATEGORIES)
            made = min(ended + n * 300, self.end - 1)
            closed = made + round(dice.lognormvariate(math.log(5 * WEEK), 0.9))
            fate = dice.random()
            state = "open" if fate > 0.72 or closed >= self.end else "done" if fate < 0.64 else "wont_do"
            known = dice.random() < 0.85
            key = self._id("action")
            rows.add(
                "action", id=f"y{key:x}", incident_id=number, title=dice.choice(FIXES[category]).format(s=service.id),
                team=self.teams[service.team], category=category if known else "", suggested=category, owner=person,
                due=_day((made + 4 * WEEK) // DAY), state=state, created_by=person, created_at=stamp(made),
                closed_at=stamp(closed) if state != "open" else None,
                jira=(issue := f"{self.teams[service.team][:3].upper()}-{key}"),
                jira_url=f"https://acme.atlassian.net/browse/{issue}",
            )  # fmt: skip
            if state == "done" and category == weakness.category:
                fixed.append(closed)
        return fixed

    # ---- the catalog ---------------------------------------------------------------------------

    def config(self) -> str:
        """The configuration that goes with it."""
        lines = ['[paging]\nfallback_team = "payments"', '[slack]\nannounce_channel = "incidents"']
        zone = {person: ZONES[n % len(self.teams) % len(ZONES)] for n, person in enumerate(self.people)}
        lines += [
            f'[[person]]\nid = "{person}"\nemail = "{person}@acme.dev"\ntimezone = "{zone[person]}"'
            for person in self.people
        ]
        for n, team in enumerate(self.teams):
            members = ", ".join(f'"{person}"' for person in self.members[n])
            lines.append(
                f'[[team]]\nid = "{team}"\nname = "{team.replace("-", " ").title()}"\ntimezone = "{ZONES[n % len(ZONES)]}"\n'
                f'channel = "team-{team}"\nlead = "{self.members[n][0]}"\nmembers = [{members}]\nlayers = [\n'
                '  { rotation = { kind = "weekly", length = 1, handoff = "09:00", weekday = "mon", '
                'start = "2026-01-05T09:00" }, '
                f"participants = [{members}] }},\n]"
            )
        guides = ", ".join(f'"{person}"' for person in self.guides)
        lines.append(f'[[team]]\nid = "guides"\nname = "Guides"\nkind = "guide"\nmembers = [{guides}]')
        for one in self.services:
            switch = f'\nswitches = [{{ name = "{SWITCH}", how = "flag" }}]' if one.has_switch else ""
            lines.append(f'[[service]]\nid = "{one.id}"\nteam = "{self.teams[one.team]}"{switch}')
        return "\n\n".join(lines) + "\n"


def play(url: str, size: Size, *, seed: int, end: datetime) -> tuple[Year, dict[str, int]]:
    """Write it into an empty database; the company, and how many rows each table got."""
    if schema(url) is not Schema.EMPTY:
        raise SystemExit(f"{url} is not empty: name another database")
    migrate(url)
    year, rows = Year(size, seed, end), Rows(url)
    year.play(rows)
    rows.close()
    return year, rows.count


def main() -> None:
    if len(sys.argv) not in {2, 3}:
        raise SystemExit(__doc__)
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    year, count = play(sys.argv[1], Size(), seed=1, end=now)
    print(", ".join(f"{number} {table}" for table, number in count.items()))
    if len(sys.argv) == 3:
        Path(sys.argv[2]).write_text(year.config())


if __name__ == "__main__":
    main()
