"""What is offered while somebody types the name of a service: by id, alias, name, team and path."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core import ownership
from bot.core.catalog import once_per_catalog
from bot.core.words import folded
from bot.models import Catalog, Service, Team, TeamKind

LIMIT = 100
"""https://docs.slack.dev/reference/block-kit/composition-objects/option-object: options of one menu."""


@dataclass(frozen=True)
class Offer:
    """`id` of a service or of a team, and what people read."""

    id: str
    label: str


def of_service(service: Service, team: Team) -> Offer:
    return Offer(service.id, f"{service.id} ({team.name})")


def of_team(team: Team) -> Offer:
    return Offer(team.id, f"{team.name} (team)")


def offer(id: str, catalog: Catalog) -> Offer | None:
    """The line of one id; None when the catalog does not have it, or a guide team owns it."""
    return _lines(catalog).get(id, (None, ()))[0]


@once_per_catalog
def _lines(catalog: Catalog) -> dict[str, tuple[Offer, tuple[str, ...]]]:
    """Each owner's line and the words it is found by: the id first, then what else it is called."""
    found: dict[str, tuple[Offer, tuple[str, ...]]] = {}
    for service in sorted(catalog.services.values(), key=lambda service: service.id):
        team = catalog.teams.get(service.team)
        if team is not None and team.kind is TeamKind.DEV:
            words = (service.id, *service.aliases, service.name, team.name, team.id, *service.paths)
            found[service.id] = of_service(service, team), tuple(folded(word) for word in words if word)
    for team in sorted(catalog.teams.values(), key=lambda team: team.id):
        if team.kind is TeamKind.DEV:
            found.setdefault(team.id, (of_team(team), (folded(team.id), folded(team.name))))
    return found


def offers(typed: str, catalog: Catalog, *, limit: int = LIMIT) -> Sequence[Offer]:
    """At most `limit`, the plainest first: whose name begins so, then whose holds it, then whom a path or a slip means."""
    lines, wanted = _lines(catalog), folded(typed.strip())[:200]
    if not wanted:
        return [line for line, _ in lines.values()][:limit]
    ranked = [(rank, line) for line, words in lines.values() if (rank := _rank(wanted, words)) is not None]
    ranked.sort(key=lambda pair: pair[0])
    found = [line for _, line in ranked]
    if "/" in typed or not found:
        found = [*(lines[id][0] for id in _meant(typed[:1000], catalog) if id in lines), *found]
    return list(dict.fromkeys(found))[:limit]


def _rank(wanted: str, words: tuple[str, ...]) -> int | None:
    id, others = words[0], words[1:]
    if id.startswith(wanted):
        return 0
    if any(word.startswith(wanted) for word in others):
        return 1
    if wanted in id:
        return 2
    return 3 if any(wanted in word for word in others) else None


def _meant(typed: str, catalog: Catalog) -> list[str]:
    """Whom a path means, as `services/checkout/pay.py`, a host or a class; or whose name is a letter away."""
    owner = ownership.find(typed, catalog)
    return [*([] if owner.fallback else [owner.service or owner.team]), *owner.others]
