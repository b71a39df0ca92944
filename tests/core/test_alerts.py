"""What monitoring sends, and what we make of it."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import Refused
from bot.core.alerts import LABELS, MOST, TEXT, TITLE, Alert, Parsed, group_of, parse, service_of, severity_of
from bot.core.ownership import Found
from bot.models import Catalog, Service, Severity, Team, TeamKind

SENT = Path(__file__).parent / "alerts"


def sent(name: str) -> Any:
    return json.loads((SENT / f"{name}.json").read_text())


def alertmanager(*entries: object, **more: object) -> dict[str, object]:
    return {"version": "4", "alerts": list(entries), **more}


def entry(**differs: object) -> dict[str, object]:
    return {"status": "firing", "labels": {"alertname": "DiskFull"}, **differs}


def one(source: str, body: object) -> Alert:
    parsed = parse(source, body)
    assert (parsed.dropped, parsed.wrong) == (0, 0)
    (alert,) = parsed.alerts
    return alert


# ---- Alertmanager ------------------------------------------------------------------------------


def test_alertmanager_says_what_fires_and_what_is_over_in_one_body() -> None:
    firing, over = parse("alertmanager", sent("alertmanager")).alerts
    assert firing == Alert(
        source=firing.source,
        fingerprint="b1f0f4a8c3d27e90",
        firing=True,
        title="9 % of the payments fail",
        text="More than 5 % of the requests of the last 5 minutes were answered with 5xx.\n"
        "Since the deploy of 11:40?\n"
        "Runbook: https://wiki.acme.example/runbooks/error-rate",
        labels={
            "alertname": "ErrorRateHigh",
            "cluster": "eu-1",
            "instance": "10.2.0.7:8080",
            "job": "checkout",
            "severity": "critical",
        },
        url="http://prometheus.acme.example:9090/graph?g0.expr=rate%28errors%5B5m%5D%29+%3E+0.05&g0.tab=1",
        at=datetime(2026, 11, 24, 9, 58, 26, 739266, UTC),
        ends=None,
        is_test=False,
    )
    assert (over.firing, over.title) == (False, "InstanceDown on 10.2.0.9:8080")
    assert over.ends == datetime(2026, 11, 24, 9, 55, 30, 500000, UTC)


def test_what_the_sender_left_out_is_counted() -> None:
    assert parse("alertmanager", sent("alertmanager")).dropped == 12


@pytest.mark.parametrize("count", [None, "12", -1, 1.5, [], 10**30])
def test_a_count_that_is_none_is_not_counted(count: object) -> None:
    assert parse("alertmanager", alertmanager(entry(), truncatedAlerts=count)).dropped == 0


def test_a_firing_alert_has_not_ended_although_the_sender_says_when_it_will_forget_it() -> None:
    assert one("alertmanager", alertmanager(entry(endsAt="2026-11-24T12:04:00Z"))).ends is None


def test_no_alerts_are_no_mistake() -> None:
    assert parse("alertmanager", alertmanager()) == Parsed(())
    assert parse("generic", []) == Parsed(())


@pytest.mark.parametrize(
    ("labels", "annotations", "title"),
    [
        ({"alertname": "A"}, {"summary": "It burns", "title": "no"}, "It burns"),
        ({"alertname": "A"}, {"summary": " ", "title": "It burns"}, "It burns"),
        ({"alertname": "A"}, {"description": "It burns"}, "A"),
        ({"alertname": "A", "instance": "web-1"}, {}, "A on web-1"),
        ({"job": "web"}, {"message": "It burns\nbadly"}, "It burns"),
        ({"job": "web", "zone": "b"}, None, "job=web, zone=b"),
        ({"alertname": "A"}, {"summary": "two\n lines\u2028three"}, "two lines three"),
        ({"alertname": "A"}, {"summary": ["no", "text"]}, "A"),
    ],
)
def test_an_alert_is_called_by_what_says_most(
    labels: dict[str, str], annotations: object, title: str
) -> None:
    assert one("alertmanager", alertmanager(entry(labels=labels, annotations=annotations))).title == title


# ---- Grafana -----------------------------------------------------------------------------------


def test_grafana_gives_the_panel_and_what_it_measured() -> None:
    alert, over = parse("grafana", sent("grafana")).alerts
    assert (alert.title, alert.fingerprint, alert.firing) == ("Queue is long", "c6eadffa33fcdf37", True)
    assert alert.text == "Documents wait to be indexed.\nValues: B = 44.23943738, C = 1"
    assert alert.url == "https://grafana.acme.example/d/queues?orgId=1&viewPanel=4"
    assert alert.at == datetime(2026, 11, 24, 10, 20, tzinfo=UTC)
    assert not alert.is_test
    assert (over.title, over.firing) == ("DatasourceNoData: Crawler lag", False)
    assert over.text == "Values: [ var='A' labels={} value=3 ]"
    assert over.url == "https://grafana.acme.example/alerting/grafana/lag/view?orgId=1"


def test_the_test_button_of_a_contact_point_is_known_and_only_there() -> None:
    alert = one("grafana", sent("grafana_test"))
    assert (alert.is_test, alert.title, alert.url) == (True, "Notification test", "")
    assert not one("alertmanager", sent("grafana_test")).is_test


# ---- anybody's script ----------------------------------------------------------------------------


def test_what_is_over_needs_its_id_alone() -> None:
    alert = one("generic", {"id": "backup-ledger", "status": "resolved"})
    assert (alert.fingerprint, alert.firing, alert.title) == ("backup-ledger", False, "backup-ledger")


def test_a_script_says_it_in_its_own_words() -> None:
    alert = one(
        "generic",
        {
            "summary": "Backup failed",
            "message": "rsync: connection refused",
            "app": "ledger",
            "severity": "high",
            "state": "alert",
            "id": 4711,
            "link": "https://ci.acme.example/4711",
            "labels": {"host": "db-2", "tries": 3, "final": True, "note": None},
            "timestamp": 1795521600,
            "test": True,
        },
    )
    assert alert == Alert(
        source=alert.source,
        fingerprint="4711",
        firing=True,
        title="Backup failed",
        text="rsync: connection refused",
        labels={"service": "ledger", "severity": "high", "host": "db-2", "tries": "3", "final": "true"},
        url="https://ci.acme.example/4711",
        at=datetime(2026, 11, 24, 12, 0, tzinfo=UTC),
        ends=None,
        is_test=True,
    )


def test_a_title_is_enough() -> None:
    alert = one("generic", {"title": "It burns"})
    assert alert.firing
    assert alert.fingerprint
    assert (alert.text, alert.labels, alert.url, alert.at, alert.is_test) == ("", {}, "", None, False)


def test_the_first_line_of_a_message_is_the_title() -> None:
    alert = one("generic", {"message": "\x00It burns\nbadly"})
    assert (alert.title, alert.text) == ("It burns", "It burns\nbadly")
    assert one("generic", {"message": "It burns"}).text == ""


def test_a_script_may_send_several() -> None:
    parsed = parse("generic", [{"title": "a"}, {"title": "b", "status": "ok", "at": "2026-11-24 12:00"}])
    assert [alert.firing for alert in parsed.alerts] == [True, False]
    assert parsed.alerts[1].at is None
    assert parsed.alerts[1].ends == datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("word", "firing"),
    [
        ("firing", True),
        ("ALERT", True),
        ("triggered", True),
        ("DOWN", True),
        ("a word that nobody knows", True),
        ("", True),
        (None, True),
        ("resolved", False),
        (" Resolved ", False),
        ("OK", False),
        ("up", False),
        ("recovered", False),
    ],
)
@pytest.mark.parametrize("name", ["status", "state"])
def test_a_state_that_is_not_plainly_good_fires(name: str, word: object, firing: bool) -> None:
    assert one("generic", {"title": "x", name: word}).firing is firing


@pytest.mark.parametrize(
    ("test", "is_test"),
    [(True, True), ("true", True), (1, True), (False, False), ("no", False), (None, False), ({}, False)],
)
def test_a_script_says_that_it_is_only_a_test(test: object, is_test: bool) -> None:
    assert one("generic", {"title": "x", "test": test}).is_test is is_test


# ---- fingerprints ------------------------------------------------------------------------------


def test_without_a_fingerprint_the_labels_are_one_in_any_order_firing_or_not() -> None:
    labels = {"alertname": "DiskFull", "instance": "web-1"}
    backwards = dict(reversed(labels.items()))
    same = [
        one("alertmanager", alertmanager(body)).fingerprint
        for body in (
            entry(labels=labels, annotations={"summary": "97 % full"}),
            entry(labels=backwards, status="resolved", annotations={"summary": "12 % full"}),
            entry(labels=labels, fingerprint=""),
            entry(labels=labels, fingerprint=["no", "text"]),
        )
    ]
    assert len(set(same)) == 1
    assert len(same[0]) == 32
    other = one("alertmanager", alertmanager(entry(labels=labels | {"instance": "web-2"})))
    assert other.fingerprint not in same
    assert one("grafana", alertmanager(entry(labels=labels))).fingerprint not in same


def test_labels_that_are_not_kept_still_tell_alerts_apart() -> None:
    many = {f"l{n:03}": "x" for n in range(LABELS + 5)}
    first, second = parse(
        "alertmanager", alertmanager(entry(labels=many), entry(labels=many | {f"l{LABELS + 4:03}": "y"}))
    ).alerts
    assert first.labels == second.labels
    assert first.fingerprint != second.fingerprint


def test_a_script_without_a_fingerprint_is_known_by_title_service_and_labels() -> None:
    fire = {"title": "Disk full", "service": "ledger", "labels": {"host": "db-2"}, "severity": "high"}
    over = fire | {"status": "ok", "severity": "low", "message": "thanks"}
    fingerprint = one("generic", fire).fingerprint
    assert one("generic", over).fingerprint == fingerprint
    for other in ({"title": "CPU"}, {"service": "crawler"}, {"labels": {"host": "db-3"}}):
        assert one("generic", fire | other).fingerprint != fingerprint


def test_a_long_fingerprint_is_shortened_without_meeting_another() -> None:
    first, second = parse("generic", [{"title": "x", "key": "k" * 5000 + end} for end in "ab"]).alerts
    assert first.fingerprint != second.fingerprint
    assert len(first.fingerprint) == len(second.fingerprint) == 32


# ---- limits ------------------------------------------------------------------------------------


def test_of_a_storm_the_firing_ones_are_kept_and_the_rest_counted() -> None:
    over = [entry(status="resolved", fingerprint=f"o{n}") for n in range(MOST)]
    firing = [entry(fingerprint=f"f{n}") for n in range(10)]
    parsed = parse("alertmanager", alertmanager(*over, *firing, truncatedAlerts=5))
    assert len(parsed.alerts) == MOST
    assert [alert.fingerprint for alert in parsed.alerts[:10]] == [f"f{n}" for n in range(10)]
    assert not any(alert.firing for alert in parsed.alerts[10:])
    assert parsed.dropped == 15


def test_texts_are_cut() -> None:
    alert = one(
        "alertmanager",
        alertmanager(
            entry(
                labels={"alertname": "A", "k" * 999: "v" * 9999},
                annotations={
                    "summary": "s" * 999,
                    "description": "d" * 999_999,
                    "runbook_url": "https://wiki.acme.example/x",
                },
            )
        ),
    )
    assert alert.title == "s" * (TITLE - 1) + "…"
    assert len(alert.text) == TEXT
    assert alert.text.endswith("…\nRunbook: https://wiki.acme.example/x")
    assert [(len(name), len(value)) for name, value in alert.labels.items()] == [(9, 1), (100, 500)]


def test_of_too_many_labels_those_that_we_ask_for_are_kept() -> None:
    labels = {f"a{n:03}": "x" for n in range(500)} | {"severity": "page", "service": "checkout"}
    alert = one("alertmanager", alertmanager(entry(labels=labels)))
    assert len(alert.labels) == LABELS
    assert (severity_of(alert), alert.labels["service"]) == (Severity.SEV1, "checkout")


def test_what_no_screen_or_database_takes_is_removed() -> None:
    alert = one(
        "generic",
        {
            "title": "a\x00b\x1b[31m\ud800 \u202eevil\u202c 🔥",
            "message": "one\r\ntwo\ttabbed\x07",
            "id": "k\x00\udfff1",
            "labels": {"na\x00me": "va\x08lue", "\x00": "x", "empty": "\x01"},
        },
    )
    assert (alert.title, alert.text, alert.fingerprint) == ("ab[31m evil 🔥", "one\ntwo\ttabbed", "k1")
    assert alert.labels == {"name": "value"}


def test_every_script_of_the_world_is_kept() -> None:
    alert = one("generic", {"title": "支払いが失敗 – Größe ✓", "service": "größe", "message": "Żółć 👩‍💻"})
    assert (alert.title, alert.text) == ("支払いが失敗 – Größe ✓", "Żółć 👩‍💻")
    assert alert.labels == {"service": "größe"}


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("https://a.example/x?y=1&z=2#q", "https://a.example/x?y=1&z=2#q"),
        (" http://a.example ", "http://a.example"),
        ("https://a.example/<b>|c d", "https://a.example/%3Cb%3E%7Cc%20d"),
        ("javascript:alert(1)", ""),
        ("/relative", ""),
        ("https://", ""),
        ("https://a.example/" + "x" * 5000, ""),
        (None, ""),
        (["https://a.example"], ""),
    ],
)
def test_only_a_link_is_a_link(given: object, url: str) -> None:
    assert one("generic", {"title": "x", "url": given}).url == url


NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ("2026-11-24T12:00:00Z", NOON),
        ("2026-11-24T12:00:00.000000001Z", NOON),
        ("2026-11-24T14:00:00+02:00", NOON),
        ("2026-11-24 12:00", NOON),
        (1795521600, NOON),
        (1795521600.0, NOON),
        (1795521600_000, NOON),
        (1795521600_000_000_000, NOON),
        ("1795521600", NOON),
        ("0001-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+05:00", None),
        ("9999-12-31T23:59:59-05:00", None),
        ("yesterday", None),
        ("²²²²²²²²²²", None),
        ("", None),
        (0, None),
        (-5, None),
        (10**400, None),
        (float("nan"), None),
        (float("inf"), None),
        (True, None),
        ({}, None),
    ],
)
def test_a_time_is_read_or_absent(given: object, at: datetime | None) -> None:
    assert one("generic", {"title": "x", "at": given}).at == at


# ---- malformed ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "body", "sentence"),
    [
        ("nagios", {}, "“nagios” is no source of alerts; use alertmanager or grafana or generic"),
        ("alertmanager", [], "The body should be an object with a list `alerts`, but is a list"),
        ("alertmanager", None, "The body should be an object with a list `alerts`, but is missing"),
        ("grafana", "hello", "The body should be an object with a list `alerts`, but is “hello”"),
        ("grafana", {"title": "x"}, "`alerts` should be a list, but is missing"),
        ("alertmanager", {"alerts": {}}, "`alerts` should be a list, but is an object"),
        ("alertmanager", {"alerts": [7]}, "`alerts[0]` should be an object, but is a number"),
        ("alertmanager", {"alerts": [{}]}, "`alerts[0].status` should be firing or resolved, but is missing"),
        (
            "alertmanager",
            alertmanager(entry(status="x" * 500)),
            f"`alerts[0].status` should be firing or resolved, but is “{'x' * 80}”",
        ),
        (
            "grafana",
            alertmanager(entry(labels=None)),
            "`alerts[0].labels` should be an object, but is missing",
        ),
        (
            "alertmanager",
            alertmanager(entry(labels=["a"])),
            "`alerts[0].labels` should be an object, but is a list",
        ),
        (
            "alertmanager",
            alertmanager(entry(labels={"a`b\n": {"c": {}}})),
            "`alerts[0].labels.a'b` should be a text, but is an object",
        ),
        (
            "alertmanager",
            alertmanager(entry(labels={})),
            "`alerts[0]` says nothing: give it a label `alertname` or an annotation `summary`",
        ),
        ("generic", 3, "The body should be an object or a list of objects, but is a number"),
        ("generic", [None], "`[0]` should be an object, but is missing"),
        ("generic", {}, "`title` should be a text (or `summary` or `message`), but is missing"),
        ("generic", {"title": " \x00"}, "`title` should be a text (or `summary` or `message`), but is “ ”"),
        (
            "generic",
            [{"summary": []}],
            "`[0].title` should be a text (or `summary` or `message`), but is a list",
        ),
        (
            "generic",
            {"title": "x", "status": {}},
            "`status` should be firing or resolved, but is an object",
        ),
        ("generic", {"title": "x", "labels": "a=b"}, "`labels` should be an object, but is “a=b”"),
    ],
)
def test_a_malformed_body_is_refused_with_what_was_expected_where(
    source: str, body: object, sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        parse(source, body)
    assert str(refused.value) == sentence


def test_a_malformed_alert_does_not_take_the_others_with_it() -> None:
    parsed = parse("alertmanager", alertmanager({}, entry(fingerprint="good"), None, entry(labels=[])))
    assert [alert.fingerprint for alert in parsed.alerts] == ["good"]
    assert parsed.wrong == 3


def test_malformed_adornments_cost_no_page() -> None:
    alert = one(
        "grafana",
        alertmanager(
            entry(startsAt={}, endsAt=7, annotations=[], generatorURL=3, values=[[]], valueString={}),
            groupLabels=None,
        ),
    )
    assert (alert.title, alert.text, alert.url, alert.at) == ("DiskFull", "", "", None)


def deep(levels: int) -> object:
    value: object = "x"
    for _ in range(levels):
        value = [value]
    return value


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = [
    *("status", "state", "labels", "annotations", "startsAt", "endsAt", "fingerprint", "generatorURL"),
    *(
        "values",
        "valueString",
        "title",
        "summary",
        "message",
        "service",
        "severity",
        "id",
        "url",
        "at",
        "test",
    ),
]
LIKELY = st.dictionaries(
    st.sampled_from(FIELDS),
    JSON
    | st.sampled_from(["firing", "resolved", "ok", "https://a.example"])
    | st.dictionaries(st.text(), JSON),
    max_size=8,
)


def is_read_or_refused(source: str, body: object) -> None:
    try:
        parsed = parse(source, body)
    except Refused as refused:
        sentence = str(refused)
    else:
        sentence = "read"
        assert len(parsed.alerts) <= MOST
        for alert in parsed.alerts:
            fits(alert)
        assert parse(source, body) == parsed
    assert 0 < len(sentence) < 300
    assert sentence.isprintable()


def fits(alert: Alert) -> None:
    assert 0 < len(alert.fingerprint) <= 128
    assert 0 < len(alert.title) <= TITLE
    assert len(alert.text) <= TEXT
    assert len(alert.labels) <= LABELS
    kept = [alert.fingerprint, alert.title, alert.text, alert.url, *alert.labels, *alert.labels.values()]
    assert b"\0" not in "".join(kept).encode()
    for moment in (alert.at, alert.ends):
        assert moment is None or moment.tzinfo is UTC


@given(
    source=st.sampled_from(["alertmanager", "grafana", "generic"]),
    body=JSON | LIKELY | st.lists(LIKELY) | st.fixed_dictionaries({"alerts": st.lists(LIKELY | JSON)}),
)
def test_whatever_is_sent_is_read_or_refused_and_fits(source: str, body: object) -> None:
    is_read_or_refused(source, body)


HUGE: dict[str, tuple[str, object]] = {
    "deep": ("generic", {"title": "x", "labels": deep(50_000)}),
    "many deep": ("alertmanager", {"alerts": [deep(500)] * 50_000}),
    "half characters": ("generic", {"title": "\ud83d" * 3_000_000}),
    "spaces": (
        "generic",
        {"title": " " * 3_000_000 + "x", "message": "\n" * 3_000_000, "id": "\n" * 3_000_000},
    ),
    "a link": ("generic", {"title": "x", "url": "https://" + "<" * 3_000_000}),
    "labels": ("alertmanager", alertmanager(entry(labels={f"l{n}": "" for n in range(200_000)}))),
    "a number": ("generic", {"title": "x", "labels": {"a": 10**5000}, "id": 10**5000, "at": 10**5000}),
    "values": ("grafana", alertmanager(entry(values={f"v{n}" * 99: 10**5000 for n in range(9999)}))),
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("name", HUGE)
def test_whatever_is_huge_is_read_or_refused_and_fits(name: str) -> None:
    is_read_or_refused(*HUGE[name])


# ---- whose it is -------------------------------------------------------------------------------


CATALOG = Catalog(
    {},
    {
        team.id: team
        for team in (
            Team("payments", "Payments"),
            Team("search", "Search"),
            Team("growth", "Growth"),
            Team("platform", "Platform", TeamKind.GUIDE),
        )
    },
    {
        service.id: service
        for service in (
            Service("checkout", "payments", "Checkout", ("basket",)),
            Service("ledger", "payments"),
            Service("crawler", "search"),
        )
    },
    fallback_team="growth",
)


def alert(title: str = "It burns", text: str = "", **labels: str) -> Alert:
    read = one("alertmanager", alertmanager(entry(annotations={"summary": title, "description": text})))
    return replace(read, labels={name.replace("__", "/"): value for name, value in labels.items()})


def test_a_label_names_the_owner_and_is_named_in_the_reason() -> None:
    assert service_of(alert("crawler is slow", service="Basket"), CATALOG) == Found(
        "checkout", "payments", "the label `service`: `basket` is an alias of checkout, owned by Payments"
    )


@pytest.mark.parametrize(
    ("labels", "service", "team"),
    [
        ({"job": "ledger", "service": "checkout"}, "checkout", "payments"),
        ({"service": "nobody-knows", "job": "ledger"}, "ledger", "payments"),
        ({"app.kubernetes.io__name": "crawler"}, "crawler", "search"),
        ({"Service": "crawler"}, "crawler", "search"),
        ({"namespace": "payments", "deployment": "ledger"}, "ledger", "payments"),
        ({"namespace": "payments", "deployment": "crawler"}, None, "payments"),
        ({"team": "search"}, None, "search"),
        ({"team": "search", "container": "crawler"}, "crawler", "search"),
        ({"service": "platform", "team": "search"}, None, "search"),
    ],
)
def test_the_first_label_with_a_name_decides(labels: dict[str, str], service: str | None, team: str) -> None:
    found = service_of(alert(**labels), CATALOG)
    assert (found.service, found.team, found.certain) == (service, team, True)


def test_only_the_labels_asked_for_are_looked_at() -> None:
    assert service_of(alert(job="ledger", stack="crawler"), CATALOG, ["stack"]).service == "crawler"


def test_without_a_telling_label_the_words_decide() -> None:
    found = service_of(alert("The crawler is slow", job="prod/checkout"), CATALOG)
    assert (found.service, found.why) == ("crawler", "`crawler` is owned by Search")
    assert service_of(alert("It burns", "since the ledger was deployed"), CATALOG).service == "ledger"


@pytest.mark.parametrize("labels", [{"job": "prod/checkout"}, {"alertname": "CheckoutErrorsHigh"}])
def test_a_label_that_contains_a_name_is_a_guess(labels: dict[str, str]) -> None:
    found = service_of(alert(**labels), CATALOG)
    assert (found.service, found.certain, found.fallback) == ("checkout", False, False)
    assert found.why.startswith("its labels: `checkout` is part of “")


def test_an_alert_that_names_nobody_goes_to_the_fallback_team() -> None:
    found = service_of(alert(service="legacy", region="search"), CATALOG)
    assert (found.service, found.team, found.fallback) == (None, "growth", True)
    said = "the catalog knows no “legacy”, which the label `service` says, so Growth is paged as the fallback"
    assert found.why == said
    assert service_of(alert(region="search"), CATALOG).why.startswith("no service or team is named, so")


# ---- how bad it is, and what it is one incident with --------------------------------------------


@pytest.mark.parametrize(
    ("severity", "words"),
    [
        (Severity.SEV1, "critical CRITICAL page P1 sev1 SEV-1 emergency disaster"),
        (Severity.SEV2, "error major high P2 sev2"),
        (Severity.SEV3, "warning warn minor medium p3 sev3"),
        (Severity.SEV4, "info low notice p4 p5 sev4 none"),
        (None, "blue 7 -"),
    ],
)
@pytest.mark.parametrize("label", ["severity", "priority", "level", "Severity"])
def test_a_label_says_how_bad_it_is(label: str, severity: Severity | None, words: str) -> None:
    assert {severity_of(alert(**{label: word})) for word in words.split()} == {severity}


def test_the_first_label_that_says_how_bad_it_is_decides() -> None:
    assert severity_of(alert(level="info", severity="page")) is Severity.SEV1
    assert severity_of(alert(level="info", severity="blue")) is Severity.SEV4
    assert severity_of(alert()) is None


def test_all_that_a_service_has_firing_is_one_incident() -> None:
    entries = [entry(labels={"alertname": f"A{n}", "service": "checkout"}) for n in range(MOST)]
    alerts = parse("alertmanager", alertmanager(*entries)).alerts
    assert {group_of(service_of(alert, CATALOG), alert) for alert in alerts} == {"service:checkout"}


def test_a_team_and_a_service_of_the_same_name_are_two_incidents() -> None:
    assert group_of(Found(None, "search", ""), alert()) == "team:search"
    assert group_of(Found("search", "growth", ""), alert()) == "service:search"


def test_a_test_joins_no_real_incident() -> None:
    found = Found("checkout", "payments", "")
    assert group_of(found, replace(alert(), is_test=True)) not in {group_of(found, alert()), ""}
