"""A catalog file as text: every value escaped, what is left out as comments at its end."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.importing.draft import Draft
from bot.importing.teams import Team


def written(vendor: str, draft: Draft, teams: Sequence[Team], left_out: Sequence[str]) -> str:
    """The tables of a catalog file; loads as it is, wherever there is a team."""
    lines = [
        f"# Imported from {vendor}. Put it beside the configuration and name it under `catalog`; then run",
        "# `writeback check`, and compare `writeback oncall` with what the old program says.",
        "",
    ]
    for person in draft.people.values():
        lines += _table(
            "person",
            {
                "id": person.id,
                "name": person.name,
                "email": person.email,
                "slack": person.slack,
                "timezone": person.zone,
            },
        )
    ids = {key: person.id for key, person in draft.people.items()}
    for team in teams:
        lines += _team(team, ids)
    for team in teams:
        for id, name in team.services:
            lines += _table("service", {"id": id, "name": name, "team": team.id})
    if left_out:
        lines.append("# Left out, or not quite the same here:")
        lines += (f"# - {sentence}" for sentence in left_out)
    return "\n".join(lines).rstrip("\n") + "\n"


def _team(team: Team, ids: Mapping[str, str]) -> Iterator[str]:
    lead = team.fallback if not team.why else ""
    table = {
        "id": team.id,
        "name": team.name,
        "timezone": team.zone,
        "channel": team.channel,
        "calendar": team.roster.calendar if team.roster else "",
        "lead": ids.get(lead, ""),
    }
    *lines, blank = _table("team", table)
    yield from lines
    members = team.group.members if team.group else []
    if members:
        everyone = dict.fromkeys([*members, *team.on_call, team.fallback])
        yield f"members = {value([ids[one] for one in everyone])}"
    if team.why:
        yield f"# {team.why}"
        yield f"fallback = {value(ids[team.fallback])}"
    if team.layers:
        yield "layers = ["
        for layer in team.layers:
            if layer.name:
                yield f"  # {layer.name}"
            yield f"  {value(layer.table(ids))},"
        yield "]"
    if team.escalation:
        yield "escalation = ["
        for targets, wait in team.escalation:
            yield f"  {value({'targets': targets} | ({'wait': length(wait)} if wait else {}))},"
        yield "]"
        yield f"repeat = {team.repeat}"
    yield blank


def _table(kind: str, table: Mapping[str, str]) -> list[str]:
    return [f"[[{kind}]]", *(f"{key} = {value(given)}" for key, given in table.items() if given), ""]


def value(given: Any) -> str:
    """As TOML writes it, on one line. https://toml.io/en/v1.0.0"""
    if isinstance(given, str):
        return '"' + "".join(_ESCAPES.get(sign) or _sign(sign) for sign in given) + '"'
    if isinstance(given, Mapping):
        return "{ " + ", ".join(f"{key} = {value(one)}" for key, one in given.items()) + " }"
    if isinstance(given, Sequence):
        return "[" + ", ".join(value(one) for one in given) + "]"
    return str(given)


_ESCAPES = {'"': '\\"', "\\": "\\\\"}


def _sign(sign: str) -> str:
    return f"\\u{ord(sign):04X}" if ord(sign) < 0x20 or ord(sign) == 0x7F else sign


def length(wait: timedelta) -> str:
    """As the catalog writes a length of time."""
    seconds = wait // timedelta(seconds=1)
    for unit, size in (("w", 604_800), ("d", 86_400), ("h", 3600), ("m", 60)):
        if not seconds % size:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
