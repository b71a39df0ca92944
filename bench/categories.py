"""How well categories are suggested, measured on labelled action items; also derives the weights from them.

    python -m bench.categories                         measure what is shipped, on examples kept apart from all of it
    python bench/categories.py ITEMS.jsonl             measure; nothing of an organisation judges itself
    python bench/categories.py ITEMS.jsonl --write     derive bot/core/category_weights.py from all of them

Examples of our own (`items.jsonl` beside this file: invented for this, in all the ways people put such things) always
count among those that the weights are derived from, and never among those that are judged. Those of `items-apart.jsonl`
are judged alone: no weight and no phrase was made with them in sight.

ITEMS: one JSON object a line with `text`, `label`, acceptable `also`, `sub` (the kind) and `source`, which starts with
the organisation's name. Right is what is in label or also.
"""

import argparse
import json
import math
import re
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.core import categories
from bot.core.categories import CATEGORIES, Suggestion, suggest, usual, weigh
from bot.core.category_matching import BREAKS, stem, words_of
from bot.core.category_weights import DERIVED, Weights

IDS = [category.id for category in CATEGORIES]
ALIASES = {"resilience": "failure"}
ONE_COMPANY = ("Google", "Mozilla", "Grafana", "Azure")
"""Names under which several sources of one organisation go."""

PRIOR_SHARE = 0.5
"""How far the categories' shares are believed: backlogs differ more than words do."""

PHRASE_BELIEF = 10
"""The usual weight of a phrase counts like a phrase that one in ten items of a category has."""

OWN = Path(__file__).parent / "items.jsonl"
APART = Path(__file__).parent / "items-apart.jsonl"

WEIGHTS = Path(__file__).parent.parent / "bot" / "core" / "category_weights.py"


@dataclass(frozen=True)
class Item:
    text: str
    label: str
    right: frozenset[str]
    kind: str | None
    organisation: str


def read(path: Path) -> list[Item]:
    items = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        labels = [ALIASES.get(label, label) for label in (row["label"], *row["also"])]
        items.append(Item(row["text"], labels[0], frozenset(labels), row["sub"], organisation(row["source"])))
    return items


def organisation(source: str) -> str:
    name = re.split(r" - |: | \(", source)[0].strip()
    return next((company for company in ONE_COMPANY if company in name), name)


