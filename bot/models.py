"""Nouns: the closed words, the catalog's values that the configuration builds, and the tables.

Rows are plain records: no relationships, reading an attribute never does I/O, and only the store,
the engine and the flows assign to them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Enum, Index, UniqueConstraint, text
from sqlmodel import JSON, Field, SQLModel

# Alembic can only drop or alter what has a name, on SQLite above all.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


# ---- closed words ------------------------------------------------------------------------------


class Severity(StrEnum):
    SEV1 = "sev1"
    SEV2 = "sev2"
    SEV3 = "sev3"
    SEV4 = "sev4"


class Status(StrEnum):
    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"
    CANCELLED = "cancelled"
    DUPLICATE = "duplicate"


OVER = frozenset({Status.RESOLVED, Status.CANCELLED, Status.DUPLICATE})


class Mitigation(StrEnum):
    """What stopped the bleeding."""

    SWITCH = "switch"
    CONFIG = "config"
    ROLLBACK = "rollback"
    DEPLOY = "deploy"
    RESTART = "restart"
    SCALE = "scale"
    UPSTREAM = "upstream"
    SELF = "self"
    OTHER = "other"


class PageState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    DECLINED = "declined"
    ESCALATED = "escalated"
    CANCELLED = "cancelled"
    UNANSWERED = "unanswered"
    FAILED = "failed"


class ActionState(StrEnum):
    CANDIDATE = "candidate"
    OPEN = "open"
    DONE = "done"
    WONT_DO = "wont_do"


class Role(StrEnum):
    LEAD = "lead"
    COMMS = "comms"
    SCRIBE = "scribe"


class Noticed(StrEnum):
    """Who noticed first. `LUCK` is nobody whose task it was."""

    MONITOR = "monitor"
    CUSTOMER = "customer"
    COLLEAGUE = "colleague"
    LUCK = "luck"


class Took(StrEnum):
    """What it took to stop it, from nothing to a change of the code: how far from runtime the cure was."""

    NOTHING = "nothing"
    FLAG = "flag"
    RESTART = "restart"
    REBUILD = "rebuild"
    REDEPLOY = "redeploy"
    CODE = "code"


class PostmortemState(StrEnum):
    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"


class RecurrenceState(StrEnum):
    """A `suggested` one waits for a person's tap; only what was `confirmed` counts anywhere."""

    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    DENIED = "denied"


class TeamKind(StrEnum):
    DEV = "dev"
    GUIDE = "guide"


class CoverKind(StrEnum):
    """What a cover does: a `cover` replaces the whole answer, a `swap` one person of it, a `shadow` nobody."""

    COVER = "cover"
    SWAP = "swap"
    SHADOW = "shadow"


class CoverState(StrEnum):
    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    UNDONE = "undone"


