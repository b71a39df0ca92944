"""What monitoring sends → alerts: whether they fire, what they say, who owns them, how bad they are."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from bot.core import Refused, ownership
from bot.core.ownership import Found
from bot.core.words import shown
from bot.models import MONITORING, Catalog, Severity

MOST = 1_000
"""Alerts of one body that are looked at."""

TITLE = 200
TEXT = 3_000
LABELS = 64
LABEL_NAME = 100
LABEL_VALUE = 500
FINGERPRINT = 128
URL = 2_000
"""Characters, and labels of one alert, that are kept."""


class Source(StrEnum):
    """Who sends. `ALERTMANAGER` and `GRAFANA` are the webhooks of these products, `GENERIC` is anybody's script.

    https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
    https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
    """

    ALERTMANAGER = "alertmanager"
    GRAFANA = "grafana"
    GENERIC = "generic"


SENDERS: Mapping[str, str] = MappingProxyType(
    {
        f"{MONITORING}{source}": name
        for source, name in zip(Source, ("Alertmanager", "Grafana", "Monitoring"), strict=True)
    }
)
"""What people call who declared an incident that no person did."""


@dataclass(frozen=True)
class Alert:
    """One alert as its sender sees it, cut to size and without control characters.

    `fingerprint` is the sender's own where it gives one, never empty, and the same when the alert is resolved.
    `at` and `ends`: when it began and ended; None when the sender doesn't say. `url` is http(s), or "".
    """

    source: Source
    fingerprint: str
    firing: bool
    title: str
    text: str
    labels: Mapping[str, str]
    url: str
    at: datetime | None
    ends: datetime | None
    is_test: bool


@dataclass(frozen=True)
class Parsed:
    """The alerts of one body. `dropped`: so many more there were, here or at the sender; `wrong`: malformed ones.

    `silenced`: those that their sender holds back, and we with it.
    """

    alerts: tuple[Alert, ...]
    dropped: int = 0
    wrong: int = 0
    silenced: int = 0


def parse(source: str, body: object) -> Parsed:
    """The alerts of a body, as `json.loads` gave it.

    An alert without what decides (whether it fires, what it is called) is wrong and left out. What only adorns, such
    as a time or a link, is read as absent when it is malformed: nobody is to miss a page for it. Of too many alerts
    the firing ones are kept first. Raises Refused when nothing of the body can be read.
    """
    try:
        kind = Source(source)
    except ValueError:
        known = " or ".join(Source)
        raise Refused(f"“{shown(source)}” is no source of alerts; use {known}") from None
    entries, dropped = _entries(kind, body)
    if len(entries) > MOST:
        dropped += len(entries) - MOST
        entries = sorted(entries, key=lambda entry: _is_over(entry[1]))[:MOST]
    read = _generic if kind is Source.GENERIC else _labelled
    alerts: list[Alert] = []
    refused: list[Refused] = []
    silenced = 0
    for where, entry in entries:
        try:
            if _is_silenced(found := _object(where, entry)):
                silenced += 1
            else:
                alerts.append(read(kind, where, found))
        except Refused as wrong:
            refused.append(wrong)
    if refused and not alerts and not silenced:
        raise refused[0]
    return Parsed(tuple(alerts), dropped, len(refused), silenced)


# ---- the body ----------------------------------------------------------------------------------

_Entries = list[tuple[str, object]]
"""What each alert is called in a sentence, and the alert."""


def _entries(source: Source, body: object) -> tuple[_Entries, int]:
    """The alerts, and how many the sender left out."""
    if source is Source.GENERIC:
        if isinstance(body, list):
            return [(f"[{n}]", entry) for n, entry in enumerate(body)], 0
        if isinstance(body, dict):
            return [("", body)], 0
        raise _expected("The body", "an object or a list of objects", body)
    if not isinstance(body, dict):
        raise _expected("The body", "an object with a list `alerts`", body)
    alerts, cut = body.get("alerts"), body.get("truncatedAlerts")
    if not isinstance(alerts, list):
        raise _expected("`alerts`", "a list", alerts)
    dropped = cut if isinstance(cut, int) and 0 < cut < 10**9 else 0
    return [(f"alerts[{n}]", entry) for n, entry in enumerate(alerts)], dropped


def _object(where: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _expected(f"`{where}`", "an object", value)
    return value


def _expected(where: str, what: str, value: object) -> Refused:
    return Refused(f"{where} should be {what}, but is {_called(value)}")


def _called(value: object) -> str:
    match value:
        case None:
            return "missing"
        case bool():
            return "true or false"
        case dict():
            return "an object"
        case list():
            return "a list"
        case int() | float():
            return "a number"
        case "":
            return "empty"
        case str():
            return f"“{shown(value[:80])}”"
        case _:
            return "no JSON"


def _field(where: str, name: str) -> str:
    return f"`{where}.{name}`" if where else f"`{name}`"


# ---- Alertmanager and Grafana ------------------------------------------------------------------


def _labelled(source: Source, where: str, entry: dict[str, Any]) -> Alert:
    """Who an alert is, are its labels; what it says, its annotations."""
    status = entry.get("status")
    word = status.casefold() if isinstance(status, str) else ""
    if word not in ("firing", "resolved"):
        raise _expected(_field(where, "status"), "firing or resolved", status)
    given = entry.get("labels")
    if not isinstance(given, dict):
        raise _expected(_field(where, "labels"), "an object", given)
    labels = _labels(_field(where, "labels"), given)
    notes = entry.get("annotations")
    annotations = notes if isinstance(notes, dict) else {}
    text = _first(annotations, "description", "message")
    title = _line(_first(annotations, "summary", "title")) or _named(labels) or _first_line(text)
    title = title or _line(", ".join(f"{name}={value}" for name, value in labels.items()))
    if not title:
        raise Refused(f"`{where}` says nothing: give it a label `alertname` or an annotation `summary`")
    firing = word == "firing"
    return Alert(
        source=source,
        fingerprint=_fingerprint(entry.get("fingerprint"), source, given),
        firing=firing,
        title=title,
        text=_text(text, _runbook(annotations), _values(entry)),
        labels=labels,
        url=_url(entry, "panelURL", "dashboardURL", "generatorURL"),
        at=_moment(entry.get("startsAt")),
        # Of a firing alert it is when the sender will forget it, or zero.
        ends=None if firing else _moment(entry.get("endsAt")),
        # The button "Test" of a contact point sends this one.
        is_test=source is Source.GRAFANA
        and (labels.get("alertname"), labels.get("instance")) == ("TestAlert", "Grafana"),
    )


def _named(labels: Mapping[str, str]) -> str:
    """A name for an alert without a summary. `rulename` stands beside Grafana's own DatasourceError and -NoData."""
    name, rule, instance = (labels.get(key, "") for key in ("alertname", "rulename", "instance"))
    if not name:
        return ""
    return _line(name + (f": {rule}" if rule else "") + (f" on {instance}" if instance else ""))


