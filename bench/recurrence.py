"""How well earlier incidents are found, measured on incident histories whose recurrences people have marked.

    python bench/recurrence.py FOLDER             measure, beside two simple ways and the aims
    python bench/recurrence.py FOLDER --errors    list where a right one isn't first, and why

FOLDER: `histories.jsonl` with `org`, `id`, `date`, `service`, `title`, `summary` and perhaps `opening` (the first words
that were published), and `links.jsonl` with `org`, `id`, the `earlier` ids that were the same failure, and `not`: ids
that look like it and weren't. Nothing is derived from them, so no organisation can judge itself; only an organisation's
own incidents from before are searched. Right is any of `earlier`.
"""

import argparse
import json
import math
import re
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.core import recurrence
from bot.core.recurrence import Earlier, similar

OPENING = 25
"""Words of a summary that stand for the opening where none is kept."""

DEPTH = 10
"""The mean reciprocal rank looks this far down."""

AIMS = {"with the cause": (0.90, 0.85), "at the start": (0.65, None)}

FOUND = """\
Elsewhere, on 21 organisations with 151 linked incidents: with the cause, BM25 has .86 to .90 among three, MRR .78 to
.84; at the start words alone have .48 among three, the newest of the same service .60."""


@dataclass(frozen=True)
class Incident:
    organisation: str
    id: str
    service: str
    title: str
    summary: str
    opening: str
    at: datetime

    @property
    def whole(self) -> str:
        return f"{self.title}\n{self.summary}"

    def start(self, words: int = OPENING) -> str:
        return f"{self.title}\n{' '.join((self.opening or self.summary).split()[:words])}"

    def as_earlier(self) -> Earlier:
        return Earlier(self.id, self.whole, self.service, self.at)


@dataclass(frozen=True)
class Link:
    incident: Incident
    before: tuple[Incident, ...]
    right: frozenset[str]
    wrong: frozenset[str]
    stranger: Incident
    """Of another organisation."""


Finder = Callable[[str, str, Sequence[Earlier], int], Sequence[str]]
Asking = Callable[[Link], tuple[str, str]]


