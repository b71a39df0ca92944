"""What those who wait are told: which events are news, and to what people can subscribe."""

from bot.core.timeline import (
    Cancelled,
    Declared,
    Event,
    MarkedDuplicate,
    Mitigated,
    NothingNew,
    OwnerChanged,
    Reopened,
    Resolved,
    SeverityChanged,
    StatusChanged,
    TitleChanged,
    Updated,
)
from bot.models import Incident

NEWS: tuple[type[Event], ...] = (
    SeverityChanged,
    StatusChanged,
    Updated,
    NothingNew,
    TitleChanged,
    OwnerChanged,
    Mitigated,
    Resolved,
    Reopened,
    Cancelled,
    MarkedDuplicate,
)
"""Told in the announcement's thread, and to subscribers."""

START: type[Event] = Declared
"""The announcement itself says it; those who subscribed to the team or the service are told."""

LOUD = frozenset({"resolved", "reopened"})
"""Also shown in the announcement channel itself: whoever read that something broke reads that it is over, or is not."""


def is_news(event: Event) -> bool:
    return isinstance(event, NEWS)


def concerns(event: Event) -> bool:
    """Whether subscribers are told."""
    return isinstance(event, (*NEWS, START))


def topics(incident: Incident) -> tuple[str, ...]:
    """What people may have subscribed to, to be told of this incident; the nearest first. A test is nobody's business."""
    if incident.test:
        return (incident.key,)
    return tuple(filter(None, (incident.key, incident.service, incident.team)))