@cache
def own(path: Path = OWN) -> list[Item]:
    """Each as if of an organisation of its own: they name no systems."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Item(row["text"], row["label"], frozenset((row["label"], *row["also"])), None, f"example {n}")
        for n, row in enumerate(rows, 1)
    ]


def derive(items: Sequence[Item]) -> Weights:
    """Shares from `items` alone: examples are as many of each category as there are ways to say it."""
    total = Counter(item.label for item in items)
    priors = {id: round(PRIOR_SHARE * math.log(total[id] / len(items)), 2) for id in IDS}
    together = [*items, *own()]
    return Weights(priors, word_odds(together), phrase_odds(together))


def word_odds(items: Sequence[Item]) -> dict[str, dict[str, float]]:
    """Naive Bayes, where a word's share in a category starts from its share everywhere.

    Only words that several organisations use: the others name their own systems.
    """
    counts: dict[str, Counter[str]] = {id: Counter() for id in IDS}
    users: dict[str, set[str]] = {}
    for item in items:
        stems = {stem(word) for word in words_of(item.text) if word not in BREAKS and word[0].isalpha()}
        counts[item.label].update(stems)
        for word in stems:
            users.setdefault(word, set()).add(item.organisation)
    everywhere = sum(counts.values(), Counter[str]())
    belief = max(counted.total() for counted in counts.values())
    table = {}
    for word in sorted(word for word, names in users.items() if len(names) > 1):
        share = everywhere[word] / everywhere.total()
        table[word] = {
            id: round(math.log((counted[word] + belief * share) / (counted.total() + belief) / share), 1)
            for id, counted in counts.items()
        }
    return table


def phrase_odds(items: Sequence[Item]) -> dict[tuple[str, str], float]:
    """How much more often a phrase occurs within its category than outside it, starting from what is usual."""
    total = Counter(item.label for item in items)
    found: dict[tuple[str, str], Counter[str]] = {}
    usually: dict[tuple[str, str], float] = {}
    for item in items:
        matches = [match for match in weigh(item.text, CATEGORIES).matches if match.phrase.category]
        keys = {(match.phrase.category or "", match.phrase.text): usual(match) for match in matches}
        usually |= keys
        for key in keys:
            found.setdefault(key, Counter())[item.label] += 1
    odds = {}
    for key, labels in sorted(found.items()):
        inside, outside = labels[key[0]], labels.total() - labels[key[0]]
        believed = 1 / (1 + math.exp(-usually[key]))
        within = 100 * inside / total[key[0]] + PHRASE_BELIEF * believed
        without = 100 * outside / (len(items) - total[key[0]]) + PHRASE_BELIEF * (1 - believed)
        odds[key] = round(math.log(within / without), 1)
    return odds


@dataclass(frozen=True)
class Judged:
    item: Item
    suggestion: Suggestion
    margin: float

    @property
    def right(self) -> bool:
        return self.suggestion.category in self.item.right


def judged_by(weights: Weights, items: Sequence[Item]) -> list[Judged]:
    judged = []
    for item in items:
        scores = sorted(weigh(item.text, CATEGORIES, weights).scores.values())
        judged.append(Judged(item, suggest(item.text, weights=weights), scores[-1] - scores[-2]))
    return judged


def judge(items: Sequence[Item]) -> list[Judged]:
    """Each organisation by the weights that all the others give."""
    judged = []
    for name in sorted({item.organisation for item in items}):
        weights = derive([item for item in items if item.organisation != name])
        judged += judged_by(weights, [item for item in items if item.organisation == name])
    return judged


def report(judged: Sequence[Judged]) -> None:
    def credited(one: Judged) -> str:
        return one.item.label if one.right else one.suggestion.category

    f1s = []
    print("category     recall  precision    F1      n")
    for id in IDS:
        hit = sum(one.item.label == id == credited(one) for one in judged)
        named = sum(credited(one) == id for one in judged)
        there = sum(one.item.label == id for one in judged)
        f1s.append(2 * hit / (named + there) if named + there else 0.0)
        print(f"{id:11} {hit / max(there, 1):7.3f} {hit / max(named, 1):10.3f} {f1s[-1]:5.3f} {there:6}")
    two = sum(one.right or one.suggestion.runner_up in one.item.right for one in judged)
    strict = sum(one.suggestion.category == one.item.label for one in judged)
    print(f"accuracy {share(sum(one.right for one in judged), len(judged))}")
    print(f"macro-F1 {statistics.mean(f1s):.3f}")
    print(f"among the first two {share(two, len(judged))}")
    print(f"the label itself, `also` aside {share(strict, len(judged))}")
    sure = [one for one in judged if one.suggestion.sure]
    print(
        f"sure {share(len(sure), len(judged))}, of which right {share(sum(one.right for one in sure), len(sure))}"
    )
    kinds = [
        one for one in judged if one.item.kind and one.item.label == one.suggestion.category == "logging"
    ]
    if kinds:
        print(
            f"kind of logging {share(sum(one.suggestion.kind == one.item.kind for one in kinds), len(kinds))}"
        )
    print("\nmargin from   share sure   right when sure")
    for margin in (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0):
        above = [one for one in judged if one.margin >= margin and one.suggestion.because]
        right = sum(one.right for one in above)
        print(f"{margin:11} {len(above) / len(judged):12.3f} {right / max(len(above), 1):17.3f}")


def share(part: int, whole: int) -> str:
    return f"{part / max(whole, 1):.3f} ({part} of {whole})"


def speed(items: Sequence[Item]) -> None:
    took = []
    for item in items:
        began = time.perf_counter()
        suggest(item.text)
        took.append(1000 * (time.perf_counter() - began))
    long = " ".join(item.text for item in items)[:5000]
    began = time.perf_counter()
    for _ in range(20):
        suggest(long)
    whole = 1000 * (time.perf_counter() - began) / 20
    remembered = {categories.normal(item.text) + f" {n}": "other" for n in range(6) for item in items}
    began = time.perf_counter()
    for item in items[:100]:
        suggest(item.text, remembered=remembered)
    recalling = 1000 * (time.perf_counter() - began) / 100
    print(
        f"\nmilliseconds a text: median {statistics.median(took):.3f}, p99 {sorted(took)[int(0.99 * len(took))]:.3f}; "
        f"5,000 characters {whole:.3f}; with {len(remembered)} remembered choices {recalling:.3f}"
    )


def errors(judged: Sequence[Judged]) -> None:
    print()
    for one in judged:
        if not one.right:
            named = f"{one.item.label} → {one.suggestion.category} ({one.margin:.1f})"
            print(f"{named}: {one.item.text[:160]} [{', '.join(one.suggestion.because)}]")


MODULE = '''"""How much words and phrases say for each category, in log odds. Written by `bench/categories.py --write`.

