"""Words, a path, a stack trace → service → team, with the reason."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from bot.core import stack_traces
from bot.core.catalog import once_per_catalog
from bot.core.globs import Globs, Match
from bot.core.names import Name, Names
from bot.core.words import Words, folded, plain, shown
from bot.models import Catalog, Severity, Team, TeamKind

LOOKED_AT = 40_000
"""Characters: of a longer text its beginning and its end, where titles and the root of a stack trace stand."""

PATHS = 60
"""Paths of a text that are looked up."""

UNNAMED = "no service or team is named"

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


class _Index:
    """Everything that a catalog's owners can be found by."""

    def __init__(self, catalog: Catalog) -> None:
        owners = {id for id, team in catalog.teams.items() if team.kind is TeamKind.DEV}
        self.catalog = catalog
        self.names = Names(catalog)
        self.globs = Globs(service for service in catalog.services.values() if service.team in owners)


_index = once_per_catalog(_Index)


def find(text: str, catalog: Catalog) -> Found:
    """The owner that `text` points to, or the fallback team; a guide team never."""
    index = _index(catalog)
    if len(text) > LOOKED_AT:
        text = f"{text[: LOOKED_AT // 2]}\n{text[-LOOKED_AT // 2 :]}"
    trace = stack_traces.parsed(plain(text))
    words = Words(trace.prose)
    named = index.names.named_in(words)
    services = [_clue(name) for name in named if name.service and not name.is_guide]
    teams = [_clue(name) for name in named if not name.service and not name.is_guide]
    # What a trace's message says, such as KeyError: 'basket', tells less than the place that it comes from.
    clues = [*_of_frames(trace, index), *services, *_of_paths(words, index), *teams]
    if clues:
        return _answer(clues, catalog)
    guesses = [*_of_modules(words, index), *_of_parts(words, index)]
    if guesses:
        return _answer(guesses, catalog, certain=False)
    guides = [name.team for name in named if name.is_guide]
    return _fallback(catalog, guides, index.names.misspelt_in(words), has_trace=bool(trace.frames))


_WORD = re.compile(r"\S+")
_BETWEEN = " \t\r\n.:,;–—-"
_SEVERITY = re.compile(r"sev-?([1-4])", re.IGNORECASE)
_VERB = re.compile(
    r"(?:is|are|was|were|has|have|had|does)(?:n['’]t)?|can(?:['’]t|not)?|won['’]t|keeps", re.IGNORECASE
)


def leading(text: str, catalog: Catalog) -> Leading:
    """Service (or alias, or team id) and severity where they are the first words, in either order, and the title.

    When the first word is neither, the title is the whole text. A name that is the subject of the sentence,
    as in `checkout is down`, stays in the title as well.
    """
    leads = _index(catalog).names.leads
    rest, found, severity, subject = text.strip(), None, None, ""
    for _ in range(2):
        word = _first(rest)
        bare = word.strip("`*_\"'").rstrip(_BETWEEN)
        level, name = _SEVERITY.fullmatch(bare), leads.get(folded(bare))
        if level and severity is None:
            severity = Severity(f"sev{level[1]}")
        elif name and found is None:
            found, subject = _found(name), bare
        else:
            break
        rest = rest[len(word) :].lstrip(_BETWEEN)
    is_sentence = subject and _VERB.fullmatch(_first(rest))
    return Leading(found, severity, f"{subject} {rest}" if is_sentence else rest)


def _first(text: str) -> str:
    word = _WORD.match(text)
    return word[0] if word else ""


def named(text: str, catalog: Catalog) -> Found | None:
    """The service or team that `text` is a name of and nothing else; None when it is no such name, or a guide's."""
    words = Words(plain(text))
    for name in _index(catalog).names.named_in(words):
        if name.atoms == tuple(words.atoms) and not name.is_guide:
            return _found(name)
    return None


def nearest(text: str, catalog: Catalog) -> str:
    """The name that somebody who typed `text` probably meant, as the catalog writes it; "" when none is near."""
    known: dict[str, str] = {}
    for name in _index(catalog).names.typed:
        if not name.is_guide:
            known.setdefault(folded(name.text), name.text)
    near = get_close_matches(folded(text.strip("@#` "))[:80], known, 1, 0.6)
    return known[near[0]] if near else ""


# ---- clues ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Clue:
    """Something in the text that points at an owner; `why` says what."""

    service: str | None
    team: str
    why: str

    @property
    def id(self) -> str:
        return self.service or self.team


def _clue(name: Name) -> _Clue:
    return _Clue(name.service, name.team, name.why)


def _found(name: Name) -> Found:
    return Found(name.service, name.team, name.why)


def _of_frames(trace: stack_traces.Trace, index: _Index) -> list[_Clue]:
    """The innermost call that lies in a service: outer ones only use it."""
    for frame in trace.frames:
        path = _as_path(frame.path)
        place, matches = path, index.globs.of_path(path)
        if not matches:
            place = frame.module or path
            module = frame.module or path.rpartition(".")[0].strip("/").replace("/", ".")
            matches = index.globs.of_module(module)
        if matches:
            what = f"the innermost call of our own code, {shown(place)},"
            return [_lies(what, match, index.catalog) for match in matches]
    return []


def _of_paths(words: Words, index: _Index) -> Iterator[_Clue]:
    paths = [token for token in words.tokens if "/" in token or "\\" in token or "." in token.strip(".")]
    for path in map(_as_path, paths[:PATHS]):
        yield from (_lies(shown(path), match, index.catalog) for match in index.globs.of_path(path))


_MODULE = re.compile(r"[^\W\d]\w*(?:\.\w+)+\.?")


def _of_modules(words: Words, index: _Index) -> Iterator[_Clue]:
    """`acme.checkout.views` in the middle of a sentence: less telling than a path, for hosts look the same."""
    for token in [token for token in words.tokens if _MODULE.fullmatch(token)][:PATHS]:
        for match in index.globs.of_module(token.strip(".")):
            yield _lies(shown(token), match, index.catalog)


def _of_parts(words: Words, index: _Index) -> Iterator[_Clue]:
    for name, whole in index.names.parts_in(words):
        yield _Clue(name.service, name.team, name.why_part_of(whole))


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
        what = UNNAMED
    return Found(
        None, id, f"{what}, so {called} is paged as the fallback", False, tuple(guesses[:OTHERS]), True
    )
