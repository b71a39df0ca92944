"""The tables of a report, in their order. To add one: a function from what is Seen to a Part, and a row of PARTS."""

from collections.abc import Callable

from bot.core.reports.cost import by_service, fixes, heaviest, support, teams
from bot.core.reports.cures import detection, stopping
from bot.core.reports.figures import Part
from bot.core.reports.happened import incidents, services
from bot.core.reports.learnt import actions, guides, loops, postmortems, recurrences
from bot.core.reports.paged import answers, nights, owners, times
from bot.core.reports.seen import Seen

PARTS: tuple[Callable[[Seen], Part | None], ...] = (
    teams, by_service, heaviest, incidents, services, answers, owners, times, nights, support, fixes, actions, loops,
    recurrences, stopping, detection, postmortems, guides,
)  # fmt: skip
"""Each says None where it has nothing to say."""
