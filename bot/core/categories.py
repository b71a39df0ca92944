"""Operability categories of action items: the six built-in ones, and which one a text suggests and why.

Phrases speak for a category and a small naive Bayes over words decides near ties; `bench/categories.py` measures
both and derives their weights.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from bot.core import category_phrases as known
from bot.core.category_matching import BREAKS, Match, Phrase, Phrases, parsed, stem, words_of
from bot.core.category_weights import DERIVED, Weights

LOOKED_AT = 1000
"""Characters: the change asked for stands at the beginning, and a long story after it has evidence for anything."""

SURE = 2.0
"""The margin, in log odds, from which the first category is preselected; bench/categories.py says what it buys."""

WORD_WEIGHT = 0.6
"""The words of a text depend on each other: added up in full they claim far too much."""

SAYS, SAYS_LONGER, SAYS_OPENING = 2.0, 1.6, 2.0
"""Log odds that a phrase of one word speaks with; factors for one of more words, and for a sentence's opening."""

FADING = (1.0, 0.7, 0.5, 0.35, 0.25, 0.2)
"""What the first, second, … phrase for the same category still counts: they tend to say the same thing."""

SHOWN = 3
TELLING = 0.7
"""Log odds from which a mere word is worth showing as a reason."""

ALIKE = 0.8
"""The share of words in common from which two texts are nearly the same."""

CHOSEN = "a person chose it for this text before"

_SMALL = frozenset(
    words_of("""
    a an and are as at be been being by can could do does for from had has have in is it its of on or our
    should so that the their them then there these they this to us was we were when which will with would
    you
""")
)


@dataclass(frozen=True)
class Category:
    """`kinds`: finer labels, each with phrases that speak for it and for the category.

    Raises ValueError for a phrase that could never match; category_phrases.py says how phrases are written.
    """

    id: str
    label: str
    means: str
    question: str = ""
    phrases: tuple[str, ...] = field(default=(), hash=False)
    kinds: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        for phrase in self.spoken_by():
            parsed(phrase.text)

    def spoken_by(self) -> list[Phrase]:
        own = [Phrase(text, self.id) for text in self.phrases]
        return own + [Phrase(text, self.id, kind) for kind, texts in self.kinds.items() for text in texts]


@dataclass(frozen=True)
class Suggestion:
    """`because`: what decided, the weightiest first, in the text's own words; empty when there was nothing to go by.

    `kind`: the finer label of `category`, None when it has none or nothing speaks for one.
    """

    category: str
    runner_up: str
    sure: bool
    because: tuple[str, ...] = ()
    kind: str | None = None


CATEGORIES = (
    Category(
        "logging",
        "Logging",
        "too much: noise, volume, filled disks; too little: swallowed exceptions, missing context, silent batch jobs",
        "Could you find the fault from the logs alone, at night? What does one request cost in log lines?",
        kinds={"logging-noise": known.LOGGING_NOISE, "logging-gap": known.LOGGING_GAP},
    ),
    Category(
        "failure",
        "Dealing with failure",
        "timeouts, retries with backoff, circuit breakers, bad input, slow or dead upstreams, exhausted threads or "
        "memory, isolation, redundancy",
        "What happens when each upstream is down, slow, or answers nonsense?",
        known.FAILURE,
    ),
    Category(
        "switches",
        "Switches",
        "kill switches, toggles for degrading, safe mode, manual override",
        "Which parts can be turned off without a deploy? Who has tried it, when?",
        known.SWITCHES,
    ),
    Category(
        "config",
        "Configuration",
        "baked into the build, all-or-nothing, unvalidated, unstaged",
        "Which numbers would you want to change at 3 a.m.? Can you, without a rebuild?",
        known.CONFIG,
    ),
    Category(
        "monitoring",
        "Metrics and monitoring",
        "metrics, alerts, dashboards, SLOs, detection gaps",
        "Who would notice first: a monitor or a customer?",
        known.MONITORING,
    ),
    Category(
        "other",
        "Other",
        "process, docs, training, tests, CI, capacity, rollout tooling, access",
        "What would have made this easier for whoever was called?",
        known.OTHER,
    ),
)


def suggest(
    text: str,
    *,
    categories: Sequence[Category] = CATEGORIES,
    remembered: Mapping[str, str] | None = None,
    weights: Weights = DERIVED,
) -> Suggestion:
    """The category of the change that `text` asks for, and the next likely one.

    `categories`: at least two; what nothing speaks for is "other", or the last one where there is no "other".
    `remembered`: what people chose, category ids by `normal(text)`; the same or nearly the same text gets it at once.
    """
    evidence = weigh(text, tuple(categories), weights)
    first, second = evidence.ranked()[:2]
    chosen = recalled(text, remembered or {})
    if chosen and chosen in evidence.scores:
        runner_up = second if chosen == first else first
        return Suggestion(chosen, runner_up, True, (CHOSEN,), evidence.kind(chosen))
    because = evidence.because(first)
    sure = bool(because) and evidence.scores[first] - evidence.scores[second] >= SURE
    return Suggestion(first, second, sure, because, evidence.kind(first))


