"""When the next word about an incident is due, who is reminded of it, and who takes part."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.core import Refused
from bot.core.decision import Decision
from bot.core.incidents import shown
from bot.core.jobs import AskForUpdate, Later, RemindUpdate, Tell
from bot.core.timeline import (
    Cancelled,
    Declared,
    MarkedDuplicate,
    Mitigated,
    Name,
    NothingNew,
    Reopened,
    Resolved,
    RoleLeft,
    SeverityChanged,
    StatusChanged,
    Updated,
    UpdateOverdue,
)
from bot.models import OVER, Incident, Role, Severity, Status, Team

Cadence = Mapping[Severity, timedelta | None]
"""How often people are told, by severity; None: nobody waits for it."""

USUAL: Cadence = MappingProxyType(
    {
        Severity.SEV1: timedelta(minutes=30),
        Severity.SEV2: timedelta(hours=1),
        Severity.SEV3: timedelta(hours=4),
        Severity.SEV4: None,
    }
)

PATIENCE = timedelta(minutes=15)
"""At most so long after the first reminder the channel is reminded as well; a third of the cadence where that is less."""

TOLD = (Declared, Reopened, Updated, NothingNew, StatusChanged)
"""What counts as a word to everybody: the next one is due a whole cadence later."""

STILLED = (Mitigated, Resolved, Cancelled, MarkedDuplicate)


def followed(incident: Incident, decision: Decision, cadence: Cadence, now: datetime) -> Decision:
    """`decision` with the time of the next update, and its timer: asked of every decision, so that none forgets it.

    Once the bleeding has stopped nobody is held to the cadence any more.
    """
    told = [e for e in decision.events if isinstance(e, TOLD)]
    changed = [e for e in decision.events if isinstance(e, SeverityChanged)]
    stilled = [e for e in decision.events if isinstance(e, STILLED)]
    if not (told or changed or stilled):
        return decision
    status = Status(decision.sets.get("status", incident.status))
    severity = Severity(decision.sets.get("severity", incident.severity))
    due = None if status in OVER | {Status.MITIGATED} else next_after(cadence, severity, now)
    promised = incident.next_update_at
    if changed and not told and due is not None and promised is not None and now < promised < due:
        due = promised  # a promise that was made is kept
    if due == promised:
        return decision
    return decision + Decision(sets={"next_update_at": due}, jobs=_timer(incident, due))


def next_after(cadence: Cadence, severity: Severity, now: datetime) -> datetime | None:
    length = cadence[severity]
    # Whole seconds, as people read them and a timer carries them.
    return None if length is None else (now + length).replace(microsecond=0)


def _timer(incident: Incident, due: datetime | None) -> tuple[Later, ...]:
    assert incident.id is not None
    return () if due is None else (Later(RemindUpdate(incident.id, due.isoformat()), due),)


def reminds(incident: Incident) -> tuple[str, str]:
    """Who is reminded, and why them."""
    who = (
        (incident.lead, "you lead it"),
        (incident.comms, "you tell the others and nobody leads it"),
        (incident.owner, "you have it and nobody leads it"),
    )
    return next(
        ((person, why) for person, why in who if person),
        (incident.declarer, "you declared it and nobody has it"),
    )


def reminded(incident: Incident, due: datetime, cadence: Cadence, *, again: bool, now: datetime) -> Decision:
    """The timer of an update: nothing when it was answered meanwhile. The first goes to one person, the second to all."""
    assert incident.id is not None
    if incident.is_over or incident.next_update_at != due:
        return Decision()
    person, why = ("", "") if again else reminds(incident)
    asked = AskForUpdate(incident.id, person, why, due.isoformat())
    wait = min(PATIENCE, (cadence[incident.severity] or PATIENCE) / 3)
    then = () if again else (Later(RemindUpdate(incident.id, due.isoformat(), again=True), now + wait),)
    return Decision(events=(UpdateOverdue(person),), jobs=(asked, *then, *shown(incident)))


def unchanged(incident: Incident, due: datetime) -> Decision:
    """*No change*, one tap. Nothing when that update was given already. Raises Refused after the end."""
    if incident.is_over:
        raise Refused(f"{incident.key} is {incident.status}: nobody waits for an update any more.")
    if incident.next_update_at != due:
        return Decision()
    said = (NothingNew(),)
    return Decision(events=said, spoken=said, jobs=shown(incident))


# ---- roles -----------------------------------------------------------------------------------

DUTIES = {
    Role.LEAD: "you decide what happens next and see that updates go out",
    Role.COMMS: "you tell those who wait what is known",
    Role.SCRIBE: "you keep the timeline complete",
}


def appointed(incident: Incident, role: Role, person: str, *, by: str, name: Name) -> Decision:
    """Whoever was made something by somebody else reads it, with what is expected and the way out."""
    assert incident.id is not None
    if person == by:
        return Decision()
    text = (
        f"{name(by)} made you {role} of {incident.key} “{incident.title}”: {DUTIES[role]}. "
        f"To give it back, type `/incident {role} {incident.key} none`."
    )
    return Decision(jobs=(Tell(person, text, incident.id, f"{incident.id}:{role}:{incident.revision}"),))


def role_left(incident: Incident, role: Role) -> Decision:
    person = getattr(incident, role.value)
    if not person:
        raise Refused(f"Nobody is {role} of {incident.key}.")
    said = (RoleLeft(role, person),)
    return Decision(events=said, spoken=said, sets={role.value: ""}, jobs=shown(incident))


def parts(incident: Incident, person: str) -> list[str]:
    """What `person` is to the incident, as people say it."""
    held = ["has it"] if incident.owner == person else []
    return held + [f"is {role}" for role in Role if getattr(incident, role.value) == person]


def deputies(incident: Incident, team: Team, person: str) -> list[str]:
    """Who can act when `person` can't, the nearest first."""
    near = (incident.lead, incident.owner, incident.comms, team.lead, incident.declarer)
    return list(dict.fromkeys(one for one in near if one and one != person))
