"""Words, a path, a stack trace → service → team, with the reason."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import IntEnum

from bot.core import stack_traces
from bot.core.catalog import once_per_catalog
from bot.core.globs import Globs, Match
from bot.models import Catalog, Severity, Team, TeamKind

LOOKED_AT = 40_000
"""Characters: of a longer text its beginning and its end, where titles and the root of a stack trace stand."""

PATHS = 60
"""Paths of a text that are looked up."""

LONGEST_WORD = 200
"""Characters of a word or path that are looked at, its last ones."""

OTHERS = 8


@dataclass(frozen=True)
class Found:
    """Who owns it. `service` is None when only the team is known; `why` is a sentence without its full stop.

    Not `certain`: other teams in `others` (ids of services, or of teams) are about as likely, and a person is to be
    asked while `team` is paged. `fallback`: nobody was found, `team` is the fallback team and `others` are guesses.
    """

    service: str | None
    team: str
    why: str
    certain: bool = True
    others: tuple[str, ...] = ()
    fallback: bool = False


@dataclass(frozen=True)
class Leading:
    """The first words of `/incident start`, taken apart. `found` and `severity` are None when they are not there."""

    found: Found | None
    severity: Severity | None
    title: str


def find(text: str, catalog: Catalog) -> Found:
    """The owner that `text` points to, or the fallback team; a guide team never."""
    index = _index(catalog)
    if len(text) > LOOKED_AT:
        text = f"{text[: LOOKED_AT // 2]}\n{text[-LOOKED_AT // 2 :]}"
    trace = stack_traces.parsed(_plain(text))
    words = _Words(trace.prose)
    named = index.named_in(words)
    services = [name.clue for name in named if name.service and not name.is_guide]
    teams = [name.clue for name in named if not name.service and not name.is_guide]
    # What a trace's message says, such as KeyError: 'basket', tells less than the place that it comes from.
    clues = [*_of_frames(trace, index), *services, *_of_paths(words, index), *teams]
    if clues:
        return _answer(clues, catalog)
    guesses = [*_of_modules(words, index), *(name.as_part_of(whole) for name, whole in index.parts_in(words))]
    if guesses:
        return _answer(guesses, catalog, certain=False)
    guides = [name.team for name in named if name.is_guide]
    return _fallback(catalog, guides, index.typed_wrong(words), has_trace=bool(trace.frames))


def leading(text: str, catalog: Catalog) -> Leading:
    """Service (or alias, or team id) and severity where they are the first words, in either order, and the title.

    When the first word is neither, the title is the whole text. A name that is the subject of the sentence,
    as in `checkout is down`, stays in the title as well.
    """
    leads = _index(catalog).leads
    rest, found, severity, subject = text.strip(), None, None, ""
    for _ in range(2):
        word = _WORD.match(rest)
        bare = _bare(word[0]) if word else ""
        level, name = _SEVERITY.fullmatch(bare), leads.get(_folded(bare))
        if level and severity is None:
            severity = Severity(f"sev{level[1]}")
        elif name and found is None:
            found, subject = name.found(), bare
        else:
            break
        rest = rest[len(word[0]) if word else 0 :].lstrip(_BETWEEN)
    is_sentence = subject and (verb := _WORD.match(rest)) and _VERB.fullmatch(verb[0])
    return Leading(found, severity, f"{subject} {rest}" if is_sentence else rest)


def named(text: str, catalog: Catalog) -> Found | None:
    """The service or team that `text` is a name of and nothing else; None when it is no such name, or a guide's."""
    words = _Words(_plain(text))
    for name in _index(catalog).named_in(words):
        if name.atoms == tuple(words.folded) and not name.is_guide:
            return name.found()
    return None


def nearest(text: str, catalog: Catalog) -> str:
    """The name that somebody who typed `text` probably meant, as the catalog writes it; "" when none is near."""
    known: dict[str, str] = {}
    for name in _index(catalog).typed:
        if not name.is_guide:
            known.setdefault(_folded(name.text), name.text)
    near = get_close_matches(_folded(text.strip("@#` "))[:80], known, 1, 0.6)
    return known[near[0]] if near else ""


# ---- names -------------------------------------------------------------------------------------


class _Rank(IntEnum):
    """How plainly a name names, the plainest first."""

    ID = 0
    ALIAS = 1
    NAME = 2
    TEAM = 3
    TEAM_NAME = 4
    PLACE = 5


