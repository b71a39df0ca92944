"""Which service a path or a dotted module belongs to, by the patterns of the catalog.

Patterns are those of .gitignore. As in CODEOWNERS one pattern decides; here it is the most specific one, because
the order of services in a catalog means nothing.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from pathspec import GitIgnoreSpec

from bot.models import Service

DEEPEST = 16
"""Folders of a path that are looked at, counted from the file."""

_WILD = re.compile(r"[*?\[\\]")
_ENDING = re.compile(r"\*\.[^*?\[\\]+")

# Folders that say how code is built or laid out, and nothing about whose it is.
_LAYOUT = re.compile(
    r"src|main|java|kotlin|scala|groovy|python|ruby|js|ts|libs?|apps?|cmd|internal|pkg|tests?"
)


class _Glob:
    """One line of a service's `paths`. Its regular expression is made when it is first needed."""

    def __init__(self, service: str, line: str, number: int) -> None:
        self.service, self.line, self.number = service, line, number
        self.is_exclusion = line.startswith("!")
        segments = [part for part in line.lstrip("!/").casefold().split("/") if part]
        self.literals = [part for part in segments if not _WILD.search(part)]
        # What a path must have among its folders, or for `*.sql` as its ending, to be worth a closer look.
        self.keys = self.literals or [part for part in segments[-1:] if _ENDING.fullmatch(part)]
        self.weight = (len(self.literals), len(re.sub(r"[*?\[\]!/\\]", "", line)))
        while segments and (_WILD.search(segments[-1]) or _LAYOUT.fullmatch(segments[-1])):
            segments.pop()
        # The folders before the last wildcard, nearest first: `services/checkout/**` → checkout, services.
        self.folders = tuple(takewhile(lambda part: not _WILD.search(part), reversed(segments)))

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        pattern = GitIgnoreSpec.from_lines([self.line.lstrip("!").casefold()]).patterns[0]
        assert isinstance(pattern.regex, re.Pattern)
        return pattern.regex

    def matches(self, path: str) -> bool:
        # Patterns of folders end in a slash; so does every path here, and patterns of files allow for that.
        return bool(self._regex.match(path + "/"))


@dataclass(frozen=True)
class Match:
    """`line` is the pattern as the catalog has it; `folders` how many of its folders a module's name repeats."""

    service: str
    line: str
    folders: int = 0


class Globs:
    """The patterns of every service, found by one key of theirs: the one that the fewest others have."""

    def __init__(self, services: Iterable[Service]) -> None:
        globs = [_Glob(s.id, line, n) for s in services for n, line in enumerate(s.paths)]
        common = Counter(key for glob in globs for key in glob.keys)
        self._exclusions: dict[str, list[_Glob]] = defaultdict(list)
        self._by_key: dict[str, list[_Glob]] = defaultdict(list)
        self._by_folder: dict[str, list[_Glob]] = defaultdict(list)
        self._anywhere: list[_Glob] = []
        for glob in globs:
            if glob.is_exclusion:
                self._exclusions[glob.service].append(glob)
            elif glob.keys:
                self._by_key[min(glob.keys, key=lambda key: common[key])].append(glob)
            else:
                self._anywhere.append(glob)
            if glob.folders and not glob.is_exclusion:
                self._by_folder[glob.folders[0]].append(glob)

    def of_path(self, path: str) -> tuple[Match, ...]:
        """The services that `path` belongs to: one, or several when their patterns are equally specific, or none.

        A path of a running program begins with folders that the repository does not have, so those are tried
        without: for a relative path only when it does not match whole.
        """
        is_absolute = path.startswith("/")
        parts = [part for part in path.casefold().split("/") if part not in {"", ".", ".."}][-DEEPEST:]
        if not parts:
            return ()
        _, *endings = parts[-1].split(".")
        keys = [*parts, *(f"*.{'.'.join(endings[n:])}" for n in range(len(endings)))]
        candidates = [
            glob for key in dict.fromkeys(keys) for glob in self._by_key.get(key, ())
        ] + self._anywhere
        tails = ["/".join(parts[n:]) for n in range(len(parts))]
        rounds = [tails] if is_absolute else [tails[:1], tails[1:]]
        for tried in rounds:
            found = [glob for glob in candidates if any(self._owns(glob, tail) for tail in tried)]
            if found:
                heaviest = max(glob.weight for glob in found)
                return _once(Match(glob.service, glob.line) for glob in found if glob.weight == heaviest)
        return ()

    def _owns(self, glob: _Glob, path: str) -> bool:
        later = (no for no in self._exclusions.get(glob.service, ()) if no.number > glob.number)
        return glob.matches(path) and not any(no.matches(path) for no in later)

    def of_module(self, name: str) -> tuple[Match, ...]:
        """The services whose folders end as `name` has it: `com.acme.checkout.Api` lies in `…/acme/checkout/**`."""
        parts = name.casefold().split(".")
        best = [
            (_in_common(glob.folders, parts[at::-1]), glob)
            for at, part in enumerate(parts)
            for glob in self._by_folder.get(part, ())
        ]
        most = max((same for same, _ in best), default=0)
        return _once(Match(glob.service, glob.line, same) for same, glob in best if same == most)


def _in_common(folders: Sequence[str], parts: Sequence[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(folders, parts, strict=False)))


def _once(matches: Iterator[Match] | Sequence[Match]) -> tuple[Match, ...]:
    """One match for each service."""
    return tuple({match.service: match for match in reversed(list(matches))}.values())[::-1]