class Helped(StrEnum):
    """Whether a switch that was pulled did what it is for; `UNKNOWN` until somebody says so."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class GuidanceState(StrEnum):
    """What became of asking one guide; `CLOSED`: another one came first."""

    ASKED = "asked"
    CAME = "came"
    ANSWERED = "answered"
    DECLINED = "declined"
    UNANSWERED = "unanswered"
    CLOSED = "closed"


# ---- the catalog: values that config builds and core reads -----------------------------------------


@dataclass(frozen=True)
class Link:
    name: str
    url: str


@dataclass(frozen=True)
class Switch:
    """Something that can be turned off or degraded without a deploy, and how."""

    name: str
    how: str = ""
    url: str = ""


@dataclass(frozen=True)
class Setting:
    """Something that can be changed at run time, and how."""

    name: str
    how: str = ""
    url: str = ""


@dataclass(frozen=True)
class Way:
    """A way to wake somebody beside Slack: `env` names the variable that holds its address, tried `after` so long."""

    env: str
    after: timedelta = timedelta(0)


@dataclass(frozen=True)
class Person:
    """`slack` and `jira` are account ids, empty when they are to be found by `email`."""

    id: str
    name: str = ""
    email: str = ""
    slack: str = ""
    jira: str = ""
    timezone: str = ""
    notify: tuple[Way, ...] = ()

    @property
    def called(self) -> str:
        return self.name or self.id.replace("-", " ").replace("_", " ").title()


@dataclass(frozen=True)
class Step:
    """One step of an escalation: everyone in `targets` at once, then `wait` for an answer.

    A target is `oncall`, `next`, `team`, `channel`, `@person`, `team:<id>` or `fallback`.
    """

    targets: tuple[str, ...]
    wait: timedelta


@dataclass(frozen=True)
class Policy:
    """How incidents of some severities are paged. `escalation` and `repeat`: the team's own where empty and None.

    `hours` are windows in the written form of ONCALL.md §7, as JSON: outside them nobody is woken, and the first
    step waits for the next window. "" pages at any time.
    """

    severities: tuple[Severity, ...]
    escalation: tuple[Step, ...] = ()
    repeat: int | None = None
    hours: str = ""


@dataclass(frozen=True)
class Secondment:
    """A person who is in a team's rotation from `start` until `end`, local times of the team."""

    person: str
    start: str
    end: str


@dataclass(frozen=True)
class Team:
    """`calendar` is an iCal file or address that says who is on call; the layers answer where it is silent.

    `schedule` is the written form of ONCALL.md §7 as canonical JSON: it hashes, compares and is stored."""

    id: str
    name: str
    kind: TeamKind = TeamKind.DEV
    timezone: str = "UTC"
    channel: str = ""
    usergroup: str = ""
    jira_project: str = ""
    jira_components: tuple[str, ...] = ()
    jira_issue_type: str = ""
    lead: str = ""
    members: tuple[str, ...] = ()
    fallback: str = ""
    schedule: str = '{"tz": "UTC", "layers": []}'
    escalation: tuple[Step, ...] = ()
    repeat: int = 0
    policies: tuple[Policy, ...] = ()
    calendar: str = ""
    secondments: tuple[Secondment, ...] = ()
    topic: bool = False


@dataclass(frozen=True)
class Service:
    id: str
    team: str
    name: str = ""
    aliases: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    runbook: str = ""
    dashboards: tuple[Link, ...] = ()
    switches: tuple[Switch, ...] = ()
    jira_components: tuple[str, ...] = ()
    logs: tuple[Link, ...] = ()
    config: tuple[Setting, ...] = ()
    alerts: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Catalog:
    """Who owns what. `fallback_team` is the dev team that is paged when no owner is found."""

    people: Mapping[str, Person] = field(default_factory=dict)
    teams: Mapping[str, Team] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)
    fallback_team: str = ""


# ---- tables ----------------------------------------------------------------------------------


def _words(enum: type[StrEnum]) -> Any:
    # Values, not names, in a plain text column: a new word needs no migration on either database.
    return Enum(
        enum,
        native_enum=False,
        length=16,
        validate_strings=True,
        values_callable=lambda words: [word.value for word in words],
    )


MONITORING = "alert:"
"""Begins the reference of a source of alerts, such as `alert:grafana`: no catalog id and no Slack id holds a colon."""


UNCOUNTED = "private OR test"
"""The few incidents that are in no figure. A literal: the partial index serves only these very words."""


