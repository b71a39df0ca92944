"""The shape of the files: which tables and keys there are, and what each may hold."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field

from bot.config.reading import Shape, meant, plain, quoted
from bot.core.access import Who
from bot.core.oncall import Schedule

_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
LONGEST = timedelta(days=366)


def duration(value: object) -> timedelta:
    """`90s`, `5m`, `2h`, `1d`, `2w`."""
    found = re.fullmatch(r"([0-9]{1,9})([smhdw])", value.strip()) if isinstance(value, str) else None
    if not found or int(found[1]) == 0:
        raise ValueError(f"{quoted(value)} is not a length of time; write for example 90s, 5m, 2h, 1d or 2w")
    if int(found[1]) > LONGEST / _UNITS[found[2]]:
        raise ValueError(f"{quoted(value)} is more than a year; write a shorter time")
    return int(found[1]) * _UNITS[found[2]]


def _or_never(value: object) -> timedelta | None:
    return None if value == "never" else duration(value)


def _or_now(value: object) -> timedelta:
    return timedelta(0) if value in ("0s", "0m", "now") else duration(value)


def _local(value: object) -> str:
    """A local date, or date and time, of the team's zone; TOML's own dates too."""
    if isinstance(value, date):
        value = value.isoformat()
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        raise ValueError(f"{quoted(value)} is not a local date and time; write for example 2026-12-01T09:00")
    return found.isoformat(timespec="minutes")


def _way(value: object) -> object:
    """`"env:NAME"` is short for a way that is tried at once."""
    return {"to": _kept_in_environment(value)} if isinstance(value, str) else value


def _hours(value: list[dict[str, Any]]) -> list[dict[str, Any]]:
    layer = {
        "rotation": {"kind": "daily", "length": 1, "handoff": "00:00", "start": "2026-01-01T00:00"},
        "participants": ["a"],
        "restrictions": [plain(row) for row in value],
    }
    try:
        Schedule.parse({"tz": "UTC", "layers": [layer]})
    except ValueError as error:
        raise ValueError(
            f"{str(error).replace('layers[0].restrictions', '')}; write for example "
            '{ days = ["mon", "tue", "wed", "thu", "fri"], from = "09:00", to = "17:00" }'
        ) from None
    return [plain(row) for row in value]


def _calendar(value: str) -> str:
    if re.match(r"(https?|webcal)://", value):
        return value if value.startswith("webcal://") else _url(value)
    if not value.endswith(".ics"):
        raise ValueError(f"{quoted(value)} is no calendar; write a file that ends in .ics, or an address")
    return value


def _emoji(value: str) -> str:
    name = value.strip().strip(":").lower()
    if not re.fullmatch(r"[a-z0-9_'+-]{1,100}", name):
        raise ValueError(f"{quoted(value)} is not the name of an emoji; write for example pushpin")
    return name


def _who(value: str) -> str:
    if value not in set(Who):
        near = meant(value, set(Who)) or f"; write one of {', '.join(Who)}"
        raise ValueError(f"{quoted(value)} is nobody whom a right can name{near}")
    return value


def _zone(value: str) -> str:
    try:
        return ZoneInfo(value).key
    except (KeyError, ValueError, OSError):
        near = meant(value, available_timezones()) or "; write one such as Europe/London or UTC"
        raise ValueError(f"{quoted(value)} is not a time zone{near}") from None


def _url(value: str) -> str:
    try:
        parts = urlsplit(value)
        fine = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        fine = False
    if not fine or re.search(r"\s", value):
        raise ValueError(f"{quoted(value)} is not a web address; write one that begins with https://")
    if parts.username or parts.password:
        raise ValueError("the address holds a user or a password; they come from the environment")
    return value


def _id(value: str) -> str:
    if not re.fullmatch(r"[^\W_][\w.-]{0,63}", value) or value != value.lower():
        raise ValueError(
            f"{quoted(value)} can't be an id; use up to 64 lower-case letters, digits, '-', '_' and '.', "
            "beginning with a letter or digit"
        )
    if re.fullmatch(r"sev\d", value):
        raise ValueError(f"{quoted(value)} can't be an id: people type it for a severity; choose another")
    return value


def _channel(value: str) -> str:
    name = value.removeprefix("#").strip()
    if not re.fullmatch(r"[^\s#@:,./A-Z]{1,80}|[CG][A-Z0-9]{5,}", name):
        raise ValueError(
            f"{quoted(value)} is not a channel; write its name in lower case, such as team-payments"
        )
    return name


def _usergroup(value: str) -> str:
    name = value.removeprefix("@").strip()
    if not re.fullmatch(r"\S{1,80}", name):
        raise ValueError(f"{quoted(value)} is not a user group; write its handle, such as payments-oncall")
    return name


def _email(value: str) -> str:
    if not re.fullmatch(r"[^\s@]+@[^\s@]+", value):
        raise ValueError(f"{quoted(value)} is not an e-mail address")
    return value


def _account(value: str) -> str:
    if not re.fullmatch(r"[UW][A-Z0-9]{2,}", value):
        raise ValueError(
            f"{quoted(value)} is not a Slack member id such as U012AB3CD; copy it from their profile"
        )
    return value


def _project(value: str) -> str:
    if not re.fullmatch(r"[A-Z][A-Z0-9_]{1,254}", value):
        raise ValueError(f"{quoted(value)} is not a Jira project key such as PAY: capitals and digits")
    return value


def _levels(value: object) -> object:
    """Security levels by project; "" stands for every project that is not named."""
    by_project = {"": value} if isinstance(value, str) else value
    if not isinstance(by_project, dict) or not all(
        isinstance(level, str) and level.strip() for level in by_project.values()
    ):
        raise ValueError(
            f'{quoted(value)} names no security level; write "Security", or {{ PAY = "Security" }} for each project'
        )
    return by_project


def _space(value: str) -> str:
    if not re.fullmatch(r"~?[A-Za-z0-9_.-]{1,255}", value):
        raise ValueError(f"{quoted(value)} is not the key of a Confluence space, such as OPS")
    return value


def _page_id(value: str) -> str:
    if not re.fullmatch(r"[0-9]{1,20}", value):
        raise ValueError(f"{quoted(value)} is not the number of a page; copy it from the page's address")
    return value


def _poll(value: timedelta | None) -> timedelta | None:
    minutes = value / timedelta(minutes=1) if value is not None else 1
    if minutes not in {1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60}:
        raise ValueError('must divide an hour, or be "never"; write one such as 1m, 5m, 15m or 1h')
    return value


def _kept_in_environment(value: str) -> str:
    if not re.fullmatch(r"env:[A-Za-z_][A-Za-z0-9_]*", value):
        raise ValueError(
            "notification addresses are secrets; put this one into an environment variable and write env:ITS_NAME"
        )
    return value


def database_url(value: str) -> str:
    plain = re.sub(r"^postgres(?:ql)?(?:\+\w+)?://", "postgresql://", value)
    if not plain.startswith(("sqlite:///", "postgresql://")):
        raise ValueError(
            "is not a database we know; write sqlite:///writeback.db or postgresql://user@host/name"
        )
    return plain


def _pattern(value: str) -> str:
    """A gitignore-like glob that can match something."""
    from pathspec import GitIgnoreSpec

    try:
        useful = any(p.include is not None for p in GitIgnoreSpec.from_lines([value]).patterns)
    except (ValueError, re.error):
        useful = False
    if not useful:
        raise ValueError(f"{quoted(value)} matches nothing; write a path such as services/checkout/**")
    return value


def _alias(value: str) -> str:
    if not re.search(r"[^\W_]", value) or len(value) > 80:
        raise ValueError(
            f"{quoted(value)} can't be an alias; use up to 80 characters, with a letter or digit"
        )
    return " ".join(value.split())


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty; write something, or leave the key out")
    return value.strip()


Text = Annotated[str, AfterValidator(_text)]
Id = Annotated[str, AfterValidator(_id)]
Url = Annotated[str, AfterValidator(_url)]
Zone = Annotated[str, AfterValidator(_zone)]
Channel = Annotated[str, AfterValidator(_channel)]
Length = Annotated[timedelta, BeforeValidator(duration)]
LengthOrNever = Annotated[timedelta | None, BeforeValidator(_or_never)]
LengthOrNow = Annotated[timedelta, BeforeValidator(_or_now)]


class SlackShape(Shape):
    api_url: Url | None = None
    announce_channel: Channel | None = None
    digest_channel: Channel | None = None


class DatabaseShape(Shape):
    url: Annotated[str, AfterValidator(database_url)] | None = None


class JiraShape(Shape):
    url: Url | None = None
    api: Literal["cloud", "server"] = "cloud"
    issue_type: Text = "Task"
    private_level: Annotated[dict[str, Any], BeforeValidator(_levels)] = Field(default={})
    poll: Annotated[LengthOrNever, AfterValidator(_poll)] = timedelta(minutes=5)
    fields: dict[str, dict[str, Any]] = Field(default={})


class WebShape(Shape):
    base_url: Url | None = None
    host: Text | None = None
    port: Annotated[int, Field(ge=0, le=65535)] | None = None


class StepShape(Shape):
    targets: Annotated[list[Text], Field(min_length=1)]
    wait: Length | None = None


class PolicyShape(Shape):
    severities: Annotated[list[Literal["sev1", "sev2", "sev3", "sev4"]], Field(min_length=1)]
    escalation: Annotated[list[StepShape], Field(min_length=1)] | None = None
    repeat: Annotated[int, Field(ge=0, le=20)] | None = None
    hours: Annotated[list[dict[str, Any]], AfterValidator(_hours)] = Field(default=[])


class PagingShape(Shape):
    ack_timeout: Length = timedelta(minutes=5)
    repeat: Annotated[int, Field(ge=0, le=20)] = 2
    fallback_team: str = ""
    policies: list[PolicyShape] = Field(default=[])
    ack_lapse: LengthOrNever = timedelta(hours=1)
    handoff_notice: LengthOrNever = timedelta(days=1)


class UpdatesShape(Shape):
    sev1: LengthOrNever = timedelta(minutes=30)
    sev2: LengthOrNever = timedelta(hours=1)
    sev3: LengthOrNever = timedelta(hours=4)
    sev4: LengthOrNever = None
    archive_after: LengthOrNever = timedelta(days=7)


class IncidentsShape(Shape):
    reopen_within: Length = timedelta(days=1)


class AlertsShape(Shape):
    labels: Annotated[list[Text], Field(min_length=1)] | None = None
    regroup: Length = timedelta(minutes=30)
    flaps: Annotated[int, Field(ge=2, le=20)] = 4


class ReactionsShape(Shape):
    timeline: Annotated[str, AfterValidator(_emoji)] = "pushpin"
    useless: Annotated[str, AfterValidator(_emoji)] = "mute"
    missing: Annotated[str, AfterValidator(_emoji)] = "hole"


Whom = Annotated[str, AfterValidator(_who)]


class RightsShape(Shape):
    admins: list[str] = Field(default=[])
    cancel: list[Whom] | None = None
    private: list[Whom] | None = None
    service: list[Whom] | None = None
    timeline: list[Whom] | None = None
    postmortem: list[Whom] | None = None


class PostmortemsShape(Shape):
    due: dict[Literal["sev1", "sev2", "sev3", "sev4"], LengthOrNever] = Field(default={})


class ConfluenceShape(Shape):
    url: Url | None = None
    api: Literal["cloud", "server"] = "cloud"
    space: Annotated[str, AfterValidator(_space)] = ""
    parent: Annotated[str, AfterValidator(_page_id)] = ""


class SeverityShape(Shape):
    id: Literal["sev1", "sev2", "sev3", "sev4"]
    means: Text


class CategoryShape(Shape):
    id: Id
    label: Text | None = None
    means: Text | None = None
    question: Text | None = None
    phrases: list[Text] = Field(default=[])
    without: list[Text] = Field(default=[])
    kinds: dict[Id, list[Text]] = Field(default={})


class WayShape(Shape):
    to: Annotated[str, AfterValidator(_kept_in_environment)]
    after: LengthOrNow = timedelta(0)


class PersonShape(Shape):
    id: Id
    name: Text = ""
    email: Annotated[str, AfterValidator(_email)] = ""
    slack: Annotated[str, AfterValidator(_account)] = ""
    jira: Text = ""
    timezone: Zone = ""
    notify: list[Annotated[WayShape, BeforeValidator(_way)]] = Field(default=[])


class SecondmentShape(Shape):
    person: str
    start: Annotated[str, BeforeValidator(_local)]
    end: Annotated[str, BeforeValidator(_local)]


class TeamShape(Shape):
    id: Id
    name: Text = ""
    kind: Literal["dev", "guide"] = "dev"
    timezone: Zone = "UTC"
    channel: Channel = ""
    usergroup: Annotated[str, AfterValidator(_usergroup)] = ""
    jira_project: Annotated[str, AfterValidator(_project)] = ""
    jira_components: list[Text] = Field(default=[])
    jira_issue_type: Text = ""
    lead: str = ""
    members: list[str] | None = None
    fallback: str = ""
    layers: list[dict[str, Any]] = Field(default=[])
    escalation: Annotated[list[StepShape], Field(min_length=1)] | None = None
    repeat: Annotated[int, Field(ge=0, le=20)] | None = None
    policies: list[PolicyShape] = Field(default=[])
    calendar: Annotated[str, AfterValidator(_calendar)] = ""
    secondments: list[SecondmentShape] = Field(default=[])
    topic: bool = False


class LinkShape(Shape):
    name: Text
    url: Url


class SwitchShape(Shape):
    name: Text
    how: Text = ""
    url: Url = ""


class SettingShape(Shape):
    name: Text
    how: Text = ""
    url: Url = ""


class ServiceShape(Shape):
    id: Id
    team: str
    name: Text = ""
    aliases: list[Annotated[str, AfterValidator(_alias)]] = Field(default=[])
    paths: list[Annotated[str, AfterValidator(_pattern)]] = Field(default=[])
    runbook: Url = ""
    dashboards: list[LinkShape] = Field(default=[])
    switches: list[SwitchShape] = Field(default=[])
    logs: list[LinkShape] = Field(default=[])
    config: list[SettingShape] = Field(default=[])
    alerts: list[LinkShape] = Field(default=[])
    jira_components: list[Text] = Field(default=[])


SECTIONS: Mapping[str, type[Shape]] = {
    "slack": SlackShape,
    "database": DatabaseShape,
    "jira": JiraShape,
    "web": WebShape,
    "paging": PagingShape,
    "updates": UpdatesShape,
    "incidents": IncidentsShape,
    "alerts": AlertsShape,
    "reactions": ReactionsShape,
    "rights": RightsShape,
    "postmortems": PostmortemsShape,
    "confluence": ConfluenceShape,
}
LISTS: Mapping[str, type[Shape]] = {
    "severity": SeverityShape,
    "category": CategoryShape,
    "person": PersonShape,
    "team": TeamShape,
    "service": ServiceShape,
}
IN_CATALOG_FILES = ("person", "team", "service")
