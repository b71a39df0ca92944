"""The names of the catalog's services and teams, and where they stand in a text."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from bot.core.words import LONGEST_WORD, Words, atoms_of, folded, parts_of, shown
from bot.models import Catalog, TeamKind


class Rank(IntEnum):
    """How plainly a name names, the plainest first."""

    ID = 0
    ALIAS = 1
    NAME = 2
    TEAM = 3
    TEAM_NAME = 4
    PLACE = 5


@dataclass(frozen=True)
class Name:
    """`says` completes "`basket` …"; `atoms` are the words of the name, folded, by which it is found."""

    text: str
    says: str
    rank: Rank
    service: str | None
    team: str
    is_guide: bool
    atoms: tuple[str, ...]

    @property
    def why(self) -> str:
        return f"`{self.text}` {self.says}"

    def why_part_of(self, whole: str) -> str:
        return f"`{self.text}` is part of “{shown(whole)}” and {self.says}"


def _names(catalog: Catalog) -> Iterator[Name]:
    for service in catalog.services.values():
        team = catalog.teams.get(service.team)
        if team is None:
            continue
        guide, owned = team.kind is TeamKind.GUIDE, f"owned by {team.name}"
        made = [(service.id, f"is {owned}", Rank.ID)]
        made += [(alias, f"is an alias of {service.id}, {owned}", Rank.ALIAS) for alias in service.aliases]
        made += [(service.name, f"is the name of {service.id}, {owned}", Rank.NAME)]
        for text, says, rank in made:
            yield Name(text, says, rank, service.id, team.id, guide, atoms_of(text))
    for team in catalog.teams.values():
        named = [
            (team.id, f"is the team {team.name}", Rank.TEAM),
            (team.name, f"is the team {team.id}", Rank.TEAM_NAME),
            (team.channel, f"is the channel of {team.name}", Rank.PLACE),
            (team.usergroup, f"is the user group of {team.name}", Rank.PLACE),
        ]
        for text, says, rank in named:
            yield Name(text, says, rank, None, team.id, team.kind is TeamKind.GUIDE, atoms_of(text))


class Names:
    """The names of a catalog. `typed`: those that people type, `leads`: those that may begin a start, folded."""

    def __init__(self, catalog: Catalog) -> None:
        by_atoms: dict[tuple[str, ...], list[Name]] = defaultdict(list)
        for name in _names(catalog):
            if name.atoms:
                by_atoms[name.atoms].append(name)
        self.typed = [name for names in by_atoms.values() for name in names if name.rank <= Rank.TEAM]
        self.leads = {
            folded(name.text): name for name in self.typed if name.rank != Rank.NAME and not name.is_guide
        }
        self._starting: dict[str, list[tuple[tuple[str, ...], list[Name]]]] = defaultdict(list)
        for atoms, names in sorted(by_atoms.items(), key=lambda item: -len(item[0])):
            plain = [name for name in names if name.rank is not Rank.PLACE]
            self._starting[atoms[0]].append((atoms, sorted(plain or names, key=lambda name: name.rank)))
        self._misspelt: dict[str, list[Name]] = defaultdict(list)
        for name in self.typed:
            if len(name.atoms) == 1 and len(name.atoms[0]) >= 5 and not name.is_guide:
                for spelling in _one_off(name.atoms[0]):
                    self._misspelt[spelling].append(name)

    def named_in(self, words: Words) -> list[Name]:
        """The names that stand in `words` as words of their own, the longest where several begin, in order."""
        found: list[Name] = []
        at = 0
        while at < len(words.atoms):
            step = 1
            for atoms, names in self._starting.get(words.atoms[at], ()):
                if words.holds(atoms, at) and words.is_whole(at, at + len(atoms)):
                    found += names
                    step = len(atoms)
                    break
            at += step
        return list(dict.fromkeys(found))

    def parts_in(self, words: Words) -> Iterator[tuple[Name, str]]:
        """The names that are only a part of something longer, such as a host or a class, with what they are part of."""
        seen: set[Name] = set()
        for whole in words.tokens:
            if whole.isalnum() and (whole[1:].islower() or whole.isupper()):
                continue
            atoms = parts_of(whole)
            for at, atom in enumerate(atoms):
                for phrase, names in self._starting.get(atom, ()):
                    if len("".join(phrase)) > 2 and atoms[at : at + len(phrase)] == phrase:
                        new = [name for name in names if not name.is_guide and name not in seen]
                        seen.update(new)
                        yield from ((name, whole) for name in new)
                        break

    def misspelt_in(self, words: Words) -> list[str]:
        """Services and teams whose name is one letter away from one of the first words."""
        ids = (
            name.service or name.team
            for word in words.atoms[:40]
            if 5 <= len(word) <= LONGEST_WORD
            for spelling in _one_off(word)
            for name in self._misspelt.get(spelling, ())
        )
        return list(dict.fromkeys(ids))


def _one_off(word: str) -> set[str]:
    """The word and what it is with one letter left out: two words a letter apart have one of these in common."""
    return {word, *(word[:n] + word[n + 1 :] for n in range(len(word)))}