class Incident(SQLModel, table=True):
    """One incident. People are catalog ids, or a Slack id for somebody who is not in the catalog.

    `request_id` names what asked for it (trigger, event or view), so that a redelivery starts nothing.
    `private`: only those named in core.access see it, in every place. `test`: it counts in no figure. `follows` is the
    incident that this one goes on with. `cause` is one sentence of people's, `took` what stopping it took.
    `next_update_at` is when its people expect the next word (None: nobody waits for one). `channel_lost` says why its
    channel can't be used any more, "" while it can.
    `revision` counts recorded changes: what Slack shows is redrawn up to it. `run` counts the
    escalations begun (a new owner or a rise in severity begins another), `step` the steps fired in this one.
    """

    __table_args__ = (
        Index("ix_incident_team_declared_at", "team", "declared_at"),
        Index("ix_incident_uncounted", "id", sqlite_where=text(UNCOUNTED), postgresql_where=text(UNCOUNTED)),
    )

    id: int | None = Field(default=None, primary_key=True)
    request_id: str = Field(unique=True)
    title: str
    service: str = ""
    team: str
    why: str = ""
    severity: Severity = Field(sa_type=_words(Severity))
    status: Status = Field(default=Status.INVESTIGATING, sa_type=_words(Status))
    private: bool = False
    test: bool = False
    noticed: Noticed | None = Field(default=None, sa_type=_words(Noticed))
    declared_by: str
    declared_at: datetime = Field(index=True)
    acknowledged_at: datetime | None = None
    owner: str = ""
    mitigated_at: datetime | None = None
    mitigation_kind: Mitigation | None = Field(default=None, sa_type=_words(Mitigation))
    mitigation_text: str = ""
    took: Took | None = Field(default=None, sa_type=_words(Took))
    cause: str = ""
    resolved_at: datetime | None = None
    duplicate_of: int | None = None
    follows: int | None = None
    lead: str = ""
    comms: str = ""
    scribe: str = ""
    last_update: str = ""
    last_update_at: datetime | None = None
    next_update_at: datetime | None = None
    asked_in: str = ""
    channel_id: str = Field(default="", index=True)
    channel_name: str = ""
    channel_lost: str = ""
    archived_at: datetime | None = None
    headline_ts: str = ""
    announce_channel: str = ""
    announce_ts: str = ""
    revision: int = 0
    headline_revision: int = 0
    topic: str = ""
    announce_revision: int = 0
    run: int = 0
    step: int = 0
    catalog_id: int | None = Field(default=None, foreign_key="catalogversion.id")

    @property
    def key(self) -> str:
        return f"INC-{self.id}"

    @property
    def is_over(self) -> bool:
        return self.status in OVER

    @property
    def usable_channel(self) -> str:
        """Where things are said and shown; "" while there is no channel, or none that can be used."""
        return "" if self.channel_lost else self.channel_id

    @property
    def declarer(self) -> str:
        """The person who declared it; "" when monitoring did: nobody to invite or to tell."""
        return "" if self.declared_by.startswith(MONITORING) else self.declared_by


OWNER_MATTERS = "kind IN ('owner_changed', 'owner_unclear')"
"""The few lines of millions that say who was asked wrongly. A literal: the partial index serves only these very words."""


