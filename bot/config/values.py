"""What the configuration says, as frozen values: built whole by `load`, read by everyone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Literal

from bot.core.access import USUAL
from bot.core.access import Rights as May
from bot.core.alerts import SERVICE_LABELS
from bot.core.cadence import USUAL as USUAL_CADENCE
from bot.core.cadence import Cadence
from bot.core.categories import CATEGORIES, Category
from bot.models import Catalog, Severity


class Secret:
    """A value from the environment that no log, repr or error can show; false when it is not set."""

    __slots__ = ("_value",)

    def __init__(self, value: str = "") -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself, "" when it is not set: for the one call that needs it."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "Secret(set)" if self else "Secret(not set)"


UNSET = Secret()


class ConfigError(Exception):
    """Why nothing starts: every mistake, each one a sentence with its place and its fix."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


MEANINGS: Mapping[Severity, str] = MappingProxyType(
    {
        Severity.SEV1: "Customers can't use the product, or data is being lost: everything else stops.",
        Severity.SEV2: "Something that matters is broken for many customers, and nothing gets round it.",
        Severity.SEV3: "Something is broken for some, or slow for all; there is a way round it.",
        Severity.SEV4: "A blemish or a near miss: nobody has to get up for it.",
    }
)


@dataclass(frozen=True)
class Slack:
    """`api_url` ends in a slash. Channels are names without `#`; "" means that nothing is posted there."""

    api_url: str = "https://slack.com/api/"
    announce_channel: str = ""
    digest_channel: str = ""
    bot_token: Secret = UNSET
    signing_secret: Secret = UNSET
    app_token: Secret = UNSET


@dataclass(frozen=True)
class Database:
    """`url` begins with `sqlite:///` or `postgresql://` and may hold a password, so it is never shown."""

    url: str = field(default="sqlite:///writeback.db", repr=False)


@dataclass(frozen=True)
class Jira:
    """`url` is "" where there is no Jira. `fields`: by project key, what every new issue there needs besides.

    `private_levels`: by project key ("" for all others) the security level of private incidents' issues.
    `poll` is how often we look for changes that no webhook told of; None: never.
    """

    url: str = ""
    api: Literal["cloud", "server"] = "cloud"
    issue_type: str = "Task"
    poll: timedelta | None = timedelta(minutes=5)
    fields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    private_levels: Mapping[str, str] = field(default_factory=dict)
    user: str = ""
    token: Secret = UNSET
    webhook_secret: Secret = UNSET

    def private_level(self, project: str) -> str:
        """The security level of a private incident's issues in `project`; "": nothing of it is filed there."""
        return self.private_levels.get(project) or self.private_levels.get("", "")


@dataclass(frozen=True)
class Web:
    """`base_url` is how people reach us, without a slash at the end; `host` and `port` are where we listen."""

    base_url: str = "http://localhost:3000"
    host: str = "127.0.0.1"
    port: int = 3000
    secret: Secret = UNSET
    alert_token: Secret = UNSET


@dataclass(frozen=True)
class Paging:
    """`ack_timeout` is how long a page waits for an answer; `repeat` how many rounds follow the first.

    `ack_lapse`: after so long without a sign of life whoever has an incident is asked (None: never).
    `handoff_notice`: how long before a turn its people are told (None: only when it begins).
    """

    ack_timeout: timedelta = timedelta(minutes=5)
    repeat: int = 2
    ack_lapse: timedelta | None = timedelta(hours=1)
    handoff_notice: timedelta | None = timedelta(days=1)


@dataclass(frozen=True)
class Updates:
    """`cadence`: how often people are told, by severity. `archive_after`: a quiet channel is archived then (None: never)."""

    cadence: Cadence = field(default_factory=lambda: USUAL_CADENCE)
    archive_after: timedelta | None = timedelta(days=7)


@dataclass(frozen=True)
class Incidents:
    """What ended longer ago than `reopen_within` goes on as a new incident."""

    reopen_within: timedelta = timedelta(days=1)


@dataclass(frozen=True)
class Alerts:
    """`labels`: those that name the service, the first one decides.

    `regroup`: an alert that fires again so soon after its incident ended opens that one again. `flaps`: one that
    fires so often within that time pages nobody until it keeps still.
    """

    labels: tuple[str, ...] = SERVICE_LABELS
    regroup: timedelta = timedelta(minutes=30)
    flaps: int = 4


@dataclass(frozen=True)
class Reactions:
    """Names of emoji: what takes a message into the timeline, and what marks useless or missing logs and metrics."""

    timeline: str = "pushpin"
    useless: str = "mute"
    missing: str = "hole"


DUE: Mapping[Severity, timedelta] = MappingProxyType(
    {Severity.SEV1: timedelta(days=5), Severity.SEV2: timedelta(days=10)}
)


@dataclass(frozen=True)
class Postmortems:
    """How long after its end an incident's postmortem is due, by severity; what is not named has one when asked for."""

    due: Mapping[Severity, timedelta] = field(default_factory=lambda: DUE)


@dataclass(frozen=True)
class Confluence:
    """`url` is "" where there is none. `parent` is the number of the page under which new ones stand, "" for none."""

    url: str = ""
    api: Literal["cloud", "server"] = "cloud"
    space: str = ""
    parent: str = ""
    user: str = ""
    token: Secret = UNSET


@dataclass(frozen=True)
class Rights:
    """`admins` are catalog ids; `may` says for each act who may do it."""

    admins: tuple[str, ...] = ()
    may: May = field(default_factory=lambda: USUAL)


@dataclass(frozen=True)
class Config:
    """Everything that was configured. `notify`: notification URLs by the name of their environment variable."""

    slack: Slack = Slack()
    database: Database = Database()
    jira: Jira = Jira()
    web: Web = Web()
    paging: Paging = Paging()
    updates: Updates = field(default_factory=Updates)
    incidents: Incidents = Incidents()
    alerts: Alerts = Alerts()
    reactions: Reactions = Reactions()
    rights: Rights = field(default_factory=Rights)
    postmortems: Postmortems = field(default_factory=Postmortems)
    confluence: Confluence = Confluence()
    severities: Mapping[Severity, str] = field(default_factory=lambda: MEANINGS)
    categories: tuple[Category, ...] = CATEGORIES
    catalog: Catalog = field(default_factory=Catalog)
    notify: Mapping[str, Secret] = field(default_factory=dict)
