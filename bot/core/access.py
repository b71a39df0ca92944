"""Who may see a private incident, and who may do what with any: by role and by configuration. Denied unless it says so."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from bot.core import Refused
from bot.core.timeline import Name
from bot.models import Incident, Team


class Act(StrEnum):
    """What not everybody may do. The words of [rights] in the configuration."""

    CANCEL = "cancel"
    PRIVATE = "private"
    SERVICE = "service"
    TIMELINE = "timeline"
    POSTMORTEM = "postmortem"


class Who(StrEnum):
    """Whom a right can name: by what they are to the incident, or to the team that owns it."""

    ANYONE = "anyone"
    DECLARER = "declarer"
    OWNER = "owner"
    ROLES = "roles"
    TEAM = "team"
    TEAM_LEAD = "team-lead"
    ADMIN = "admin"


CALLED: Mapping[Who, str] = {
    Who.ANYONE: "anyone",
    Who.DECLARER: "whoever declared it",
    Who.OWNER: "whoever has it",
    Who.ROLES: "its lead, comms and scribe",
    Who.TEAM: "the team that owns it",
    Who.TEAM_LEAD: "the lead of the team that owns it",
    Who.ADMIN: "an admin",
}

ACTS: Mapping[Act, str] = {
    Act.CANCEL: "cancel",
    Act.PRIVATE: "make private, or let people into,",
    Act.SERVICE: "change the owner of",
    Act.TIMELINE: "edit the timeline of",
    Act.POSTMORTEM: "write the postmortem of",
}

Rights = Mapping[Act, tuple[Who, ...]]

USUAL: Rights = {
    Act.CANCEL: (Who.DECLARER, Who.OWNER, Who.ROLES, Who.TEAM, Who.TEAM_LEAD, Who.ADMIN),
    Act.PRIVATE: (Who.DECLARER, Who.OWNER, Who.ROLES, Who.TEAM, Who.TEAM_LEAD, Who.ADMIN),
    # Whoever sees that the wrong people are awake must be able to let them sleep.
    Act.SERVICE: (Who.ANYONE,),
    Act.TIMELINE: (Who.OWNER, Who.ROLES, Who.TEAM_LEAD, Who.ADMIN),
    Act.POSTMORTEM: (Who.OWNER, Who.ROLES, Who.TEAM, Who.TEAM_LEAD, Who.ADMIN),
}
"""Without a word in the configuration."""


def may_see(
    incident: Incident,
    person: str,
    *,
    team: Team,
    paged: Collection[str],
    admitted: Collection[str],
    admins: Collection[str],
) -> bool:
    """Whether `person` may know that the incident exists. "" is nobody, and sees what is public."""
    if not incident.private:
        return True
    return person != "" and (
        person
        in {incident.declarer, incident.owner, incident.lead, incident.comms, incident.scribe, team.lead}
        or person in paged
        or person in admitted
        or person in admins
    )


def _is(who: Who, person: str, incident: Incident, team: Team, admins: Collection[str]) -> bool:
    match who:
        case Who.ANYONE:
            return True
        case Who.DECLARER:
            return person == incident.declarer
        case Who.OWNER:
            return person == incident.owner
        case Who.ROLES:
            return person in {incident.lead, incident.comms, incident.scribe}
        case Who.TEAM:
            return person in team.members
        case Who.TEAM_LEAD:
            return person == team.lead
        case Who.ADMIN:
            return person in admins


def must(
    act: Act,
    person: str,
    incident: Incident,
    *,
    team: Team,
    rights: Rights,
    admins: Collection[str],
    name: Name,
) -> None:
    """Raises Refused, naming who may, when `person` may not. Whoever is named but is nobody yet is not suggested."""
    may = rights[act]
    if person and any(_is(who, person, incident, team, admins) for who in may):
        return
    people = {
        Who.DECLARER: [incident.declarer],
        Who.OWNER: [incident.owner],
        Who.ROLES: [incident.lead, incident.comms, incident.scribe],
        Who.TEAM: list(team.members),
        Who.TEAM_LEAD: [team.lead],
        Who.ADMIN: sorted(admins),
    }
    can = list(
        dict.fromkeys(
            f"{CALLED[who]} ({', '.join(dict.fromkeys(name(one) for one in people[who] if one))})"
            for who in may
            if who in people and any(people[who])
        )
    )
    whom = "; ".join(can) or "nobody: set [rights] in the configuration"
    raise Refused(f"You may not {ACTS[act]} {incident.key}. Those who may: {whom}.")