class Entry(SQLModel, table=True):
    """One line of a timeline: `kind` and `data` are an event of core.timeline.

    `at` is when it happened, `recorded_at` when we learnt of it. `source` names the Slack message or
    request it came from, so that a redelivery adds nothing. A withdrawn line stays, with who took it back and why.
    """

    __table_args__ = (
        UniqueConstraint("incident_id", "source"),
        Index(
            "ix_entry_owner",
            "at",
            "incident_id",
            sqlite_where=text(OWNER_MATTERS),
            postgresql_where=text(OWNER_MATTERS),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    incident_id: int = Field(foreign_key="incident.id", index=True)
    at: datetime
    recorded_at: datetime
    kind: str = Field(max_length=40)
    by: str = ""
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    source: str | None = None
    withdrawn: bool = False
    withdrawn_by: str = ""
    withdrawn_why: str = ""


class Spoke(SQLModel, table=True):
    """When somebody last said anything in an incident's channel, and how often: a sign of life, without the words."""

    incident_id: int = Field(primary_key=True, foreign_key="incident.id")
    slack_id: str = Field(primary_key=True, max_length=32)
    at: datetime
    times: int = 0


class Said(SQLModel, table=True):
    """A message in an incident's channel, as Slack told us of it: what is marked later is there whatever became of it.

    `author` is a Slack id, `text` what Slack sent, `files` what `flows.timelines.File` says of each. `edited` is the
    Slack time of its last edit, "" before the first. Rows that nobody marked are taken away after a while.
    """

    channel_id: str = Field(primary_key=True, max_length=32)
    ts: str = Field(primary_key=True, max_length=32)
    incident_id: int = Field(foreign_key="incident.id", index=True)
    author: str = ""
    text: str = ""
    files: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    edited: str = ""
    deleted: bool = False
    heard_at: datetime = Field(index=True)


class Page(SQLModel, table=True):
    """One person asked, once, to take an incident. `person` is a catalog id, a Slack id or `#channel`.

    `way` is how it first reached them: `slack`, or the kind of another way, such as `ntfy`.

    `number` counts an incident's pages from 1. `run` and `step` say which escalation asked; a page that a
    person asked for by hand has `by_hand`, and its answer does not stop the owner's escalation.
    """

    __table_args__ = (UniqueConstraint("incident_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    incident_id: int = Field(foreign_key="incident.id", index=True)
    number: int
    run: int
    step: int
    by_hand: bool = False
    person: str = Field(index=True)
    why: str = ""
    way: str = "slack"
    state: PageState = Field(default=PageState.WAITING, sa_type=_words(PageState))
    created_at: datetime
    sent_at: datetime | None = None
    answered_at: datetime | None = None
    answer: str = ""
    channel_id: str = ""
    ts: str = ""


class Admitted(SQLModel, table=True):
    """Somebody who was let into a private incident by name."""

    incident_id: int = Field(primary_key=True, foreign_key="incident.id")
    person: str = Field(primary_key=True, max_length=64)
    by: str
    at: datetime


class Subscription(SQLModel, table=True):
    """A Slack account that is told by direct message. `about` is `INC-12`, or the id of a team or a service."""

    about: str = Field(primary_key=True, max_length=64)
    slack_id: str = Field(primary_key=True, max_length=32)
    at: datetime


OPEN_ITEM = "state = 'open'"
_KIND_OF_ITEM = ("state", "team", "category", "suggested", "incident_id")


class Action(SQLModel, table=True):
    """One action item. `id` is random, so that its Jira label can never name another database's item.

    `problem` is why it could not be filed, in a sentence for people; empty when nothing is wrong. `evidence` is an
    excerpt with its secrets masked, `source` the message that it came from. `jira_status` is the issue's status in
    Jira's words at `jira_at`, its own time of that change. `closed_why` says why it won't be done, `later` until when
    its owner does not want to be asked about it. `reopened` counts how often it was open again. `jira_seen` is what the
    issue said when it was last looked at (core.issues): what differs from it was changed in Jira. `owner` may be what
    Jira calls somebody whom nobody here knows.
    """

    __table_args__ = (
        # All that a report asks of items, so that it need not look at each of them.
        Index(
            "ix_action_open",
            *("team", "category", "suggested", "created_at", "due", "incident_id"),
            sqlite_where=text(OPEN_ITEM),
            postgresql_where=text(OPEN_ITEM),
        ),
        Index("ix_action_filed", "created_at", *_KIND_OF_ITEM),
        Index("ix_action_team_filed", "team", "created_at"),
        Index("ix_action_closed", "closed_at", *_KIND_OF_ITEM),
        Index("ix_action_team_closed", "team", "closed_at"),
    )

    id: str = Field(primary_key=True, max_length=16)
    incident_id: int = Field(foreign_key="incident.id", index=True)
    title: str
    team: str
    category: str = ""
    category_kind: str = ""
    suggested: str = ""
    owner: str = ""
    due: date | None = None
    state: ActionState = Field(default=ActionState.OPEN, sa_type=_words(ActionState))
    created_by: str
    created_at: datetime
    closed_at: datetime | None = None
    jira: str | None = Field(default=None, index=True)
    jira_url: str = ""
    problem: str = ""
    evidence: str = ""
    source: str = ""
    closed_by: str = ""
    closed_why: str = ""
    jira_status: str = ""
    jira_at: datetime | None = None
    later: date | None = None
    reopened: int = 0
    jira_seen: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class CategoryChoice(SQLModel, table=True):
    """A person's word on the category of a text, which wins over every suggestion for the same text.

    `words` is the text as core.categories compares it.
    """

    words: str = Field(primary_key=True, max_length=300)
    text: str
    category: str
    kind: str = ""
    by: str
    at: datetime


class Look(SQLModel, table=True):
    """When something outside was last looked through, by our clock: the next look begins there."""

    what: str = Field(primary_key=True, max_length=40)
    at: datetime


class Postmortem(SQLModel, table=True):
    """Where an incident's postmortem stands. `sections`: what people wrote, by section; the rest is made from facts.

    `version` counts publications. `places`: where it was published, such as the address of a page, by kind of place.
    `reviews`: what each reviewer said, "" for whoever finds it good.
    """

    incident_id: int = Field(primary_key=True, foreign_key="incident.id")
    state: PostmortemState = Field(default=PostmortemState.DRAFT, sa_type=_words(PostmortemState))
    due: date | None = Field(default=None, index=True)
    author: str = ""
    reviewers: list[str] = Field(default_factory=list, sa_type=JSON)
    sections: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    lesson: str = ""
    version: int = 0
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None = Field(default=None, index=True)
    published_by: str = ""
    places: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    reviews: dict[str, str] = Field(default_factory=dict, sa_type=JSON)


class PostmortemVersion(SQLModel, table=True):
    """A postmortem as it was published; rows are only added."""

    __table_args__ = (UniqueConstraint("incident_id", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    incident_id: int = Field(foreign_key="incident.id", index=True)
    version: int
    at: datetime
    by: str
    markdown: str


class Debrief(SQLModel, table=True):
    """What was asked of people when an incident was over, of `person` in its channel and once again in private.

    `skipped` are questions that nobody wants to answer now, `messages` where they stand: channel id → Slack time.
    """

    incident_id: int = Field(primary_key=True, foreign_key="incident.id")
    resolved_at: datetime
    person: str = ""
    skipped: list[str] = Field(default_factory=list, sa_type=JSON)
    again: str = ""
    messages: dict[str, str] = Field(default_factory=dict, sa_type=JSON)


class Recurrence(SQLModel, table=True):
    """An earlier incident that may have been the same failure. `how`: alert, service, text or person; `because` in words.

    `channel_id` and `ts` are where people are asked about it, "" where they aren't. `held` is the item that had been done,
    and that was opened again because of this.
    """

    __table_args__ = (UniqueConstraint("incident_id", "earlier_id"),)

    id: int | None = Field(default=None, primary_key=True)
    incident_id: int = Field(foreign_key="incident.id", index=True)
    earlier_id: int = Field(foreign_key="incident.id", index=True)
    state: RecurrenceState = Field(default=RecurrenceState.SUGGESTED, sa_type=_words(RecurrenceState))
    how: str = Field(max_length=16)
    because: str = ""
    at: datetime
    by: str = ""
    decided_at: datetime | None = None
    channel_id: str = ""
    ts: str = ""
    held: str = ""


class SwitchUse(SQLModel, table=True):
    """A switch of a service that was pulled: in an incident, or in a drill where `incident_id` is None.

    `switch` is its name then: the catalog may call it otherwise by now, or know it no more.
    """

    id: int | None = Field(default=None, primary_key=True)
    service: str = Field(max_length=64, index=True)
    switch: str
    incident_id: int | None = Field(default=None, foreign_key="incident.id", index=True)
    by: str
    at: datetime
    helped: Helped = Field(default=Helped.UNKNOWN, sa_type=_words(Helped))
    text: str = ""


class Guidance(SQLModel, table=True):
    """One guide asked one question. `number` counts an incident's questions; those who are asked the same one share it.

    `person` is a catalog id, a Slack id or `#channel`, and becomes whoever comes. `minutes` is what the advice took
    the guide (None: not said). `channel_id` and `ts` are where the card stands.
    """

    id: int | None = Field(default=None, primary_key=True)
    incident_id: int = Field(foreign_key="incident.id", index=True)
    number: int
    team: str = Field(max_length=64, index=True)
    question: str
    asked_by: str
    asked_at: datetime
    person: str
    state: GuidanceState = Field(default=GuidanceState.ASKED, sa_type=_words(GuidanceState))
    came_at: datetime | None = None
    answer: str = ""
    ended_at: datetime | None = None
    minutes: int | None = None
    channel_id: str = ""
    ts: str = ""


class Alert(SQLModel, table=True):
    """One alert as its source knows it, and the incident that it fired in last.

    `began_at` and `ended_at` are what the source says (None: it doesn't); `fired_at` holds when we heard it fire,
    the last times only, and `times` counts them all. `flapping`: it comes and goes, and pages nobody meanwhile.
    `said`: its present state stands in the timeline.
    """

    __table_args__ = (
        UniqueConstraint("source", "fingerprint"),
        Index("ix_alert_incident_id_firing", "incident_id", "firing"),
    )

    id: int | None = Field(default=None, primary_key=True)
    source: str = Field(max_length=16)
    fingerprint: str = Field(max_length=128)
    incident_id: int = Field(foreign_key="incident.id")
    group: str = ""
    firing: bool = True
    flapping: bool = False
    said: bool = False
    times: int = 1
    fired_at: list[str] = Field(default_factory=list, sa_type=JSON)
    began_at: datetime | None = None
    ended_at: datetime | None = None
    first_at: datetime
    last_at: datetime
    resolved_at: datetime | None = None
    title: str
    text: str = ""
    labels: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    url: str = ""
    severity: Severity | None = Field(default=None, sa_type=_words(Severity))


class CatalogVersion(SQLModel, table=True):
    """The catalog as it was in force from `at` on: who owned what then stays answerable."""

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    digest: str = Field(max_length=64)
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class RotaVersion(SQLModel, table=True):
    """A team's schedule from `since` on. Rows that are in force are never changed: answers about the past stay.

    `written` is the form of ONCALL.md §7 with the shifts that let turns go on; `source` is the team's catalog
    entry that it came from, so that an edit is known as one.
    """

    __table_args__ = (UniqueConstraint("team", "since"),)

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=64)
    since: datetime
    written: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    source: str = ""
    created_at: datetime


class Cover(SQLModel, table=True):
    """A cover, a swap or a shadow turn for a team, in order of `id`. It counts while it is `agreed`.

    `person` stands in for `replaces` (for whoever it is, where that is ""); "" while a request for cover waits
    for somebody. `part_of` is the request that this one takes a part of. `announced` says where the request
    stands in Slack.
    """

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=64, index=True)
    kind: CoverKind = Field(sa_type=_words(CoverKind))
    state: CoverState = Field(sa_type=_words(CoverState))
    person: str = ""
    replaces: str = ""
    start: datetime
    end: datetime = Field(index=True)
    asked_by: str
    asked_at: datetime
    decided_by: str = ""
    decided_at: datetime | None = None
    part_of: int | None = None
    channel_id: str = ""
    ts: str = ""


class RotaEntry(SQLModel, table=True):
    """One line of a team's on-call record: an edit, a cover, an undoing, a handoff. Lines are only added."""

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=64, index=True)
    at: datetime
    by: str = ""
    text: str


class OnDuty(SQLModel, table=True):
    """Who answered for a team at the last look, since when, and whom the Slack user group was given."""

    team: str = Field(primary_key=True, max_length=64)
    people: list[str] = Field(default_factory=list, sa_type=JSON)
    since: datetime
    group: list[str] = Field(default_factory=list, sa_type=JSON)


class Feed(SQLModel, table=True):
    """A private link to a calendar: of `team`, or of `person` where that is set. Revoked, it answers nobody."""

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(default="", max_length=64)
    person: str = Field(default="", max_length=64)
    created_by: str
    created_at: datetime
    revoked_at: datetime | None = None


class Calendar(SQLModel, table=True):
    """What the last look at a team's calendar brought. `problem`: why the last good one still holds, "" when it is read."""

    team: str = Field(primary_key=True, max_length=64)
    source: str = ""
    etag: str = ""
    read_at: datetime | None = None
    tried_at: datetime
    problem: str = ""


class Account(SQLModel, table=True):
    """A Slack account that we know. `person` is its catalog id, empty for people outside the catalog.

    `gone_at`: when we learnt that it was deactivated.
    """

    slack_id: str = Field(primary_key=True, max_length=32)
    person: str = Field(default="", index=True)
    name: str = ""
    email: str = ""
    timezone: str = ""
    seen_at: datetime
    gone_at: datetime | None = None


class Installation(SQLModel, table=True):
    """Who we are in Slack, learnt once at start-up: nothing has to be asked before the first command."""

    team_id: str = Field(primary_key=True, max_length=32)
    bot_id: str = ""
    bot_user_id: str = ""
    url: str = ""
    seen_at: datetime


class Inbound(SQLModel, table=True):
    """What reached us and changed something, with what was answered: a redelivery gets the same answer."""

    request_id: str = Field(primary_key=True)
    received_at: datetime = Field(index=True)
    reply: str = ""


class Heartbeat(SQLModel, table=True):
    """A process that turns the engine, and when it last did: `web` tells from it whether anybody works."""

    process: str = Field(primary_key=True)
    seen_at: datetime


class JobState(StrEnum):
    READY = "ready"
    DONE = "done"
    DEAD = "dead"


# A literal, so that the partial indexes serve prepared statements too.
_READY = text("state = 'ready'")


class Job(SQLModel, table=True):
    """One effect asked of the world, committed with the change that asked for it: outbox and timer.

    `run_at` in the future makes it a timer. `key` is unique: asking twice is harmless. Jobs of one
    `lane` run one after another in order of `id`. `inflight` is set when it is started and cleared when
    its outcome is known; a later claim that finds it set has `uncertain`: it may have happened already.
    """

    __table_args__ = (
        Index("ix_job_due", "priority", "run_at", sqlite_where=_READY, postgresql_where=_READY),
        Index("ix_job_lane", "lane", "id", sqlite_where=_READY, postgresql_where=_READY),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=40)
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    key: str | None = Field(default=None, unique=True)
    lane: str | None = None
    buckets: list[str] = Field(default_factory=list, sa_type=JSON)
    priority: int = 5
    state: JobState = Field(default=JobState.READY, sa_type=_words(JobState))
    run_at: datetime
    created_at: datetime
    leased_until: datetime | None = None
    token: str | None = None
    attempts: int = 0
    inflight: bool = False
    uncertain: bool = False
    done_at: datetime | None = Field(default=None, index=True)
    result: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    error: str = ""


class Cron(SQLModel, table=True):
    """A line of the clock: `spec` in `zone`; `next_at` is when its job is asked for next."""

    name: str = Field(primary_key=True)
    spec: str
    zone: str = "UTC"
    next_at: datetime


class Throttle(SQLModel, table=True):
    """What may not be called before `until`: a Slack method or one channel, as the other side told us.

    `pause`: the seconds it asked for; while it recovers, calls are so far apart.
    """

    key: str = Field(primary_key=True)
    until: datetime
    pause: float = 1.0
