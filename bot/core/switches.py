"""Switches: which one is meant, what is recorded when it is pulled, and the item where there is none."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.core import Refused
from bot.core.decision import Decision
from bot.core.incidents import TEXT_LIMIT, shown
from bot.core.timeline import SwitchJudged, SwitchPulled
from bot.models import Helped, Incident, Service, Switch, SwitchUse

OFFERED = 3
"""Switches that are offered at once; the others are one command away."""

AGAIN = timedelta(minutes=2)
"""The same switch this soon is the same pull: a double click, or two people who both record it."""

NAME_LIMIT = 300
"""Characters of a name that the catalog does not know."""

DRILL_TEXT = 1000

_EDGES = "“”\"'`:,;"


def _words(text: str) -> list[str]:
    return [word.strip(_EDGES).casefold() for word in text.split()]


def leading(text: str, service: Service | None) -> tuple[Switch | None, str]:
    """The switch whose name `text` begins with, the longest one, and what follows it; quotes around it are passed over."""
    given = text.split()
    said = _words(text)
    for switch in sorted(service.switches if service else (), key=lambda s: -len(s.name.split())):
        name = _words(switch.name)
        if name and said[: len(name)] == name:
            return switch, " ".join(given[len(name) :]).lstrip(":,;- ")
    return None, text


def carried(value: str, service: Service | None) -> str:
    """The name that a button carries, whole again where it was cut to fit; as it stands when the catalog lost it."""
    found = [switch.name for switch in (service.switches if service else ()) if switch.name.startswith(value)]
    return value if value in found or len(found) != 1 else found[0]


def which(text: str, service: Service | None, *, of: str) -> tuple[str, str]:
    """The name of the switch that `text` begins with, and the rest. `of` is the id of the service.

    Where the catalog knows no switch of the service at all, the whole text is a name: what was done counts.
    Raises Refused with those there are.
    """
    switch, rest = leading(text, service)
    if switch is not None:
        return switch.name, rest
    if not text.strip():
        raise Refused("Say which switch: `/incident switch pulled name`; `/incident switch` lists them.")
    if service is None or not service.switches:
        return " ".join(text.split())[:NAME_LIMIT], ""
    names = ", ".join(f"“{switch.name[:60]}”" for switch in service.switches[:5])
    more = f" and {len(service.switches) - 5} more" if len(service.switches) > 5 else ""
    raise Refused(
        f"{of} has no switch “{text.strip()[:60]}”: it has {names}{more}. "
        "What isn't a switch is recorded with `/incident mitigate …`."
    )


def same_pull(uses: Sequence[SwitchUse], name: str, now: datetime) -> SwitchUse | None:
    """The pull that is recorded already, where `name` was pulled within AGAIN."""
    near = [use for use in uses if use.switch == name and now - use.at <= AGAIN]
    return max(near, key=lambda use: use.at, default=None)


def pulled(incident: Incident, name: str, text: str) -> Decision:
    """Also after the end: who remembers it later records it all the same."""
    if len(text) > TEXT_LIMIT:
        raise Refused(f"That text has {len(text)} characters; at most {TEXT_LIMIT} fit. Shorten it.")
    event = SwitchPulled(name, text.strip())
    return Decision(events=(event,), spoken=(event,), jobs=shown(incident))


def judged(incident: Incident, use: SwitchUse, helped: Helped) -> Decision:
    """The same answer twice says nothing new."""
    if use.helped is helped:
        return Decision()
    event = SwitchJudged(use.switch, helped)
    return Decision(events=(event,), spoken=(event,), jobs=shown(incident))


def wanted(incident: Incident, what: str) -> str:
    """The title of the item that asks for a switch; without `what`, the incident's own words say what."""
    where = f" in {incident.service}" if incident.service else ""
    return (
        f"Switch to turn off {what}{where}"
        if what
        else f"Switch to turn off what fails{where}: {incident.title}"
    )


def summed(use: SwitchUse) -> str:
    """Whether it helped, as people say it."""
    return {Helped.YES: "it helped", Helped.NO: "it did not help"}.get(
        use.helped, "not known whether it helped"
    )
