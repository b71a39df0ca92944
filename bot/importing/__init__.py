"""Moving in: exports of other on-call programs as the tables of a catalog file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.core import Refused
from bot.importing import grafana, opsgenie, pagerduty
from bot.importing.compared import compare
from bot.importing.documents import Export, Form, parsed
from bot.importing.draft import Draft
from bot.importing.teams import settled
from bot.importing.written import written

__all__ = ["VENDORS", "Imported", "read"]


@dataclass(frozen=True)
class Imported:
    """`toml`: a catalog file, with what is left out as comments. `left_out`: a sentence for each thing."""

    toml: str
    left_out: tuple[str, ...]


VENDORS: Mapping[str, tuple[Form, Callable[[Export, Draft], None]]] = {
    "opsgenie": (opsgenie.FORM, opsgenie.fill),
    "pagerduty": (pagerduty.FORM, pagerduty.fill),
    "grafana-oncall": (grafana.FORM, grafana.fill),
}
"""What the answers of each look like, and what becomes of them."""


def read(vendor: str, text: str, *, now: datetime | None = None) -> Imported:
    """The export `text` of `vendor` as a catalog file.

    `now` (by default the clock's) parts what is over, and left out, from what is still to come.
    Raises Refused for text that is no JSON or no such export.
    """
    if vendor not in VENDORS:
        raise Refused(f"there is no import from “{vendor}”; use {', '.join(VENDORS)}")
    form, fill = VENDORS[vendor]
    export = parsed(text, form)
    draft = Draft((now or datetime.now(UTC)).astimezone(UTC), list(export.left_out))
    fill(export, draft)
    teams, homes = settled(draft)
    compare(draft, homes)
    left_out = tuple(dict.fromkeys(draft.left_out))
    return Imported(written(form.name, draft, teams, left_out), left_out)