def read(folder: Path) -> list[Link]:
    histories: defaultdict[str, list[Incident]] = defaultdict(list)
    for line in (folder / "histories.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        at = datetime.fromisoformat(row["date"]).replace(tzinfo=UTC)
        words = row["service"], row["title"], row["summary"], row.get("opening", "")
        histories[row["org"]].append(Incident(row["org"], row["id"], *words, at))
    for history in histories.values():
        history.sort(key=lambda incident: incident.at)
    links = []
    for n, line in enumerate((folder / "links.jsonl").read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        history = histories[row["org"]]
        place = next(n for n, incident in enumerate(history) if incident.id == row["id"])
        strangers = [one for name, others in histories.items() if name != row["org"] for one in others]
        links.append(
            Link(
                history[place],
                tuple(history[:place]),
                frozenset(row["earlier"]),
                frozenset(row.get("not", ())),
                strangers[(37 * n) % len(strangers)],
            )
        )
    return links


def ours(text: str, service: str, earlier: Sequence[Earlier], limit: int) -> list[str]:
    return [one.id for one in similar(text, service, earlier, limit)]


def bm25(text: str, service: str, earlier: Sequence[Earlier], limit: int) -> list[str]:
    texts = [Counter(re.findall(r"\w+", one.text.lower())) for one in earlier]
    mean = sum(words.total() for words in texts) / max(len(texts), 1)
    having = Counter(word for words in texts for word in words)
    scores = {}
    for one, words in zip(earlier, texts, strict=True):
        scores[one.id] = sum(
            math.log(1 + (len(texts) - having[word] + 0.5) / (having[word] + 0.5))
            * (words[word] * 2.2 / (words[word] + 1.2 * (0.25 + 0.75 * words.total() / mean)))
            for word in set(re.findall(r"\w+", text.lower()))
            if word in words
        )
    return sorted((id for id, score in scores.items() if score), key=lambda id: -scores[id])[:limit]


def newest(text: str, service: str, earlier: Sequence[Earlier], limit: int) -> list[str]:
    """Of the same service, then the others."""
    order = sorted(enumerate(earlier), key=lambda one: (one[1].service == service, one[1].at, one[0]))
    return [one.id for _, one in reversed(order)][:limit]


def mixed(link: Link) -> tuple[str, str]:
    """Its title and another organisation's words."""
    return f"{link.incident.title}\n{link.stranger.summary}", link.incident.service


ASKED: dict[str, Asking] = {
    "with the cause": lambda link: (link.incident.whole, link.incident.service),
    "at the start": lambda link: (link.incident.start(), link.incident.service),
    "with the cause, service unknown": lambda link: (link.incident.whole, ""),
    "at the start, service unknown": lambda link: (link.incident.start(), ""),
    "title and 12 words": lambda link: (link.incident.start(12), link.incident.service),
    "title alone": lambda link: (link.incident.title, link.incident.service),
    "title and a stranger's words": mixed,
    "service alone": lambda link: ("", link.incident.service),
}

WAYS: dict[str, Finder] = {"similar": ours, "BM25": bm25, "newest of the service": newest}


def ranks(links: Sequence[Link], asking: Asking, way: Finder) -> list[int | None]:
    """The place of the first right one for each link, from 1."""
    places = []
    for link in links:
        found = way(*asking(link), [one.as_earlier() for one in link.before], DEPTH)
        places.append(next((n for n, id in enumerate(found, 1) if id in link.right), None))
    return places


def figures(places: Sequence[int | None]) -> str:
    def among(first: int) -> float:
        return sum(place is not None and place <= first for place in places) / len(places)

    return f"{among(1):9.3f} {among(3):11.3f} {statistics.mean(1 / place if place else 0 for place in places):7.3f}"


def report(links: Sequence[Link]) -> None:
    linked = [link for link in links if link.right]
    names = sorted({link.incident.organisation for link in linked})
    print(
        f"{len(linked)} recurrences in {len(names)} organisations, {len(links) - len(linked)} near misses beside"
    )
    print(FOUND)
    for asked, asking in ASKED.items():
        aim = AIMS.get(asked)
        aimed = f" (aim: {aim[0]:.2f} among three{f', MRR {aim[1]:.2f}' if aim[1] else ''})" if aim else ""
        print(f"\n{asked + aimed:60}     first among three     MRR      n")
        for name, way in WAYS.items():
            print(f"  {name:58} {figures(ranks(linked, asking, way))} {len(linked):6}")
        if aim:
            for organisation in names:
                own = [link for link in linked if link.incident.organisation == organisation]
                print(f"    {organisation:56} {figures(ranks(own, asking, ours))} {len(own):6}")


def doubts(links: Sequence[Link]) -> None:
    """How far a first place and its score may be believed."""
    right: list[float] = []
    not_right: list[float] = []
    wrong_first = missable = 0
    for link in links:
        asked = ASKED["with the cause"](link)
        first = next(iter(similar(*asked, [one.as_earlier() for one in link.before], 1)), None)
        missable += bool(link.wrong)
        wrong_first += first is not None and first.id in link.wrong
        if first:
            (right if first.id in link.right else not_right).append(first.score)
    print(f"\na near miss comes first in {wrong_first} of the {missable} that have one")
    print(
        f"score of the first, with the cause: median {statistics.median(right):.2f} when right, "
        f"{statistics.median(not_right):.2f} when not (highest {max(not_right):.2f})"
    )


def speed(links: Sequence[Link], count: int = 1_000, rounds: int = 15) -> None:
    """`cold`: no text was seen before; `again`: the same ones, as when an incident's cause is written later."""
    incidents = list({id(one): one for link in links for one in (link.incident, *link.before)}.values())
    cold: list[float] = []
    again: list[float] = []
    for turn in range(rounds):
        recurrence._words.cache_clear()
        earlier = [
            Earlier(str(n), f"{one.whole} {turn} {n}", one.service, one.at + timedelta(hours=n))
            for n, one in ((n, incidents[n % len(incidents)]) for n in range(count))
        ]
        asked = incidents[turn * 7 % len(incidents)]
        for took in (cold, again):
            began = time.perf_counter()
            similar(asked.whole, asked.service, earlier)
            took.append(1000 * (time.perf_counter() - began))
    print(
        f"\nmilliseconds a call at {count:,} earlier (aim: under 20): "
        f"cold {min(cold):.1f} to {max(cold):.1f}, median {statistics.median(cold):.1f}; "
        f"again {min(again):.1f} to {max(again):.1f}, median {statistics.median(again):.1f}"
    )


def errors(links: Sequence[Link]) -> None:
    for asked in AIMS:
        print(f"\n{asked}")
        for link in (link for link in links if link.right):
            found = similar(*ASKED[asked](link), [one.as_earlier() for one in link.before], len(link.before))
            place = next((n for n, one in enumerate(found) if one.id in link.right), None)
            if place == 0:
                continue
            print(
                f"{link.incident.organisation} {link.incident.id}: {'none' if place is None else place + 1}"
            )
            for one in [*found[:3], *(found[place : place + 1] if place and place > 2 else ())]:
                mark = "*" if one.id in link.right else "-" if one.id in link.wrong else " "
                print(f"  {mark} {one.score:.2f} {one.id} [{', '.join(one.because)}]")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--errors", action="store_true", help="list where a right one isn't first")
    asked = parser.parse_args()
    if not (asked.folder / "links.jsonl").is_file() or not (asked.folder / "histories.jsonl").is_file():
        print(f"nothing measured: {asked.folder} has no histories.jsonl and links.jsonl", file=sys.stderr)
        return
    links = read(asked.folder)
    report(links)
    doubts(links)
    speed(links)
    if asked.errors:
        errors(links)


if __name__ == "__main__":
    main()
