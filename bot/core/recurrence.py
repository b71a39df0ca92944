"""Which earlier incidents resemble one: by words, and when they say little by service and recency.

Words are evidence, weighed as in BM25: one that few earlier incidents have says much, one that most have nearly
nothing. Words of stock phrases count little and are no reason by themselves; two words for one kind of failure, such
as "oom" and "memory", are a match too. Service and recency add a fixed amount: the words of a written cause outweigh
them, a bare title doesn't. Resembling is not being the same: where the same part failed for another reason, it often
comes first. So people are shown the reasons, and they decide.

The amounts were chosen by hand with `bench/recurrence.py` on the public histories of seven organisations, with 39
recurrences, also with texts cut short or mixed with others' words: .90 have a right one among the first three, and MRR
is .86. Chosen anew without the organisation that is judged they give .90 and .80, so finer ones would only fit these
few. The lists of words were written by somebody who had read these histories. Weighing titles more, pairs of words,
parts of words and cosines instead of BM25 were tried and didn't help.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from bot.core.category_matching import stem
from bot.core.recurrence_words import KINDS, SILENT, STOCK
from bot.core.words import plain

LONGEST = 2_000
"""Characters of a text that are looked at; what broke and why stands at the beginning."""

REPEATS = 1.2
LENGTH = 0.75
"""BM25's k1 and b: how slowly a repeated word stops counting, and how far long texts are held to be long-winded."""

STOCK_WEIGHT = 0.4
"""Of a word of stock phrases, beside any other word that as many texts have."""

SERVICE = 1.0
RECENCY = 0.75
"""What the same service, and being the newest, add: so many times what a word adds that only one text has."""

USUAL = 0.75
FEW = 8
"""A word that more than this share of the texts have, and more than this many, is no reason by itself: the company's name."""

REASONS = 5

_ASCII_WORDS = bytes(byte if byte < 128 and chr(byte).isalnum() else 32 for byte in bytes(range(256)).lower())
_WORD = re.compile(r"[^\W_]+")
_DATE_OR_TIME = re.compile(r"\d{1,2}|(19|20)\d\d|\d+(st|nd|rd|th|am|pm|h|m|s|min|mins|utc|z)|\d*t\d+z?")
_KIND_OF = {word: number for number, words in enumerate(KINDS) for word in words}


@dataclass(frozen=True)
class Earlier:
    """`text` is all that is known by now: title, what happened, why. `service` may be several, with commas, or empty."""

    id: str
    text: str
    service: str
    at: datetime


@dataclass(frozen=True)
class Similar:
    """`score` is from 0 to 1, the same words and service in the newest one. `because` has the strongest reasons first.

    A reason is a shared word, `ours ≈ theirs` for two words of one kind of failure, or `same service: …`.
    """

    id: str
    score: float
    because: tuple[str, ...]


def similar(text: str, service: str, earlier: Sequence[Earlier], limit: int = 3) -> list[Similar]:
    """Those of `earlier` that share a telling word, a kind of failure or a service, best first.

    Equally good ones: the newest first, and of one moment the last in `earlier`.
    """
    if limit <= 0 or not earlier:
        return []
    asked = _Asked(text, service)
    known = asked.found_in(earlier)
    weights = _Weights(asked, known)
    unit = _rarity(1, len(earlier))
    newest_first = sorted(range(len(earlier)), key=lambda n: (earlier[n].at, n), reverse=True)
    ranked = []
    for place, n in enumerate(newest_first):
        same = asked.share_of_services(earlier[n].service)
        if same or weights.any_telling(known[n]):
            prior = SERVICE * math.sqrt(same) + RECENCY * _recency(place, len(earlier))
            ranked.append((-round(weights.evidence(known[n]) + unit * prior, 9), place, n))
    most = weights.evidence(asked.itself) + unit * (SERVICE * bool(asked.services) + RECENCY)
    return [
        Similar(earlier[n].id, round(min(1.0, -amount / most), 6), weights.reasons(known[n], earlier[n]))
        for amount, _, n in sorted(ranked)[:limit]
    ]


def looked_for(text: str) -> list[str]:
    """What a text that resembles `text` may contain, for a database to look through more of them than are compared.

    Beginnings of words, in the order in which they stand: a word's end is left off where others of its stem differ.
    """
    words = [word.decode() for word in _words_of(text, "")]
    found = dict.fromkeys(stem(w) for w in words if _speaks(w))
    # A stem may end otherwise than its words do: "categori" of "category".
    return [word.removesuffix("i") for word in found if len(word) > 3 and word not in STOCK]


def _recency(place: int, count: int) -> float:
    """1 for the newest, falling to 0. By place, because one history spans weeks and another years."""
    return 1 - math.log1p(place) / math.log1p(count)


class _Found(NamedTuple):
    """What a text has of the words that matter: how often each stem, and a stem for each kind of failure."""

    times: Mapping[str, int]
    kinds: Mapping[int, str]
    length: int


def _found(stems: Iterable[str], length: int) -> _Found:
    times: dict[str, int] = {}
    for word in stems:
        times[word] = times.get(word, 0) + 1
    return _Found(times, {_KIND_OF[word]: word for word in times if word in _KIND_OF}, length)