Counted on {items} hand-labelled action items from the public postmortems and operability issues of {organisations}
organisations, and on {own} examples of our own. Nothing but the counts is kept, and no word that only one of them uses.
A phrase that isn't here says what is usual.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Weights:
    """By category id, by stem and category id, and by category id and phrase."""

    priors: Mapping[str, float]
    words: Mapping[str, Mapping[str, float]]
    phrases: Mapping[tuple[str, str], float]


_PRIORS = {{
{priors}
}}

# A stem and, in tenths, what it says for each category in the order of _PRIORS.
_WORDS = """
{words}
"""

# A category, what the phrase says for it, the phrase.
_PHRASES = """
{phrases}
"""


def _read() -> Weights:
    words = {{}}
    for line in _WORDS.strip().splitlines():
        word, *tenths = line.split()
        words[word] = {{id: int(odds) / 10 for id, odds in zip(_PRIORS, tenths, strict=True)}}
    phrases = {{}}
    for line in _PHRASES.strip().splitlines():
        id, odds, phrase = line.split(maxsplit=2)
        phrases[id, phrase] = float(odds)
    return Weights(_PRIORS, words, phrases)


DERIVED = _read()
'''


def module(items: Sequence[Item]) -> str:
    weights = derive(items)
    words = (
        f"{word} {' '.join(str(round(10 * one)) for one in odds.values())}"
        for word, odds in weights.words.items()
    )
    return MODULE.format(
        items=len(items),
        organisations=len({item.organisation for item in items}),
        own=len(own()),
        priors="\n".join(f'    "{id}": {odds},' for id, odds in weights.priors.items()),
        words="\n".join(words),
        phrases="\n".join(f"{id} {odds} {phrase}" for (id, phrase), odds in weights.phrases.items()),
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("items", type=Path, nargs="?")
    parser.add_argument(
        "--write", action="store_true", help="derive the weights from all items and write them"
    )
    parser.add_argument("--errors", action="store_true", help="list what was suggested wrongly")
    asked = parser.parse_args()
    if asked.items is None:
        items = own(APART)
        judged = judged_by(DERIVED, items)
        print(f"{len(items)} examples kept apart, judged by the weights that are shipped")
    else:
        items = read(asked.items)
        if asked.write:
            WEIGHTS.write_text(module(items), encoding="utf-8")
            return
        judged = judge(items)
        names = {item.organisation for item in items}
        print(
            f"{len(items)} items of {len(names)} organisations, each judged by the others' and our examples"
        )
    report(judged)
    speed(items)
    if asked.errors:
        errors(judged)


if __name__ == "__main__":
    main()
