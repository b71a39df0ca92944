"""Which phrases occur in a text: word stems, the little language of phrases, and an index that finds them quickly."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

GAP = 4
"""Words that `…` in a phrase stands for, at most."""

BREAKS = frozenset(".!?;:\n")
"""End a sentence, or a heading such as "Short term:"."""

_WORD = re.compile(r"[^\W\d_][^\W_]*(?:'[^\W\d_]+)?|\d+[^\W\d_]*|[.!?;:\n%]")
_KEPT = {
    "building",
    "during",
    "meeting",
    "need",
    "pending",
    "setting",
    "settings",
    "speed",
    "spring",
    "string",
}
_VOWELS = frozenset("aeiouy")


def words_of(text: str) -> list[str]:
    """Lower-case words, numbers, `%` and BREAKS, in order."""
    return _WORD.findall(text.lower().replace("’", "'").replace("_", " "))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """One form for alert, alerts, alerting and alerted. Crude on purpose: phrases and texts both go through it."""
    word = word.split("'")[0]
    if len(word) <= 3:
        return word
    if word in _KEPT:
        return word.rstrip("s")
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        left = word.removesuffix(ending)
        if left != word and len(left) >= 3 and _VOWELS & set(left):
            doubled = len(left) > 3 and left[-1] == left[-2] and left[-1] not in "lsz"
            word = left[:-1] if doubled else left
            break
    if word.endswith(("ation", "ection")) and len(word) > 6:
        word = word[:-3]
    if word.endswith("ise"):
        word = word[:-2] + "ze"
    if len(word) > 4 and word.endswith("e"):
        word = word[:-1]
    if len(word) > 4 and word.endswith("y"):
        word = word[:-1] + "i"
    return word


@dataclass(frozen=True)
class Step:
    """One word of a phrase: any of `stems`, right after the word before it or, when `far`, up to GAP words later."""

    stems: frozenset[str]
    far: bool


@lru_cache(maxsize=10_000)
def parsed(phrase: str) -> tuple[Step, ...]:
    """Raises ValueError, naming the phrase, when it could never match."""
    steps: list[Step] = []
    far = False
    for element in phrase.removeprefix("^").split():
        if element in {"…", "..."}:
            far = True
            continue
        choices = [
            [stem(word) for word in words_of(choice) if word not in BREAKS] for choice in element.split("|")
        ]
        if len(choices) > 1 and any(len(words) != 1 for words in choices):
            raise ValueError(f"the phrase “{phrase}” offers “{element}”: each choice must be one word")
        if len(choices) > 1:
            steps.append(Step(frozenset(words[0] for words in choices), far))
        else:
            steps += [Step(frozenset({word}), far and n == 0) for n, word in enumerate(choices[0])]
        far = False
    if not steps:
        raise ValueError(f"the phrase “{phrase}” has no words")
    return tuple(steps)


@dataclass(frozen=True)
class Phrase:
    """`category` is None for a phrase that speaks for none."""

    text: str
    category: str | None
    kind: str | None = None


@dataclass(frozen=True)
class Match:
    """A phrase found in a text; `at` are the indexes of its words."""

    phrase: Phrase
    at: tuple[int, ...]


class Phrases:
    """Finds every phrase in one pass over a text, by the words that phrases start with."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._starting: dict[str, list[tuple[Phrase, tuple[Step, ...]]]] = {}
        for phrase in phrases:
            first, *rest = parsed(phrase.text)
            for word in first.stems:
                self._starting.setdefault(word, []).append((phrase, tuple(rest)))

    def found(self, stems: Sequence[str]) -> list[Match]:
        """In the order of the text. A phrase within a longer one, or found twice for a category, counts once."""
        opening = _openings(stems)
        found: list[Match] = []
        for start, word in enumerate(stems):
            for phrase, rest in self._starting.get(word, ()):
                if opening[start] or not phrase.text.startswith("^"):
                    at = _followed(stems, start, rest)
                    if at:
                        found.append(Match(phrase, at))
        return _outermost(found)


def _openings(stems: Sequence[str]) -> list[bool]:
    """Whether a sentence's own words begin here, past any openers such as "we should"."""
    opening, fresh = [], True
    for word in stems:
        opening.append(fresh and word not in BREAKS)
        if word in BREAKS:
            fresh = True
        elif word not in _OPENING_STEMS:
            fresh = False
    return opening


_OPENING_STEMS = frozenset(
    map(
        stem,
        words_of("""
    a also an and are be been begin being can consider could currently ensure going has have i in is it let
    long make must need needs now our plan plans please propose recommend short should start started sure
    term the then they to try us we will work working would you
"""),
    )
)


def _followed(stems: Sequence[str], start: int, steps: Sequence[Step]) -> tuple[int, ...] | None:
    at = [start]
    for step in steps:
        last = at[-1] + 1 + (GAP if step.far else 0)
        for here in range(at[-1] + 1, min(last + 1, len(stems))):
            if stems[here] in BREAKS:
                return None
            if stems[here] in step.stems:
                at.append(here)
                break
        else:
            return None
    return tuple(at)


def _outermost(found: Sequence[Match]) -> list[Match]:
    spans = {frozenset(match.at) for match in found}
    inner = {span for span in spans if any(span < other for other in spans)}
    kept: dict[tuple[str | None, frozenset[int]], Match] = {}
    for match in found:
        span = frozenset(match.at)
        if span in inner:
            continue
        earlier = kept.get((match.phrase.category, span))
        # An opening says more than the same words elsewhere.
        if earlier is None or (match.phrase.text.startswith("^") and not earlier.phrase.text.startswith("^")):
            kept[match.phrase.category, span] = match
    return list(kept.values())