def _runbook(annotations: Mapping[str, object]) -> str:
    url = _url(annotations, "runbook_url", "runbook")
    return f"Runbook: {url}" if url else ""


def _values(entry: Mapping[str, object]) -> str:
    """What Grafana measured: `values` by query, or in older versions a sentence of its own."""
    values = entry.get("values")
    if isinstance(values, dict) and values:
        measured = [(name, _scalar(value)) for name, value in values.items()]
        said = ", ".join(f"{name} = {value}" for name, value in measured[:20] if value)
    else:
        said = _first(entry, "valueString")
    return f"Values: {_line(said)}" if said.strip() else ""


# ---- anybody's script --------------------------------------------------------------------------

_OVER = {"resolved", "resolve", "ok", "okay", "recovered", "recovery", "closed", "cleared", "clear"}
_OVER |= {"normal", "healthy", "up", "success", "inactive"}


def _generic(source: Source, where: str, entry: dict[str, Any]) -> Alert:
    """One of anybody's words for each thing. A state that we don't know fires: noise is noticed, silence is not."""
    state = _first(entry, "status", "state")
    for name in ("status", "state"):
        if not state and entry.get(name) is not None and not isinstance(entry[name], str):
            raise _expected(_field(where, name), "firing or resolved", entry[name])
    given = entry.get("labels")
    if given is None:
        given = {}
    if not isinstance(given, dict):
        raise _expected(_field(where, "labels"), "an object", given)
    service, severity = _first(entry, "service", "app"), _first(entry, "severity")
    labels = _labels(
        _field(where, "labels"),
        given | ({"service": service} if service else {}) | ({"severity": severity} if severity else {}),
    )
    message = _first(entry, "message", "description", "text")
    name, over = _first(entry, "fingerprint", "id", "key"), _is_over(entry)
    title = _line(_first(entry, "title", "summary")) or _first_line(message)
    if not title and over:
        title = _line(name)  # whose name we know, its title we have
    if not title:
        said = next((entry[name] for name in ("title", "summary", "message") if name in entry), None)
        raise _expected(_field(where, "title"), "a text (or `summary` or `message`)", said)
    at = _moment(entry.get("at", entry.get("timestamp")))
    return Alert(
        source=source,
        fingerprint=_fingerprint(name, source, {"": title, " ": service} | given),
        firing=not over,
        title=title,
        text="" if _line(message) == title else _text(message),
        labels=labels,
        url=_url(entry, "url", "link"),
        at=None if over else at,
        ends=at if over else None,
        is_test=_first(entry, "test").casefold() in ("true", "yes", "1"),
    )


