"""Reads who is on call from another program's calendar: each event is a turn, its people are who is on call."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.calendars import reading
from bot.calendars.reading import Event
from bot.core import Refused
from bot.models import Person

MAIL = re.compile(r"[(<\[]?\s*(?:mailto:)?([\w.%+'-]+@[\w-]+(?:\.[\w-]+)+)\s*[)>\]]?", re.IGNORECASE)
FIELDS = re.compile(r"\s+-\s+|[–—]|:\s|[|()\[\]<>]")
"""What stands between people and labels: “On Call - Alice Smith - Primary”, “[L1] alice”."""

LIST = re.compile(r"[,+/&;]|\band\b", re.IGNORECASE)
"""What stands between people: “alice, bob and carol”."""

NOISE = re.compile(
    r"\b(?:on[ -]?call|is|for|primary|secondary|tertiary|backup|shift|schedule|rotation|rota|duty|l[0-9]|level [0-9])\b",
    re.IGNORECASE,
)
OWNS = re.compile(r"['’]s$", re.IGNORECASE)
HOLDER = re.compile("\0([0-9]+)\0")

Known = Callable[[str], str | None]
Shift = tuple[str, datetime, datetime]


@dataclass(frozen=True)
class Read:
    """`shifts`: person, from, to (UTC), in order. `unknown`: names and addresses that are nobody in the catalog."""

    shifts: tuple[Shift, ...]
    unknown: tuple[str, ...]


def matcher(people: Iterable[Person]) -> Known:
    """Finds a person by id, e-mail or name, however it is capitalised; a name that two people have is nobody's."""
    names: dict[str, set[str]] = {}
    found: dict[str, str] = {}
    for person in people:
        for name in (person.name, person.called):
            names.setdefault(_plain(name), set()).add(person.id)
        found |= {_plain(word): person.id for word in (person.email, person.id)}
    found = {name: min(ids) for name, ids in names.items() if len(ids) == 1} | found
    found.pop("", None)
    return lambda word: found.get(_plain(word))


def _plain(word: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", word).split()).casefold()


def read(text: str | bytes, *, start: datetime, end: datetime, known: Known, zone: str = "UTC") -> Read:
    """The turns of a calendar between `start` and `end`; `zone` is of times without one, unless the calendar says.

    Cancelled events are left out, and so are those of length zero. Raises Refused for what is no calendar, for one
    of which a part can't be read, and for one that would take for ever. Blocks for seconds at worst: use a thread.
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise Refused("it is no text in UTF-8") from error
    return turns(reading.events(text, start, end, zone), known)


def turns(events: Iterable[Event], known: Known) -> Read:
    """Whose turns the events are."""
    shifts: set[Shift] = set()
    unknown: dict[str, None] = {}
    for event in events:
        people, strangers = _people(event, known)
        unknown |= dict.fromkeys(strangers)
        shifts |= {(person, event.start, event.end) for person in people}
    return Read(tuple(sorted(shifts, key=lambda shift: (shift[1], shift[2], shift[0]))), tuple(unknown))


def _people(event: Event, known: Known) -> tuple[list[str], list[str]]:
    """The catalog ids of an event's people, and what stands there for nobody we know."""
    attendees = [(re.sub(r"(?i)^mailto:", "", address), name) for address, name in event.attendees]
    invited = [(known(address) or known(name), address or name) for address, name in attendees]
    if any(person for person, _ in invited):
        return [person for person, _ in invited if person], [word for person, word in invited if not person]
    named, strangers = _named(event.summary, known)
    if named:
        return named, strangers
    return [], [word for _, word in invited] or strangers or [
        event.summary[:80] or "an event without a summary"
    ]


def _named(summary: str, known: Known) -> tuple[list[str], list[str]]:
    whole = known(summary)
    if whole:
        return [whole], []
    # Addresses are put aside first: their own dots, dashes and plus signs separate nobody.
    mails = MAIL.findall(summary)
    numbers = iter(range(len(mails)))
    rest = MAIL.sub(lambda _: f" \0{next(numbers)}\0 ", summary.replace("\0", " "))
    people: list[str] = []
    strangers: list[str] = []
    for field in FIELDS.split(rest):
        one = known(field)
        found = [(one, [], field)] if one else [_part(part, mails, known) for part in LIST.split(field)]
        somebody = any(person for person, _, _ in found)
        for person, addresses, name in found:
            if person:
                people.append(person)
            elif addresses:
                strangers += addresses
            elif name and somebody:
                # Beside people stands another of them; anything else is a label, such as the team's name.
                strangers.append(name)
    return list(dict.fromkeys(people)), strangers


def _part(part: str, mails: list[str], known: Known) -> tuple[str | None, list[str], str]:
    """One of a list: who it is, by its address or its name, and what of both is written there."""
    addresses = [mails[int(number)] for number in HOLDER.findall(part)]
    name = " ".join(HOLDER.sub(" ", part).split()).lstrip("@")
    short = OWNS.sub("", " ".join(NOISE.sub(" ", name).split()))
    for word in (*addresses, name, short):
        person = known(word)
        if person:
            return person, addresses, short
    return None, addresses, short