class _Asked:
    """What the incident says. `written` has the word that stands in it for each stem."""

    def __init__(self, text: str, service: str) -> None:
        words = [word.decode() for word in _words_of(text, service)]
        self.services = _services(service)
        self.written = _written(words)
        self.itself = _found((stem(word) for word in words if _speaks(word)), len(words))

    def share_of_services(self, service: str) -> float:
        """How many are the same: 0 to 1."""
        others = _services(service) if self.services else frozenset()
        return len(self.services & others) / len(self.services | others) if others else 0.0

    def found_in(self, earlier: Sequence[Earlier]) -> list[_Found]:
        texts = [_words_of(one.text, one.service) for one in earlier]
        wanted = set(self.itself.times).union(*(KINDS[kind] for kind in self.itself.kinds))
        # Stemming each word of each text would take most of the time. It leaves a word's beginning alone.
        beginnings = {word.encode()[:2] for word in wanted}
        close = {word: word.decode() for word in set().union(*texts) if word[:2] in beginnings}
        stems = {word: its for word, read in close.items() if (its := stem(read)) in wanted and _speaks(read)}
        return [_found([stems[word] for word in words if word in stems], len(words)) for words in texts]


class _Weights:
    """How much each word of the incident says about which earlier one it resembles."""

    def __init__(self, asked: _Asked, known: Sequence[_Found]) -> None:
        self._asked = asked
        self._mean_length = sum(found.length for found in known) / len(known) or 1.0
        having = Counter(word for found in known for word in found.times)
        naming = Counter(kind for found in known for kind in found.kinds)
        usual = max(USUAL * len(known), FEW)
        self._kinds = {kind: _rarity(naming[kind], len(known)) for kind in asked.itself.kinds}
        self._words = {
            word: _rarity(having[word], len(known)) * (STOCK_WEIGHT if word in STOCK else 1.0)
            for word in asked.itself.times
        }
        self._telling_kinds = {kind for kind in self._kinds if naming[kind] <= usual}
        self._telling_words = {word for word in self._words if having[word] <= usual} - STOCK

    def evidence(self, found: _Found) -> float:
        return sum(amount for amount, _, _ in self._shared(found))

    def any_telling(self, found: _Found) -> bool:
        return not (
            self._telling_words.isdisjoint(found.times) and self._telling_kinds.isdisjoint(found.kinds)
        )

    def reasons(self, found: _Found, earlier: Earlier) -> tuple[str, ...]:
        services = ", ".join(sorted(self._asked.services & _services(earlier.service)))
        said = [f"same service: {services}"] if services else []
        told = {stem(word.decode()) for word in _words_of("", services)}
        theirs = _written([word.decode() for word in _words_of(earlier.text, earlier.service)])
        for _, word, other in sorted(self._shared(found), key=lambda shared: -shared[0]):
            ours = self._asked.written[word]
            if word not in found.times:
                said.append(f"{ours} ≈ {theirs[other]}")
            elif word in self._telling_words and word not in told:
                said.append(ours)
        return tuple(dict.fromkeys(said))[:REASONS]

    def _shared(self, found: _Found) -> Iterator[tuple[float, str, str]]:
        """What both have: how much it says, our stem and theirs."""
        flat = REPEATS * (1 - LENGTH + LENGTH * found.length / self._mean_length)
        for word, times in found.times.items():
            if word in self._words:
                yield self._words[word] * times * (REPEATS + 1) / (times + flat), word, word
        for kind, theirs in found.kinds.items():
            if kind in self._kinds:
                yield self._kinds[kind] * (REPEATS + 1) / (1 + flat), self._asked.itself.kinds[kind], theirs


def _rarity(having: int, count: int) -> float:
    return math.log(1 + (count - having + 1.5) / (having + 0.5))


def _speaks(word: str) -> bool:
    return len(word) > 1 and word not in SILENT and not _DATE_OR_TIME.fullmatch(word)


def _written(words: Sequence[str]) -> dict[str, str]:
    """The first word written for each stem."""
    return {stem(word): word for word in reversed(words)}


@lru_cache(maxsize=2_048)
def _services(names: str) -> frozenset[str]:
    return frozenset(name for part in re.split("[,;]", names[:LONGEST]) if (name := part.strip().casefold()))


def _words_of(text: str, service: str) -> tuple[bytes, ...]:
    """The service's too: one text names it and the other doesn't."""
    return _words(text[:LONGEST], service[:LONGEST])


@lru_cache(maxsize=4_096)
def _words(text: str, service: str) -> tuple[bytes, ...]:
    """Lower-case words and numbers in order; what hyphens, dots and the like join is several.

    As bytes: reading a thousand texts then takes half the time.
    """
    whole = f"{plain(text) if '<' in text else text} {service}"
    if whole.isascii():
        return tuple(whole.encode().translate(_ASCII_WORDS).split())
    return tuple(map(str.encode, _WORD.findall(unicodedata.normalize("NFKC", whole).casefold())))