_HELD_BACK = {"suppressed", "silenced", "muted", "inhibited", "paused"}


def _is_silenced(entry: dict[str, Any]) -> bool:
    """Alertmanager and Grafana send none that is silenced; whoever forwards their lists of alerts does.

    There the state is an object.  https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
    """
    status = entry.get("status")
    of = status if isinstance(status, dict) else entry
    labels = entry.get("labels")
    said = labels if isinstance(labels, dict) else {}
    marked = (_first(said, name).strip().casefold() for name in ("silenced", "suppressed", "inhibited"))
    return _first(of, "status", "state").strip().casefold() in _HELD_BACK or "true" in marked


def _is_over(entry: object) -> bool:
    return isinstance(entry, dict) and _first(entry, "status", "state").strip().casefold() in _OVER


# ---- pieces ------------------------------------------------------------------------------------

# Control characters, halves of surrogate pairs, which no database takes, and what turns the direction of a line.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")


def _scalar(value: object) -> str | None:
    """A text, number or truth as text; None for everything else."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int():
            # Python refuses to write out numbers of thousands of digits.
            return str(value) if abs(value) < 2**128 else None
        case float():
            return f"{value:.10g}"
        case _:
            return None


def _first(entry: Mapping[str, object], *names: str) -> str:
    """The first of these fields that says something, or ""."""
    texts = (_scalar(entry.get(name)) for name in names)
    return next((text for text in texts if text and text.strip()), "")


def _clean(text: str, most: int) -> str:
    # Cut before anything is searched, so that a text of megabytes costs no more than a short one.
    text = _UNFIT.sub("", text.strip()[: 4 * most]).replace("\r\n", "\n").replace("\r", "\n").strip()
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _line(text: str) -> str:
    return _clean(" ".join(_clean(text, 4 * TITLE).split()), TITLE)


def _first_line(text: str) -> str:
    return _line(_clean(text, TEXT).partition("\n")[0])


def _text(text: str, *notes: str) -> str:
    """`text` and, whatever its length, the notes below it."""
    below = "\n".join(note for note in notes if note)[: TEXT // 2]
    said = _clean(text, TEXT - len(below) - 1)
    return f"{said}\n{below}".strip()


_USED_FIRST = frozenset(
    {"alertname", "rulename", "instance", "severity", "priority", "level", "team", "owner"}
)


def _labels(where: str, given: Mapping[str, object]) -> Mapping[str, str]:
    """Of too many labels those that we ask for. A label without a value is none, as in Prometheus."""
    wanted = _USED_FIRST | set(SERVICE_LABELS)
    kept: dict[str, str] = {}
    for name, value in sorted(given.items(), key=lambda item: label_name(item[0]) not in wanted):
        text = _scalar(value)
        if text is None and value is not None:
            raise _expected(f"{where[:-1]}.{shown(name[:80])}`", "a text", value)
        name, text = _clean(name, LABEL_NAME), _clean(text or "", LABEL_VALUE)
        if name and text and len(kept) < LABELS:
            kept[name] = text
    return MappingProxyType(kept)


def label_name(name: str) -> str:
    """`app.kubernetes.io/name` is `app_kubernetes_io_name` to Prometheus."""
    return re.sub(r"[^a-z0-9]+", "_", name[:LABEL_NAME].casefold())


def _fingerprint(given: object, source: Source, identity: Mapping[str, object]) -> str:
    own = _UNFIT.sub("", given).strip() if isinstance(given, str) else ""
    if own and len(own) <= FINGERPRINT:
        return own
    what = own or json.dumps([source, sorted(identity.items())])
    return hashlib.sha256(what.encode()).hexdigest()[:32]


def _url(entry: Mapping[str, object], *names: str) -> str:
    """The first of these fields that is a link; what would break out of a link in a message is quoted."""
    for name in names:
        url = entry.get(name)
        if isinstance(url, str) and re.match(r"https?://[^\s/]", url.strip()[:URL], re.IGNORECASE):
            quoted = re.sub(
                r"[\s<>|\"`]", lambda found: quote(found[0]), _UNFIT.sub("", url.strip()[: URL + 1])
            )
            if len(quoted) <= URL:
                return quoted
    return ""


def _moment(value: object) -> datetime | None:
    """A time as text or as seconds (or milliseconds and so on) since 1970; without a zone it is UTC.

    Go's zero time, the year 1, and anything else before 2000 is no time.
    """
    try:
        if isinstance(value, str) and value.isdecimal() and 9 <= len(value) <= 20:
            value = int(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            seconds = float(value)
            while 1e11 < seconds < 1e20:
                seconds /= 1000
            at = datetime.fromtimestamp(seconds, UTC)
        elif isinstance(value, str):
            at = datetime.fromisoformat(value.strip()[:40])
        else:
            return None
        if at.year < 2000:
            return None
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None


# ---- what an alert means to us -----------------------------------------------------------------

SERVICE_LABELS = (
    "service",
    "service_name",
    "app",
    "application",
    "app_kubernetes_io_name",
    "job",
    "namespace",
    "container",
    "deployment",
    "team",
    "owner",
)


def service_of(alert: Alert, catalog: Catalog, label_names: Sequence[str] = SERVICE_LABELS) -> Found:
    """The owner that a label names, else the one that title and text point to, or the fallback team.

    The first label in `label_names` that is a name in the catalog decides; when it names a team only, a later one may
    say which of its services. A label that merely contains a name, such as a job `prod/checkout`, is a guess.
    """
    said = _said(alert)
    labels = [(name, said[name]) for name in label_names if name in said]
    named = [
        replace(found, why=f"the label `{name}`: {found.why}")
        for name, value in labels
        if (found := ownership.named(value, catalog))
    ]
    if named:
        first = named[0]
        return (
            first if first.service else next((f for f in named if f.service and f.team == first.team), first)
        )
    found = ownership.find(f"{alert.title}\n{alert.text}", catalog)
    if found.fallback:
        names = [said[name] for name in ("alertname", "rulename") if name in said]
        guess = ownership.find("\n".join([*(value for _, value in labels), *names]), catalog)
        if not guess.fallback:
            return replace(guess, why=f"its labels: {guess.why}", certain=False)
        if labels:
            name, value = labels[0]
            unknown = f"the catalog knows no “{value}”, which the label `{name}` says"
            return replace(found, why=found.why.replace(ownership.UNNAMED, unknown))
    return found


_LEVELS = {
    Severity.SEV1: "critical crit fatal page p0 p1 sev0 sev1 emergency disaster",
    Severity.SEV2: "error major high p2 sev2",
    Severity.SEV3: "warning warn minor medium p3 sev3",
    Severity.SEV4: "info informational low notice p4 p5 sev4 sev5 none",
}
_SEVERITIES = {word: severity for severity, words in _LEVELS.items() for word in words.split()}


def severity_of(alert: Alert) -> Severity | None:
    """How bad the alert says it is; None when it doesn't, or in words that we don't know."""
    said = _said(alert)
    for name in ("severity", "priority", "level"):
        word = re.sub(r"[^a-z0-9]", "", said.get(name, "").casefold())
        if word in _SEVERITIES:
            return _SEVERITIES[word]
    return None


def group_of(found: Found, alert: Alert) -> str:
    """What is one incident: all that a service, or else its team, has firing. A test joins no real one."""
    group = f"service:{found.service}" if found.service else f"team:{found.team}"
    return f"test:{group}" if alert.is_test else group


def _said(alert: Alert) -> dict[str, str]:
    said: dict[str, str] = {}
    for name, value in alert.labels.items():
        said.setdefault(label_name(name), value)
    return said
