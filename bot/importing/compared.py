"""The imported schedules beside what the export itself says of who is on call: where they differ, people hear of it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import pairwise

from bot.core.oncall import Override, Schedule, who
from bot.importing.draft import Answer, Draft, instant
from bot.importing.teams import Team

MOST = 500
"""Spans of one schedule that are compared."""


def compare(draft: Draft, homes: Mapping[str, Sequence[Team]]) -> None:
    """Tell of each schedule where it first differs. `homes`: the teams that a schedule of the vendor's became."""
    by_roster: dict[str, list[Answer]] = {}
    for answer in draft.answers:
        by_roster.setdefault(answer.roster, []).append(answer)
    for key, answers in by_roster.items():
        teams = homes.get(key, ())
        if not teams or draft.rosters[key].calendar:
            continue
        schedules = [_schedule(draft, team, key) for team in teams]
        edges = sorted({edge for answer in answers for edge in (answer.start, answer.end)})
        spans = [(a, b) for a, b in pairwise(edges) if a >= draft.now][:MOST]
        for start, end in spans:
            at = start + (end - start) / 2
            there = {one for answer in answers if answer.start <= at < answer.end for one in answer.people}
            here = {one for schedule in schedules for one in who(schedule, at)}
            if here != there:
                draft.say(
                    f"schedule “{draft.rosters[key].name}”",
                    f"at {instant(at)} the export has {_names(draft, there)} on call and this file "
                    f"{_names(draft, here)}; check its layers",
                )
                break


def _schedule(draft: Draft, team: Team, roster: str) -> Schedule:
    """The team's layers with the covers of the export, people by the vendor's ids."""
    same = {key: key for key in draft.people}
    covers = [
        Override(cover.people[0], cover.start, cover.end, None, cover.people[1:])
        for cover in draft.covers
        if cover.roster == roster and cover.people and cover.end - cover.start > timedelta(0)
    ]
    layers = [layer.table(same) for layer in team.layers]
    return Schedule.parse({"tz": team.zone or "UTC", "layers": layers}).with_overrides(covers)


def _names(draft: Draft, people: set[str]) -> str:
    ids = sorted(draft.people[one].id if one in draft.people else one for one in people)
    return ", ".join(ids) or "nobody"