@dataclass(frozen=True)
class _Clue:
    """Something in the text that points at an owner. `why` says what, `label` how an owner is called."""

    service: str | None
    team: str
    why: str

    @property
    def id(self) -> str:
        return self.service or self.team


@dataclass(frozen=True)
class _Name:
    """`says` completes "`basket` …"; `atoms` are the words of the name, folded, by which it is found."""

    text: str
    says: str
    rank: _Rank
    service: str | None
    team: str
    is_guide: bool
    owner: str
    atoms: tuple[str, ...] = field(default=())

    @property
    def clue(self) -> _Clue:
        return _Clue(self.service, self.team, f"`{self.text}` {self.says}")

    def as_part_of(self, whole: str) -> _Clue:
        return _Clue(self.service, self.team, f"`{self.text}` is part of “{_shown(whole)}” and {self.says}")

    def found(self) -> Found:
        return Found(self.service, self.team, self.clue.why)


def _names(catalog: Catalog) -> Iterator[_Name]:
    for service in catalog.services.values():
        team = catalog.teams.get(service.team)
        if team is None:
            continue
        guide, owned = team.kind is TeamKind.GUIDE, f"owned by {team.name}"
        made = [(service.id, f"is {owned}", _Rank.ID)]
        made += [(alias, f"is an alias of {service.id}, {owned}", _Rank.ALIAS) for alias in service.aliases]
        made += [(service.name, f"is the name of {service.id}, {owned}", _Rank.NAME)]
        for text, says, rank in made:
            yield _Name(text, says, rank, service.id, team.id, guide, team.name, _atoms(text))
    for team in catalog.teams.values():
        named = [
            (team.id, f"is the team {team.name}", _Rank.TEAM),
            (team.name, f"is the team {team.id}", _Rank.TEAM_NAME),
            (team.channel, f"is the channel of {team.name}", _Rank.PLACE),
            (team.usergroup, f"is the user group of {team.name}", _Rank.PLACE),
        ]
        for text, says, rank in named:
            yield _Name(text, says, rank, None, team.id, team.kind is TeamKind.GUIDE, team.name, _atoms(text))


class _Index:
    """Everything that a catalog's names and paths can be found by."""

    def __init__(self, catalog: Catalog) -> None:
        owners = {id for id, team in catalog.teams.items() if team.kind is TeamKind.DEV}
        self.globs = Globs(s for s in catalog.services.values() if s.team in owners)
        self.catalog = catalog
        by_atoms: dict[tuple[str, ...], list[_Name]] = defaultdict(list)
        for name in _names(catalog):
            if name.atoms:
                by_atoms[name.atoms].append(name)
        self.typed = [name for names in by_atoms.values() for name in names if name.rank <= _Rank.TEAM]
        self.leads = {
            _folded(name.text): name for name in self.typed if name.rank != _Rank.NAME and not name.is_guide
        }
        self._starting: dict[str, list[tuple[tuple[str, ...], list[_Name]]]] = defaultdict(list)
        for atoms, names in sorted(by_atoms.items(), key=lambda item: -len(item[0])):
            plain = [name for name in names if name.rank is not _Rank.PLACE]
            self._starting[atoms[0]].append((atoms, sorted(plain or names, key=lambda name: name.rank)))
        self._misspelt: dict[str, list[_Name]] = defaultdict(list)
        for name in self.typed:
            if len(name.atoms) == 1 and len(name.atoms[0]) >= 5 and not name.is_guide:
                for spelling in _one_off(name.atoms[0]):
                    self._misspelt[spelling].append(name)

    def named_in(self, words: "_Words") -> list[_Name]:
        """The names that stand in `words` as words of their own, the longest where several begin, in order."""
        found: list[_Name] = []
        at = 0
        while at < len(words.folded):
            step = 1
            for atoms, names in self._starting.get(words.folded[at], ()):
                if words.holds(atoms, at) and words.is_whole(at, at + len(atoms)):
                    found += names
                    step = len(atoms)
                    break
            at += step
        return list(dict.fromkeys(found))

    def parts_in(self, words: "_Words") -> Iterator[tuple[_Name, str]]:
        """The names that are only a part of something longer, such as a host or a class, with what they are part of."""
        seen: set[_Name] = set()
        for whole in words.tokens:
            if whole.isalnum() and (whole[1:].islower() or whole.isupper()):
                continue
            atoms = _atoms(_CAMEL.sub(" ", whole))
            for at, atom in enumerate(atoms):
                for phrase, names in self._starting.get(atom, ()):
                    if len("".join(phrase)) > 2 and atoms[at : at + len(phrase)] == phrase:
                        new = [name for name in names if not name.is_guide and name not in seen]
                        seen.update(new)
                        yield from ((name, whole) for name in new)
                        break

    def typed_wrong(self, words: "_Words") -> list[str]:
        """Services and teams whose name is one letter away from one of the first words."""
        ids = (
            name.service or name.team
            for word in words.folded[:40]
            if 5 <= len(word) <= LONGEST_WORD
            for spelling in _one_off(word)
            for name in self._misspelt.get(spelling, ())
        )
        return list(dict.fromkeys(ids))