def normal(text: str) -> str:
    """What a person's choice is remembered by: stems in alphabetical order, without small words."""
    words = words_of(text[:LOOKED_AT])
    return " ".join(sorted({stem(word) for word in words if word not in _SMALL and word not in BREAKS}))


def recalled(text: str, remembered: Mapping[str, str]) -> str | None:
    """The choice for the same text, else for the one most like it (the earliest of equals), else None."""
    key = normal(text)
    if not key:
        return None
    if key in remembered:
        return remembered[key]
    mine = set(key.split())
    # A text alike lacks at most this share of the words: of one more than that, it has one.
    must = sorted(mine, key=len)[-1 - int((1 / ALIKE - 1) * len(mine)) :]
    best, choice = 0.0, None
    for earlier, chosen in remembered.items():
        # Comparing with thousands in full would take too long, and almost all lack every one of these.
        if not any(word in earlier for word in must):
            continue
        theirs = set(earlier.split())
        alike = len(mine & theirs) / len(mine | theirs)
        if alike >= ALIKE and alike > best:
            best, choice = alike, chosen
    return choice


# ---- evidence ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Evidence:
    """`scores`: log odds by category id, in the order of the categories. `words`: the text's, as written."""

    scores: Mapping[str, float]
    words: Sequence[str]
    matches: Sequence[Match]
    weights: Weights

    def ranked(self) -> list[str]:
        return sorted(self.scores, key=lambda id: -self.scores[id])

    def because(self, category: str) -> tuple[str, ...]:
        mine = [match for match in self.matches if match.phrase.category == category]
        shown: list[str] = []
        covered: set[int] = set()
        for match in sorted(mine, key=lambda match: (-weight(match, self.weights), match.at)):
            if covered.isdisjoint(match.at):
                covered.update(match.at)
                shown.append(_quoted(self.words, match.at))
        return tuple(dict.fromkeys(shown or self._telling(category)))[:SHOWN]

    def _telling(self, category: str) -> list[str]:
        table = self.weights.words
        weighed = {
            word: table[stem(word)].get(category, 0.0)
            for word in self.words
            if stem(word) in table and word not in _SMALL
        }
        return sorted(
            (word for word, odds in weighed.items() if odds >= TELLING), key=lambda word: -weighed[word]
        )

    def kind(self, category: str) -> str | None:
        weights: dict[str, float] = {}
        for match in self.matches:
            if match.phrase.category == category and match.phrase.kind:
                # `log` alone speaks for every kind of logging; what is said around it tells them apart.
                weights[match.phrase.kind] = weights.get(match.phrase.kind, 0.0) + len(match.at) ** 2
        return max(weights, key=lambda kind: weights[kind]) if weights else None


def _quoted(words: Sequence[str], at: Sequence[int]) -> str:
    """The matched words with what stands between them, unless that is more than a word or two."""
    quoted = words[at[0]]
    for before, here in pairwise(at):
        between = words[before + 1 : here] if here - before <= 3 else ["…"]
        quoted = " ".join([quoted, *between, words[here]])
    return quoted


def weigh(text: str, categories: tuple[Category, ...], weights: Weights = DERIVED) -> Evidence:
    words = words_of(text[:LOOKED_AT])
    stems = [stem(word) for word in words]
    matches = _phrases(categories).found(stems)
    ids = [category.id for category in categories]
    scores = {id: weights.priors.get(id, min(weights.priors.values())) for id in ids}
    if "other" not in scores:
        scores[ids[-1]] = max(weights.priors.values())
    seen = {word for word in stems if word not in BREAKS}
    telling = seen & weights.words.keys()
    # Another language shares some little words with English, which say nothing there.
    if matches or 2 * len(telling) >= len(seen):
        for word in sorted(telling):
            for id, odds in weights.words[word].items():
                if id in scores:
                    scores[id] += WORD_WEIGHT * odds
    for id in ids:
        said = sorted(
            (weight(match, weights) for match in matches if match.phrase.category == id), reverse=True
        )
        scores[id] += sum(odds * FADING[min(n, len(FADING) - 1)] for n, odds in enumerate(said))
    return Evidence(scores, words, matches, weights)


def weight(match: Match, weights: Weights) -> float:
    """In log odds: as counted on the development data, or what such a phrase usually says."""
    text = match.phrase.text
    odds = weights.phrases.get((match.phrase.category or "", text), usual(match))
    return odds * SAYS_OPENING if text.startswith("^") else odds


def usual(match: Match) -> float:
    return SAYS * (SAYS_LONGER if len(match.at) > 1 else 1.0)


@lru_cache(maxsize=8)
def _phrases(categories: tuple[Category, ...]) -> Phrases:
    spoken = [phrase for category in categories for phrase in category.spoken_by()]
    return Phrases(spoken + [Phrase(text, None) for text in known.NEUTRAL])
