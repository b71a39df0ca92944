"""What an export says in words of our own, before it is decided which team each thing goes to."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.importing.documents import Row, identity, shown, text
from bot.importing.layers import Part, unending

IDS = 60
"""Characters of an id, so that a number still fits behind."""


class Kind(StrEnum):
    PERSON = "person"
    ROSTER = "roster"
    NEXT = "next"
    ONCALL = "oncall"
    MEMBERS = "members"
    CHANNEL = "channel"


@dataclass(frozen=True)
class Target:
    """Whom a step pages. `key`: the vendor's id of a person, of a roster (ROSTER, NEXT) or of a group (the others)."""

    kind: Kind
    key: str = ""


@dataclass
class Person:
    id: str
    name: str
    email: str = ""
    zone: str = ""
    slack: str = ""


@dataclass
class Group:
    """A team of the vendor's."""

    key: str
    name: str
    members: list[str] = field(default_factory=list)
    leads: list[str] = field(default_factory=list)


@dataclass
class Roster:
    """A schedule of the vendor's. Everyone that its `parts` have on call at a time is on call together."""

    key: str
    name: str
    zone: str
    owner: str = ""
    parts: list[Part] = field(default_factory=list)
    calendar: str = ""
    channel: str = ""


@dataclass
class Step:
    """`wait`: until the step after it, None where the export doesn't say."""

    targets: list[Target]
    wait: timedelta | None = None


@dataclass
class Policy:
    key: str
    name: str
    owner: str = ""
    steps: list[Step] = field(default_factory=list)
    repeat: int = 0


@dataclass
class Service:
    """`policy` or `owner` says whose it is."""

    name: str
    policy: str = ""
    owner: str = ""


@dataclass(frozen=True)
class Cover:
    """`roster` is "" where the export doesn't say of which schedule."""

    roster: str
    people: tuple[str, ...]
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Answer:
    """What the export itself says: these people are on call in a roster from `start` to `end`."""

    roster: str
    people: tuple[str, ...]
    start: datetime
    end: datetime


@dataclass
class Draft:
    """Everything that was read. `left_out` are sentences; people and the others are found by the vendor's ids."""

    now: datetime
    left_out: list[str] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    """Of people."""
    groups: dict[str, Group] = field(default_factory=dict)
    rosters: dict[str, Roster] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)
    services: list[Service] = field(default_factory=list)
    covers: list[Cover] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    def say(self, what: str, sentence: str) -> None:
        self.left_out.append(f"{what}: {sentence}")

    def rows(self, place: str, row: Row, key: str) -> list[Row]:
        """The tables in the list at `key`; anything else is told."""
        value = row.get(key)
        if value is not None and not isinstance(value, list):
            self.say(place, f"its “{key}” is no list and was left out")
            return []
        found: list[Row] = [item for item in value or [] if isinstance(item, dict)]
        if value and len(found) < len(value):
            self.say(place, f"{len(value) - len(found)} of its “{key}” are no entries of an export")
        return found

    def add_person(self, key: str, name: str, email: str, zone: str = "", slack: str = "") -> None:
        """Somebody of the export's list of users."""
        if not key or key in self.people:
            return
        what = f"person “{name or email or key}”"
        if not re.fullmatch(r"[^\s@]+@[^\s@]+", email):
            if not slack:
                self.say(
                    what, "has no e-mail address; add `email` or `slack`, or their accounts can't be found"
                )
            email = ""
        if zone and not is_zone(zone):
            self.say(what, f"“{zone}” is no time zone and was left out")
            zone = ""
        if not re.fullmatch(r"[UW][A-Z0-9]{2,}", slack):
            slack = ""
        id = new_id(email.partition("@")[0] or name or key, "person", self.ids)
        self.ids.add(id)
        self.people[key] = Person(id, name, email, zone, slack)

    def person(self, reference: Row, *, email: str = "") -> str | None:
        """The key of somebody who is named; None where nobody is. Whom the list of users lacks is added, and told."""
        key = identity(reference)
        if key not in self.people and email:
            same = [k for k, person in self.people.items() if person.email.casefold() == email.casefold()]
            key = same[0] if same else key or email
        if not key:
            return None
        if key not in self.people:
            name = text(reference, "summary", "name", "fullName", "username")
            self.say(f"person “{name or email or key}”", "is not in the list of users; check who that is")
            self.add_person(key, "" if name == email else name, email)
        return key

    def zone(self, what: str, name: str) -> str:
        """A zone that exists: `name`, or UTC with a word about it."""
        if is_zone(name):
            return name
        why = f"“{name}” is no time zone" if name else "it names no time zone"
        self.say(what, f"{why}; its times are taken as UTC, so set `timezone` and check its layers")
        return "UTC"

    def is_over(self, what: str, end: datetime | None) -> bool:
        """Whether something ended in the past, which is told."""
        if end is None or end > self.now:
            return False
        self.say(what, f"ended on {instant(end)} and is left out")
        return True

    def answer(
        self, roster: str, people: Collection[str], start: datetime | None, end: datetime | None
    ) -> None:
        """What is compared with the result; anything without times is of no use and no loss."""
        if roster and start and end and start < end:
            self.answers.append(Answer(roster, tuple(people), start, end))

    def end_layers(self, what: str, kind: str, parts: list[Part]) -> None:
        """Tell which layers go on here after their end."""
        for layer in unending(parts):
            end = f"{layer.ends:%Y-%m-%d %H:%M}"
            self.say(
                f"{what}, {kind} “{layer.name}”", f"ends on {end}; layers have no end, so take it out then"
            )

    def cover(self, what: str, roster: str, people: Collection[str], start: datetime, end: datetime) -> None:
        """One cover: to come or under way it is noted, one that is over is nothing to move."""
        if end <= start:
            self.say(what, f"an override ends at {instant(end)}, before it starts; it is left out")
        elif end > self.now:
            self.covers.append(Cover(roster, tuple(dict.fromkeys(people)), start, end))


def is_zone(name: str) -> bool:
    try:
        return bool(name) and ZoneInfo(name).key == name
    except (KeyError, ValueError, OSError):
        return False


def zone_of(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def instant(at: datetime) -> str:
    """As people type it, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ" if at.second else "%Y-%m-%dT%H:%MZ")


def new_id(name: str, kind: str, taken: Collection[str]) -> str:
    """An id from a name, in lower case and unlike those `taken`; from its `kind` where no letter is left."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    slug = re.sub(r"[^\w.]+", "-", plain.lower()).strip("-._")[:IDS].strip("-._")
    if not re.fullmatch(r"[^\W_][\w.-]*", slug) or slug != slug.lower() or re.fullmatch(r"sev\d", slug):
        slug = f"{kind}-{slug}" if re.fullmatch(r"sev\d", slug) else kind
    found, number = slug, 1
    while found in taken:
        number += 1
        found = f"{slug}-{number}"
    return found


def named(row: Row, kind: str) -> str:
    """How sentences call a row of the export."""
    return f"{kind} “{text(row, 'name', 'summary') or identity(row) or shown('without a name')}”"