_index = once_per_catalog(_Index)


def _one_off(word: str) -> set[str]:
    """The word and what it is with one letter left out: two words a letter apart have one of these in common."""
    return {word, *(word[:n] + word[n + 1 :] for n in range(len(word)))}


# ---- words -------------------------------------------------------------------------------------

_ATOM = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"\S+")
_BETWEEN = " \t\r\n.:,;–—-"
_SEVERITY = re.compile(r"sev-?([1-4])", re.IGNORECASE)

# `payments-api`, `checkout.acme.dev`, `pay_v2`, `a/b`: what is joined by these is one word.
_GLUE = frozenset({"-", "_", ".", "/", "\\", "@", "$", "__", "--", "://"})

_VERB = re.compile(
    r"(?:is|are|was|were|has|have|had|does)(?:n['’]t)?|can(?:['’]t|not)?|won['’]t|keeps", re.IGNORECASE
)

_MODULE = re.compile(r"[^\W\d]\w*(?:\.\w+)+\.?")
_MARKUP = re.compile(r"<([@#!]?)([^<>|\s]*)(?:\|([^<>]*))?>")
_EMOJI = re.compile(r"(?<![^\s:]):[a-z0-9_+-]{1,60}:(?=\s|:|$)")
_SPLIT = re.compile(r"[\s\"'`()<>\[\]{},;|“”‘’]+")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _atoms(text: str) -> tuple[str, ...]:
    return tuple(_ATOM.findall(_folded(text)))


def _plain(text: str) -> str:
    """Slack's mark-up as a person reads it: mentions of people say nothing about owners, links and channels do."""
    text = _MARKUP.sub(_read, text)
    return unicodedata.normalize("NFKC", _EMOJI.sub(" ", text) if ":" in text else text)


def _read(mark: re.Match[str]) -> str:
    sign, body, label = mark[1], mark[2], mark[3] or ""
    if sign == "@" or (sign == "!" and not label):
        return " "
    if sign:
        return f" {'#' if sign == '#' else ''}{label} "
    if "://" not in body:
        return mark[0]
    # Slack makes links of file names such as `pay.py`, in the middle of paths too.
    return label if label and body.endswith(f"://{label}") else f" {label} {body} "


class _Words:
    """A text as the words it is made of, and what stands between them."""

    def __init__(self, text: str) -> None:
        # What stands between spaces, brackets and quotes, each once.
        self.tokens = list(dict.fromkeys(part[-LONGEST_WORD:] for part in _SPLIT.split(text)))
        spans = [match.span() for match in _ATOM.finditer(text)]
        self.folded = [text[start:end].casefold() for start, end in spans]
        ends = [0, *(end for _, end in spans)]
        starts = [*(start for start, _ in spans), len(text)]
        self._gaps = [text[end:start] for end, start in zip(ends, starts, strict=True)]

    def holds(self, atoms: Sequence[str], at: int) -> bool:
        """Whether `atoms` stand at `at`, with nothing more than a space or a hyphen between them."""
        if tuple(self.folded[at : at + len(atoms)]) != tuple(atoms):
            return False
        return all(gap in _GLUE or gap.isspace() for gap in self._gaps[at + 1 : at + len(atoms)])

    def is_whole(self, start: int, end: int) -> bool:
        """Whether the words from `start` to `end` are no part of a longer one."""
        before, after = self._gaps[start], self._gaps[end]
        joined_before = before.endswith(("/", "\\")) or (start > 0 and before in _GLUE)
        joined_after = after.startswith(("/", "\\")) or (end < len(self.folded) and after in _GLUE)
        return not (joined_before or joined_after)


def _bare(word: str) -> str:
    return word.strip("`*_\"'").rstrip(_BETWEEN)


def _shown(text: str) -> str:
    """A piece of somebody's text, fit to stand in a sentence."""
    clean = "".join(c for c in text if c.isprintable()).replace("`", "'")
    return clean if len(clean) <= 80 else f"…{clean[-79:]}"


# ---- paths and stack traces ------------------------------------------------------------------------


def _of_frames(trace: stack_traces.Trace, index: _Index) -> list[_Clue]:
    """The innermost call that lies in a service: outer ones only use it."""
    for frame in trace.frames:
        path, module = _as_path(frame.path), frame.module
        matches = index.globs.of_path(path) if path else ()
        shown = path
        if not matches and (module or path):
            shown = module or path
            matches = index.globs.of_module(module or path.rpartition(".")[0].strip("/").replace("/", "."))
        if matches:
            return [
                _lies(f"the innermost call of our own code, {_shown(shown)},", match, index.catalog)
                for match in matches
            ]
    return []


def _of_paths(words: _Words, index: _Index) -> Iterator[_Clue]:
    paths = [token for token in words.tokens if "/" in token or "\\" in token or "." in token.strip(".")]
    for path in map(_as_path, paths[:PATHS]):
        yield from (_lies(_shown(path), match, index.catalog) for match in index.globs.of_path(path))


def _of_modules(words: _Words, index: _Index) -> Iterator[_Clue]:
    """`acme.checkout.views` in the middle of a sentence: less telling than a path, for hosts look the same."""
    for token in [token for token in words.tokens if _MODULE.fullmatch(token)][:PATHS]:
        for match in index.globs.of_module(token.strip(".")):
            yield _lies(_shown(token), match, index.catalog)


def _lies(what: str, match: Match, catalog: Catalog) -> _Clue:
    service = catalog.services[match.service]
    team = catalog.teams[service.team]
    return _Clue(service.id, team.id, f"{what} lies in `{match.line}` of {service.id}, owned by {team.name}")


def _as_path(token: str) -> str:
    """A path as patterns know it: slashes, no drive, host, line number or query."""
    path = token.replace("\\", "/")
    path = re.sub(r"^[A-Za-z][\w+.-]*://[^/]*", "", path)
    path = re.sub(r"^[A-Za-z]:/", "/", path)
    return re.sub(r"[?#].*$|(?::\d+)+:?$|[.:,!?]+$", "", path)


# ---- answers -----------------------------------------------------------------------------------


def _answer(clues: Iterable[_Clue], catalog: Catalog, *, certain: bool = True) -> Found:
    """The first clue decides; one that points to another team makes it uncertain."""
    first, *rest = clues
    if first.service is None:
        # The team is named and, further on, a service of its.
        first = next((clue for clue in rest if clue.service and clue.team == first.team), first)
    different = {clue.id: clue for clue in rest if clue.id not in {first.id, first.team}}
    elsewhere = [clue for clue in different.values() if clue.team != first.team]
    why = first.why
    if elsewhere:
        labels = [_called(clue, catalog) for clue in elsewhere[:3]]
        why += f"; {' or '.join(labels)} could be meant as well"
    return Found(first.service, first.team, why, certain and not elsewhere, tuple(different)[:OTHERS])


def _called(clue: _Clue, catalog: Catalog) -> str:
    team = catalog.teams[clue.team].name
    return f"{clue.service} ({team})" if clue.service else team


def _fallback(catalog: Catalog, guides: Sequence[str], guesses: Sequence[str], *, has_trace: bool) -> Found:
    devs = [team for team in catalog.teams.values() if team.kind is TeamKind.DEV]
    team: Team | None = next(
        (team for team in devs if team.id == catalog.fallback_team), devs[0] if devs else None
    )
    id, called = (team.id, team.name) if team else ("", "nobody")
    if guides:
        named = catalog.teams[guides[0]].name
        what = f"{named} is a guide team, which may be asked for advice and never owns an incident"
    elif has_trace:
        what = "neither the words nor the calls of the stack trace lead to a service"
    else:
        what = "no service or team is named"
    return Found(
        None, id, f"{what}, so {called} is paged as the fallback", False, tuple(guesses[:OTHERS]), True
    )
