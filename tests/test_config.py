"""The files and the environment: what they give, what each mistake reads like, and what a change of them does."""
# ruff: noqa: E501  # a sentence that is expected stands whole

import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config, ConfigError, Live, Secret, advice, digest, from_dict, load, problems, to_dict
from bot.config.reading import Shape
from bot.config.shape import (
    LISTS,
    SECTIONS,
    LinkShape,
    PolicyShape,
    SecondmentShape,
    StepShape,
    SwitchShape,
    WayShape,
)
from bot.core.cadence import USUAL
from bot.models import Catalog, Link, Service, Setting, Severity, Step, Switch, Team, TeamKind

ROOT = Path(__file__).parent.parent

SMALL = """
[[person]]
id = "alice"
email = "alice@acme.dev"
[[person]]
id = "bob"
[[person]]
id = "dana"

[[team]]
id = "payments"
lead = "dana"
layers = [
  { rotation = { kind = "weekly", length = 1, handoff = "09:00", weekday = "mon", start = "2026-01-05T09:00" }, participants = ["alice", ["bob"]] },
]

[[team]]
id = "platform"
kind = "guide"

[[service]]
id = "checkout"
team = "payments"
aliases = ["basket"]
"""


def written(folder: Path, text: str = SMALL, **files: str) -> Path:
    """config.toml with `text`, and in `catalog/` one file for each other name."""
    (folder / "config.toml").write_text(text)
    for name, content in files.items():
        (folder / "catalog").mkdir(exist_ok=True)
        (folder / "catalog" / f"{name}.toml").write_text(content)
    return folder


def config(folder: Path, text: str = SMALL, env: Mapping[str, str] | None = None) -> Config:
    return load(env or {}, written(folder, text)).config


def refused(folder: Path, text: str, env: Mapping[str, str] | None = None, **files: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as error:
        load(env or {}, written(folder, text, **files))
    return error.value.problems


# ---- the example ---------------------------------------------------------------------------------


def example(env: Mapping[str, str] | None = None) -> Config:
    return load({"WRITEBACK_CONFIG": str(ROOT / "config.example.toml"), **(env or {})}, ROOT).config


def test_the_example_loads_as_it_stands() -> None:
    catalog = example().catalog
    assert catalog.fallback_team == "payments"
    assert catalog.services["checkout"].switches[0].name == "fraud check off"
    assert catalog.teams["platform"].kind is TeamKind.GUIDE


def test_the_example_has_nothing_for_check_to_complain_about() -> None:
    assert list(problems(example(), datetime(2026, 11, 24, tzinfo=UTC))) == []


def test_the_example_explains_every_setting() -> None:
    text = (ROOT / "config.example.toml").read_text()
    shapes: list[type[Shape]] = [*SECTIONS.values(), *LISTS.values(), StepShape, LinkShape, SwitchShape]
    shapes += [PolicyShape, SecondmentShape, WayShape]
    shapes += [PolicyShape, SecondmentShape, WayShape]
    keys = {key for shape in shapes for key in shape.model_fields} - {"fields"} | {
        "catalog",
        "[jira.fields.PAY]",
    }
    assert [key for key in sorted(keys) if f"{key} =" not in text and f"\n{key}" not in text] == []
    assert [name for name in (*SECTIONS, *LISTS) if f"[{name}]" not in text] == []


# ---- what a configuration gives ------------------------------------------------------------------


def test_what_is_left_out_has_its_usual_value(tmp_path: Path) -> None:
    found = config(tmp_path)
    assert found.slack.api_url == "https://slack.com/api/"
    assert (found.slack.announce_channel, found.slack.digest_channel) == ("", "")
    assert found.database.url == "sqlite:///writeback.db"
    assert (found.jira.url, found.jira.api, found.jira.issue_type) == ("", "cloud", "Task")
    assert (found.web.base_url, found.web.host, found.web.port) == (
        "http://localhost:3000",
        "127.0.0.1",
        3000,
    )
    assert (found.paging.ack_timeout, found.paging.repeat) == (timedelta(minutes=5), 2)
    assert found.updates.cadence == USUAL
    assert found.updates.archive_after == timedelta(days=7)
    assert set(found.severities) == set(Severity)
    assert [category.id for category in found.categories][-1] == "other"
    assert len(found.categories) == 6


def test_how_often_people_are_told_is_said_by_severity(tmp_path: Path) -> None:
    found = config(
        tmp_path, "[updates]\nsev1 = '15m'\nsev2 = 'never'\narchive_after = 'never'\n" + SMALL
    ).updates
    assert found.cadence == {**USUAL, Severity.SEV1: timedelta(minutes=15), Severity.SEV2: None}
    assert found.archive_after is None


def test_a_team_s_usual_values_follow_from_what_it_says(tmp_path: Path) -> None:
    team = config(tmp_path, "[paging]\nack_timeout = '90s'\nrepeat = 4\n" + SMALL).catalog.teams["payments"]
    wait = timedelta(seconds=90)
    assert team.name == "Payments"
    assert team.kind is TeamKind.DEV
    assert team.members == ("alice", "bob", "dana")
    assert team.fallback == "dana"
    assert team.escalation == (Step(("oncall",), wait), Step(("next",), wait), Step(("fallback",), wait))
    assert team.repeat == 4


def test_what_a_team_says_wins(tmp_path: Path) -> None:
    said = """fallback = "bob"
members = ["alice"]
repeat = 0
timezone = "Europe/London"
escalation = [{ targets = ["@alice", "team:payments"] }, { targets = ["team"], wait = "2h" }]
"""
    team = config(tmp_path, SMALL.replace('lead = "dana"\n', said)).catalog.teams["payments"]
    assert (team.lead, team.fallback, team.members, team.repeat) == ("", "bob", ("alice",), 0)
    assert team.escalation == (
        Step(("@alice", "team:payments"), timedelta(minutes=5)),
        Step(("team",), timedelta(hours=2)),
    )
    assert json.loads(team.schedule)["tz"] == "Europe/London"


def test_a_guide_team_needs_nobody_to_fall_back_to(tmp_path: Path) -> None:
    guide = config(tmp_path).catalog.teams["platform"]
    assert (guide.fallback, guide.escalation, guide.members) == ("", (), ())


def test_without_a_fallback_team_it_is_the_first_dev_team(tmp_path: Path) -> None:
    first_guide = '[[team]]\nid = "advice"\nkind = "guide"\n'
    assert config(tmp_path, first_guide + SMALL).catalog.fallback_team == "payments"
    named = '[paging]\nfallback_team = "search"\n' + SMALL + '[[team]]\nid = "search"\nlead = "bob"\n'
    assert config(tmp_path, named).catalog.fallback_team == "search"


def test_a_service_is_called_by_its_id_unless_it_has_a_name(tmp_path: Path) -> None:
    more = """name = "Checkout"
runbook = "https://runbooks.acme.dev/checkout"
dashboards = [{ name = "Board", url = "https://graphs.acme.dev/1" }]
switches = [{ name = "fraud check off", how = "flag off" }]
logs = [{ name = "Logs", url = "https://logs.acme.dev/1" }]
config = [{ name = "timeout", how = "in the console", url = "https://console.acme.dev" }, { name = "pool" }]
alerts = [{ name = "Alerts", url = "https://alerts.acme.dev/1" }]
"""
    assert config(tmp_path).catalog.services["checkout"].name == "checkout"
    service = config(tmp_path, SMALL + more).catalog.services["checkout"]
    assert service.name == "Checkout"
    assert service.dashboards == (Link("Board", "https://graphs.acme.dev/1"),)
    assert service.switches == (Switch("fraud check off", "flag off"),)
    assert service.logs == (Link("Logs", "https://logs.acme.dev/1"),)
    assert service.config == (
        Setting("timeout", "in the console", "https://console.acme.dev"),
        Setting("pool"),
    )
    assert service.alerts == (Link("Alerts", "https://alerts.acme.dev/1"),)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("5m", 300), ("2h", 7200), ("1d", 86400), ("2w", 1209600)],
)
def test_lengths_of_time(tmp_path: Path, text: str, seconds: int) -> None:
    found = config(tmp_path, f'[paging]\nack_timeout = "{text}"\n' + SMALL)
    assert found.paging.ack_timeout == timedelta(seconds=seconds)


def test_times_without_quotes_are_read_as_their_text(tmp_path: Path) -> None:
    bare = SMALL.replace('"2026-01-05T09:00"', "2026-01-05T09:00:00").replace('"09:00"', "09:00:00")
    assert config(tmp_path, bare).catalog == config(tmp_path).catalog


def test_the_catalog_may_stand_in_several_files(tmp_path: Path) -> None:
    (tmp_path / "team.d").mkdir()
    (tmp_path / "team.d" / "search.toml").write_text('[[team]]\nid = "search"\nlead = "zoe"\n')
    folder = written(
        tmp_path,
        'catalog = ["team.d/*.toml", "catalog/*.toml", "*.toml", "catalog/people.toml"]\n' + SMALL,
        people='[[person]]\nid = "zoe"\n',
        services='[[service]]\nid = "finder"\nteam = "search"\n',
    )
    catalog = load({}, folder).config.catalog
    assert list(catalog.people) == ["alice", "bob", "dana", "zoe"]
    assert list(catalog.teams) == ["payments", "platform", "search"]
    assert catalog.services["finder"].team == "search"


def test_catalog_patterns_start_from_the_configuration_s_folder(tmp_path: Path) -> None:
    written(tmp_path, 'catalog = ["catalog/*.toml"]\n' + SMALL, people='[[person]]\nid = "zoe"\n')
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert "zoe" in load({"WRITEBACK_CONFIG": "../config.toml"}, elsewhere).config.catalog.people


def test_a_file_that_begins_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(SMALL, encoding="utf-8-sig")
    assert "checkout" in load({}, tmp_path).config.catalog.services


def test_channels_and_groups_lose_the_signs_that_people_write(tmp_path: Path) -> None:
    signs = SMALL.replace(
        'lead = "dana"', 'lead = "dana"\nchannel = "#team-payments"\nusergroup = "@payments-oncall"'
    )
    found = config(tmp_path, '[slack]\nannounce_channel = "#incidents"\n' + signs)
    team = found.catalog.teams["payments"]
    assert (team.channel, team.usergroup) == ("team-payments", "payments-oncall")
    assert (found.slack.announce_channel, found.slack.digest_channel) == ("incidents", "incidents")


def test_addresses_end_as_their_users_need_them(tmp_path: Path) -> None:
    text = '[slack]\napi_url = "http://127.0.0.1:9/api"\n[jira]\nurl = "https://acme.atlassian.net/"\n[web]\nbase_url = "https://w.acme.dev/"\n'
    found = config(tmp_path, text + SMALL)
    assert found.slack.api_url == "http://127.0.0.1:9/api/"
    assert found.jira.url == "https://acme.atlassian.net"
    assert found.web.base_url == "https://w.acme.dev"


def test_what_a_jira_project_demands_is_handed_on(tmp_path: Path) -> None:
    fields = '[jira.fields.PAY]\ncustomfield_1 = { value = "x" }\ncustomfield_2 = 2026-01-05\n'
    found = config(tmp_path, fields + SMALL.replace('lead = "dana"', 'lead = "dana"\njira_project = "PAY"'))
    assert found.jira.fields["PAY"] == {"customfield_1": {"value": "x"}, "customfield_2": "2026-01-05"}


@pytest.mark.parametrize(
    ("written", "pay", "other"),
    [
        ("", "", ""),
        ('private_level = "Security"', "Security", "Security"),
        ('private_level = { PAY = "Closed" }', "Closed", ""),
    ],
)
def test_the_level_of_private_issues_is_one_for_all_or_one_for_each_project(
    tmp_path: Path, written: str, pay: str, other: str
) -> None:
    team = SMALL.replace('lead = "dana"', 'lead = "dana"\njira_project = "PAY"')
    found = config(tmp_path, f"[jira]\n{written}\n{team}")
    assert (found.jira.private_level("PAY"), found.jira.private_level("SEA")) == (pay, other)


def test_the_meaning_of_a_severity_can_be_edited(tmp_path: Path) -> None:
    found = config(tmp_path, '[[severity]]\nid = "sev1"\nmeans = "The shop is shut."\n' + SMALL)
    assert found.severities[Severity.SEV1] == "The shop is shut."
    assert found.severities[Severity.SEV2] == config(tmp_path).severities[Severity.SEV2]


def test_categories_can_be_added_and_edited(tmp_path: Path) -> None:
    text = """
[[category]]
id = "data"
label = "Data quality"
phrases = ["backfill"]
[[category]]
id = "switches"
label = "Levers"
phrases = ["maintenance page"]
without = ["kill switch"]
"""
    found = {category.id: category for category in config(tmp_path, text + SMALL).categories}
    assert list(found)[-2:] == ["data", "other"]
    assert (found["data"].label, found["data"].phrases) == ("Data quality", ("backfill",))
    assert found["switches"].label == "Levers"
    assert "maintenance page" in found["switches"].phrases
    assert "kill switch" not in found["switches"].phrases
    assert len(found["switches"].phrases) > 10


# ---- the environment -----------------------------------------------------------------------------

SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-hush-1",
    "SLACK_SIGNING_SECRET": "hush-2",
    "SLACK_APP_TOKEN": "xapp-hush-3",
    "JIRA_USER": "bot@acme.dev",
    "JIRA_TOKEN": "hush-4\n",
    "JIRA_WEBHOOK_SECRET": "hush-5",
    "WEB_SECRET": "hush-6",
    "ALERT_TOKEN": "hush-7",
    "DATABASE_URL": "postgres://bot:hush-8@db/writeback",
    "ALICE_NTFY": "ntfy://hush-9",
}


def test_secrets_come_from_the_environment(tmp_path: Path) -> None:
    text = SMALL.replace('id = "alice"', 'id = "alice"\nnotify = ["env:ALICE_NTFY"]')
    found = config(tmp_path, text, SECRETS)
    assert found.slack.bot_token.reveal() == "xoxb-hush-1"
    assert found.slack.signing_secret.reveal() == "hush-2"
    assert found.slack.app_token.reveal() == "xapp-hush-3"
    assert (found.jira.user, found.jira.token.reveal()) == ("bot@acme.dev", "hush-4")
    assert found.jira.webhook_secret.reveal() == "hush-5"
    assert (found.web.secret.reveal(), found.web.alert_token.reveal()) == ("hush-6", "hush-7")
    assert found.database.url == "postgresql://bot:hush-8@db/writeback"
    assert {name: secret.reveal() for name, secret in found.notify.items()} == {"ALICE_NTFY": "ntfy://hush-9"}


def test_no_secret_is_ever_shown(tmp_path: Path) -> None:
    text = SMALL.replace('id = "alice"', 'id = "alice"\nnotify = ["env:ALICE_NTFY"]')
    live = load(SECRETS, written(tmp_path, text))
    shown = f"{live} {live!r} {live.config} {live.config!r} {to_dict(live.config.catalog)}"
    told = [
        *problems(live.config, datetime(2026, 11, 24, tzinfo=UTC)),
        *advice(live.config, datetime(2026, 11, 24, tzinfo=UTC)),
    ]
    assert "hush" not in shown + " ".join(told)
    assert "hush" not in f"{live.config.slack.bot_token} {live.config.slack.bot_token!r} {[Secret('hush')]}"
    broken = refused(tmp_path, text + "\nx = 1", {**SECRETS, "DATABASE_URL": "mysql://bot:hush@db/x"})
    assert "hush" not in " ".join(broken)


def test_a_secret_that_is_not_set_is_false(tmp_path: Path) -> None:
    found = config(tmp_path, env={"SLACK_BOT_TOKEN": "  "})
    assert not found.slack.bot_token
    assert found.slack.bot_token.reveal() == ""


def test_port_and_database_of_the_environment_win(tmp_path: Path) -> None:
    text = '[web]\nport = 4000\n[database]\nurl = "sqlite:///other.db"\n' + SMALL
    found = config(tmp_path, text, {"PORT": "5000", "DATABASE_URL": "sqlite:///mine.db"})
    assert (found.web.port, found.web.host, found.web.base_url) == (5000, "0.0.0.0", "http://localhost:5000")
    assert found.database.url == "sqlite:///mine.db"
    assert (config(tmp_path, text).web.port, config(tmp_path, text).database.url) == (
        4000,
        "sqlite:///other.db",
    )


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgres_is_understood_however_it_is_written(tmp_path: Path, scheme: str) -> None:
    found = config(tmp_path, env={"DATABASE_URL": f"{scheme}://bot@db/writeback"})
    assert found.database.url == "postgresql://bot@db/writeback"


def test_nothing_else_reads_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-from-elsewhere")
    monkeypatch.setenv("PORT", "1")
    found = config(tmp_path)
    assert not found.slack.bot_token
    assert found.web.port == 3000


# ---- mistakes ------------------------------------------------------------------------------------

TEAM, PERSON, SERVICE = "[[team]]\nid = ", "[[person]]\nid = ", "[[service]]\nid = "


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        # Keys and tables that are not known.
        ("[slak]\nx = 1", "config.toml: 'slak' is not known; did you mean 'slack'?"),
        ("[[teams]]\nid = 'x'", "config.toml: 'teams' is not known; did you mean 'team'?"),
        ("[slack]\nanounce_channel = 'x'", "config.toml: [slack]: key 'anounce_channel' is not known; did you mean 'announce_channel'?"),
        (TEAM + "'x'\nlead = 'bob'\neskalation = []", "config.toml: [[team]] x: key 'eskalation' is not known; did you mean 'escalation'?"),
        (SERVICE + "'x'\nteam = 'payments'\ndashboards = [{ name = 'x', url = 'https://x', colour = 1 }]", "config.toml: [[service]] x: dashboards 1: key 'colour' is not known; known are name, url"),
        ("[web]\ncatalog = ['x']", "config.toml: [web]: key 'catalog' belongs to no table; write it above the first one"),
        # Wrong types and values.
        ("[web]\nport = '3000'", "config.toml: [web]: key 'port' must be a whole number, not '3000'"),
        ("[web]\nport = true", "config.toml: [web]: key 'port' must be a whole number, not true"),
        ("[web]\nport = 70000", "config.toml: [web]: key 'port' must be at most 65535, not 70000"),
        ("[paging]\nrepeat = -1", "config.toml: [paging]: key 'repeat' must be at least 0, not -1"),
        (PERSON + "'x'\nname = 5", "config.toml: [[person]] x: key 'name' must be text in quotes, not 5"),
        (PERSON + "'x'\nname = ''", "config.toml: [[person]] x: key 'name' is empty; write something, or leave the key out"),
        (SERVICE + "'x'\nteam = 'payments'\naliases = 'y'", "config.toml: [[service]] x: key 'aliases' must be a list in [ ], not 'y'"),
        (SERVICE + "'x'\nteam = 'payments'\naliases = ['y', 3]", "config.toml: [[service]] x: key 'aliases', number 2, must be text in quotes, not 3"),
        (SERVICE + "'x'\nteam = 'payments'\nswitches = ['off']", "config.toml: [[service]] x: key 'switches', number 1, must be a table in { }, not 'off'"),
        (SERVICE + "'x'\nteam = 'payments'\nconfig = [{ how = 'y' }]", "config.toml: [[service]] x: config 1: key 'name' is missing; add it"),
        (SERVICE + "'x'\nteam = 'payments'\nlogs = [{ name = 'x', url = 'y' }]", "config.toml: [[service]] x: logs 1: key 'url': 'y' is not a web address; write one that begins with https://"),
        ("[jira]\napi = 'datacenter'", "config.toml: [jira]: key 'api' must be 'cloud' or 'server', not 'datacenter'"),
        (TEAM + "'x'\nlead = 'bob'\nkind = 'ops'", "config.toml: [[team]] x: key 'kind' must be 'dev' or 'guide', not 'ops'"),
        ("[[severity]]\nid = 'sev5'\nmeans = 'x'", "config.toml: [[severity]] sev5: key 'id' must be 'sev1', 'sev2', 'sev3' or 'sev4', not 'sev5'"),
        ("[[severity]]\nid = 'sev1'\nmeans = 'x'\n[[severity]]\nid = 'sev1'\nmeans = 'y'", "config.toml: [[severity]] sev1: stands twice; keep one of them"),
        ("[[category]]\nid = 'data'", "config.toml: [[category]] data: key 'label' is missing; a new category needs one"),
        ("[[category]]\nid = 'data'\nlabel = 'Data'\nkinds = { 'late data' = ['late'] }", "config.toml: [[category]] data: kinds: key 'late data': 'late data' can't be an id; use up to 64 lower-case letters, digits, '-', '_' and '.', beginning with a letter or digit"),
        ("[[category]]\nid = 'data'\nlabel = 'Data'\nphrases = ['…']", "config.toml: [[category]] data: the phrase “…” has no words"),
        (PERSON + "'Alice A'", "config.toml: [[person]] Alice A: key 'id': 'Alice A' can't be an id; use up to 64 lower-case letters, digits, '-', '_' and '.', beginning with a letter or digit"),
        (SERVICE + "'sev2'\nteam = 'payments'", "config.toml: [[service]] sev2: key 'id': 'sev2' can't be an id: people type it for a severity; choose another"),
        (PERSON + "'x'\nslack = '@x'", "config.toml: [[person]] x: key 'slack': '@x' is not a Slack member id such as U012AB3CD; copy it from their profile"),
        (PERSON + "'x'\nemail = 'x'", "config.toml: [[person]] x: key 'email': 'x' is not an e-mail address"),
        (PERSON + "'x'\nnotify = ['ntfy://secret']", "config.toml: [[person]] x: key 'notify', number 1: notification addresses are secrets; put this one into an environment variable and write env:ITS_NAME"),
        (TEAM + "'x'\nlead = 'bob'\nchannel = 'Team X'", "config.toml: [[team]] x: key 'channel': 'Team X' is not a channel; write its name in lower case, such as team-payments"),
        (TEAM + "'x'\nlead = 'bob'\njira_project = 'pay'", "config.toml: [[team]] x: key 'jira_project': 'pay' is not a Jira project key such as PAY: capitals and digits"),
        # Lengths of time, zones, addresses, patterns.
        ("[paging]\nack_timeout = '5 minutes'", "config.toml: [paging]: key 'ack_timeout': '5 minutes' is not a length of time; write for example 90s, 5m, 2h, 1d or 2w"),
        ("[paging]\nack_timeout = 5", "config.toml: [paging]: key 'ack_timeout': 5 is not a length of time; write for example 90s, 5m, 2h, 1d or 2w"),
        ("[paging]\nack_timeout = '0s'", "config.toml: [paging]: key 'ack_timeout': '0s' is not a length of time; write for example 90s, 5m, 2h, 1d or 2w"),
        ("[paging]\nack_timeout = '999999999w'", "config.toml: [paging]: key 'ack_timeout': '999999999w' is more than a year; write a shorter time"),
        (TEAM + "'x'\nlead = 'bob'\nescalation = [{ targets = ['team'] }, { targets = ['team'], wait = '5' }]", "config.toml: [[team]] x: escalation 2: key 'wait': '5' is not a length of time; write for example 90s, 5m, 2h, 1d or 2w"),
        (TEAM + "'x'\nlead = 'bob'\ntimezone = 'Europe/Londn'", "config.toml: [[team]] x: key 'timezone': 'Europe/Londn' is not a time zone; did you mean 'Europe/London'?"),
        (PERSON + "'x'\ntimezone = '../etc/passwd'", "config.toml: [[person]] x: key 'timezone': '../etc/passwd' is not a time zone; write one such as Europe/London or UTC"),
        ("[jira]\nurl = 'acme.atlassian.net'", "config.toml: [jira]: key 'url': 'acme.atlassian.net' is not a web address; write one that begins with https://"),
        ("[web]\nbase_url = 'https://[x'", "config.toml: [web]: key 'base_url': 'https://[x' is not a web address; write one that begins with https://"),
        ("[jira]\nurl = 'https://bot:pw@acme.dev'", "config.toml: [jira]: key 'url': the address holds a user or a password; they come from the environment"),
        ("[database]\nurl = 'mysql://x'", "config.toml: [database]: key 'url' is not a database we know; write sqlite:///writeback.db or postgresql://user@host/name"),
        (SERVICE + "'x'\nteam = 'payments'\npaths = ['#x']", "config.toml: [[service]] x: key 'paths', number 1: '#x' matches nothing; write a path such as services/checkout/**"),
        (SERVICE + "'x'\nteam = 'payments'\naliases = ['🛒']", "config.toml: [[service]] x: key 'aliases', number 1: '🛒' can't be an alias; use up to 80 characters, with a letter or digit"),
        ("[postmortems]\ndue = { sev2 = '10 days' }", "config.toml: [postmortems]: due: key 'sev2': '10 days' is not a length of time; write for example 90s, 5m, 2h, 1d or 2w"),
        ("[confluence]\nurl = 'https://acme.dev/wiki'", "config.toml: [confluence]: 'space' is missing; set the key of the space that pages are to stand in"),
        ("[confluence]\nspace = 'OUR SPACE'", "config.toml: [confluence]: key 'space': 'OUR SPACE' is not the key of a Confluence space, such as OPS"),
        ("[confluence]\nparent = 'Postmortems'", "config.toml: [confluence]: key 'parent': 'Postmortems' is not the number of a page; copy it from the page's address"),
        # References.
        (SERVICE + "'x'", "config.toml: [[service]] x: key 'team' is missing; add it"),
        ("[[service]]\nteam = 'payments'", "config.toml: [[service]] number 2: key 'id' is missing; add it"),
        (SERVICE + "'x'\nteam = 'paymets'", "config.toml: [[service]] x: key 'team': there is no team 'paymets'; did you mean 'payments'?"),
        (SERVICE + "'x'\nteam = 'zzz'", "config.toml: [[service]] x: key 'team': there is no team 'zzz'; add [[team]] zzz or correct it"),
        (SERVICE + "'x'\nteam = 'platform'", "config.toml: [[service]] x: key 'team': platform is a guide team, which may advise and is never paged as owner; name the dev team that writes the service"),
        (TEAM + "'x'\nlead = 'alise'", "config.toml: [[team]] x: key 'lead': there is no person 'alise'; did you mean 'alice'?"),
        (TEAM + "'x'\nfallback = 'Alice'", "config.toml: [[team]] x: key 'fallback': there is no person 'Alice'; did you mean 'alice'?"),
        (TEAM + "'x'\nlead = 'bob'\nmembers = ['bob', 'zed']", "config.toml: [[team]] x: key 'members': there is no person 'zed'; add [[person]] zed or correct it"),
        (TEAM + "'x'", "config.toml: [[team]] x: needs a person who is paged when nobody is on call; set 'fallback' or 'lead'"),
        ("[paging]\nfallback_team = 'zzz'", "config.toml: [paging]: key 'fallback_team': there is no team 'zzz'; add [[team]] zzz or correct it"),
        ("[paging]\nfallback_team = 'platform'", "config.toml: [paging]: key 'fallback_team': platform is a guide team, which is never paged; name a dev team"),
        ("[jira.fields.PAY]\nx = 1", "config.toml: [jira.fields.PAY]: no team has the Jira project 'PAY'; set it as 'jira_project' of a team, or take the table out"),
        ("[jira]\nprivate_level = { PAY = 'x' }", "config.toml: [jira.private_level]: no team has the Jira project 'PAY'; set it as 'jira_project' of a team, or take it out"),
        ("[jira]\nprivate_level = 7", "config.toml: [jira]: key 'private_level': 7 names no security level; write \"Security\", or { PAY = \"Security\" } for each project"),
        ("[incidents]\nreopen_within = 'soon'", "config.toml: [incidents]: key 'reopen_within': 'soon' is not a length of time; write for example 90s, 5m, 2h, 1d or 2w"),
        # Escalation targets.
        (TEAM + "'x'\nlead = 'bob'\nescalation = []", "config.toml: [[team]] x: key 'escalation' is empty; name at least one, or leave the key out"),
        (TEAM + "'x'\nlead = 'bob'\nescalation = [{ targets = ['on-call'] }]", "config.toml: [[team]] x: escalation 1: key 'targets': 'on-call' is not a target; did you mean 'oncall'?"),
        (TEAM + "'x'\nlead = 'bob'\nescalation = [{ targets = ['alice'] }]", "config.toml: [[team]] x: escalation 1: key 'targets': 'alice' is not a target; did you mean '@alice'?"),
        (TEAM + "'x'\nlead = 'bob'\nescalation = [{ targets = ['@zed'] }]", "config.toml: [[team]] x: escalation 1: key 'targets': there is no person 'zed'; add [[person]] zed or correct it"),
        (TEAM + "'x'\nlead = 'bob'\nescalation = [{ targets = ['team:zed'] }]", "config.toml: [[team]] x: escalation 1: key 'targets': there is no team 'zed'; add [[team]] zed or correct it"),
        (TEAM + "'x'\nlead = 'bob'\nescalation = [{ targets = ['team:platform'] }]", "config.toml: [[team]] x: escalation 1: key 'targets': platform is a guide team, which is asked for advice and never paged; name a dev team, or a person of it with @"),
        (TEAM + "'x'\nlead = 'bob'\nescalation = [{ targets = ['channel'] }]", "config.toml: [[team]] x: escalation 1: key 'targets': 'channel' needs the team's channel; set 'channel', or take the target out"),
        ("[updates]\nsev2 = 'hourly'", "config.toml: [updates]: key 'sev2': 'hourly' is not a length of time; write for example 90s, 5m, 2h, 1d or 2w"),
        # Ids and aliases that stand twice.
        (PERSON + "'bob'", "config.toml: [[person]] bob: key 'id' is taken by config.toml: [[person]] bob; choose another"),
        (TEAM + "'payments'\nlead = 'bob'", "config.toml: [[team]] payments: key 'id' is taken by config.toml: [[team]] payments; teams and services share one set of ids; choose another"),
        (SERVICE + "'platform'\nteam = 'payments'", "config.toml: [[service]] platform: key 'id' is taken by config.toml: [[team]] platform; teams and services share one set of ids; choose another"),
        (SERVICE + "'x'\nteam = 'payments'\naliases = ['Basket']", "config.toml: [[service]] x: key 'aliases': 'Basket' is an alias of config.toml: [[service]] checkout; give it to one of them"),
        (SERVICE + "'x'\nteam = 'payments'\naliases = ['checkout']", "config.toml: [[service]] x: key 'aliases': 'checkout' is the id of config.toml: [[service]] checkout; give it to one of them"),
        (SERVICE + "'x'\nteam = 'payments'\naliases = ['payments']", "config.toml: [[service]] x: key 'aliases': 'payments' is the id of config.toml: [[team]] payments; give it to one of them"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place_and_its_fix(tmp_path: Path, more: str, problem: str) -> None:
    assert refused(tmp_path, f"{SMALL}\n{more}\n") == (problem,)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("slack = 1", "config.toml: 'slack' is one table; write [slack] once, in single brackets"),
        ("[[slack]]\napi_url = 'https://x'", "config.toml: 'slack' is one table; write [slack] once, in single brackets"),
        ("[team]\nid = 'x'", "config.toml: 'team' is a list of tables; write [[team]], in double brackets"),
        ("catalog = 'x.toml'", "config.toml: key 'catalog' must be a list of patterns such as [\"catalog/*.toml\"]"),
    ],
)  # fmt: skip
def test_a_table_in_the_wrong_brackets_is_named(tmp_path: Path, text: str, problem: str) -> None:
    assert problem in refused(tmp_path, text)


def test_every_mistake_of_a_schedule_is_told_at_its_team(tmp_path: Path) -> None:
    text = SMALL.replace('handoff = "09:00"', 'handoff = "nine"').replace(
        '"alice", ["bob"]] },', '"alice", 5] }, { participants = [] },'
    )
    assert refused(tmp_path, text) == (
        "config.toml: [[team]] payments: layers 1: rotation.handoff: 'nine' is no time of day; use HH:MM",
        "config.toml: [[team]] payments: layers 1: participants 2: must be a person or a list of people",
        "config.toml: [[team]] payments: layers 2: rotation: is missing",
    )


def test_somebody_unknown_in_a_layer_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path, SMALL.replace('["alice", ["bob"]]', '["alicia", ["bob", "zed"]]')) == (
        "config.toml: [[team]] payments: key 'layers': there is no person 'alicia'; did you mean 'alice'?",
        "config.toml: [[team]] payments: key 'layers': there is no person 'zed'; add [[person]] zed or correct it",
    )


def test_without_a_dev_team_nobody_could_be_paged(tmp_path: Path) -> None:
    expected = ("config.toml: there is no dev team, so nobody could be paged; add a [[team]] with a lead",)
    assert refused(tmp_path, "") == expected
    assert refused(tmp_path, '[[team]]\nid = "x"\nkind = "guide"') == expected


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    found = refused(
        tmp_path,
        """
catalog = ["catalog/*.toml"]
[web]
port = "x"
[paging]
ack_timeout = "soon"
[[person]]
id = "alice"
""",
        {"PORT": "http", "DATABASE_URL": "oracle://x"},
        payments="""
[[team]]
id = "payments"
eskalation = []
lead = "alise"
escalation = [{ targets = ["@bobb"], wait = "x" }, { targets = [] }]
[[service]]
id = "Checkout"
team = "payment"
""",
        search="""
[slack]
announce_channel = "x"
[[team]]
id = "payments"
lead = "alice"
""",
    )
    team = "catalog/payments.toml: [[team]] payments:"
    assert sorted(problem.split(";")[0] for problem in found) == sorted(
        [
            "config.toml: [web]: key 'port' must be a whole number, not 'x'",
            "config.toml: [paging]: key 'ack_timeout': 'soon' is not a length of time",
            f"{team} key 'eskalation' is not known",
            f"{team} escalation 1: key 'wait': 'x' is not a length of time",
            f"{team} escalation 2: key 'targets' is empty",
            f"{team} key 'lead': there is no person 'alise'",
            f"{team} escalation 1: key 'targets': there is no person 'bobb'",
            "catalog/payments.toml: [[service]] Checkout: key 'id': 'Checkout' can't be an id",
            "catalog/payments.toml: [[service]] Checkout: key 'team': there is no team 'payment'",
            "catalog/search.toml: 'slack' belongs in config.toml",
            "catalog/search.toml: [[team]] payments: key 'id' is taken by catalog/payments.toml: [[team]] payments",
            "environment: PORT 'http' is not a port",
            "environment: DATABASE_URL is not a database we know",
        ]
    )


def test_a_table_with_a_wrong_id_is_not_missed_elsewhere(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, SMALL.replace('"payments"', '"Payments"'))
    assert "[[team]] Payments: key 'id'" in problem


def test_without_a_file_the_example_is_pointed_to(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        load({}, tmp_path)
    assert error.value.problems == (
        f"config.toml: there is no such file in {tmp_path}; `writeback example > config.toml` makes one to edit, "
        "or name another file in WRITEBACK_CONFIG",
    )


def test_a_file_that_is_no_toml_is_told_with_its_line_and_hides_nothing_else(tmp_path: Path) -> None:
    found = refused(tmp_path, 'catalog = ["catalog/*.toml"]\n' + SMALL, {"PORT": "x"}, bad="[[team]\nid = 1")
    assert found[0].startswith("catalog/bad.toml: is not valid TOML: ")
    assert "line 1" in found[0]
    assert found[1:] == ("environment: PORT 'x' is not a port; set a number up to 65535",)


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes("# café".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"^config\.toml: is not UTF-8 text; save it as UTF-8$"):
        load({}, tmp_path)


def test_a_folder_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "config.toml").mkdir()
    with pytest.raises(ConfigError, match=r"^config\.toml: can't be read: Is a directory"):
        load({}, tmp_path)


def test_a_catalog_pattern_that_matches_nothing_is_told(tmp_path: Path) -> None:
    assert refused(tmp_path, 'catalog = ["teams/*.toml"]\n' + SMALL) == (
        f"config.toml: key 'catalog': 'teams/*.toml' matches no file in {tmp_path}; correct it or take it out",
    )


def toml(value: Any) -> str:
    """`value` as it stands on the right of an equals sign."""
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {toml(inner)}" for key, inner in value.items()) + " }"
    return json.dumps(value)


def places(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where in `value` something stands, at every depth."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, found in inner:
        yield (*at, key)
        yield from places(found, (*at, key))


@pytest.mark.parametrize("wrong", [5, "x", ["x"], {"x": 1}], ids=repr)
def test_any_value_in_any_place_is_either_taken_or_told_on_one_line(tmp_path: Path, wrong: object) -> None:
    whole = tomllib.loads((ROOT / "config.example.toml").read_text())
    for place in places(whole):
        if "layers" in place[:-1]:
            continue  # those are Schedule.parse's
        changed = deepcopy(whole)
        inner: Any = changed
        for key in place[:-1]:
            inner = inner[key]
        inner[place[-1]] = wrong
        written(tmp_path, "\n".join(f"{key} = {toml(value)}" for key, value in changed.items()))
        told: tuple[str, ...] = ()
        try:
            load({}, tmp_path)
        except ConfigError as error:
            told = error.problems
        assert [
            problem for problem in told if not problem.startswith("config.toml: ") or "\n" in problem
        ] == []


# ---- a change while running ------------------------------------------------------------------------


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "config.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    # File systems keep time in steps that two edits may share.
    later = path.stat().st_mtime_ns + 1_000_000
    os.utime(path, ns=(later, later))


@pytest.mark.parametrize(
    ("word", "minutes"), [("1m", 1), ("15m", 15), ("1h", 60), ("never", None), ("7m", ...), ("2h", ...)]
)
def test_jira_is_looked_at_as_often_as_the_clock_can_say(tmp_path: Path, word: str, minutes: Any) -> None:
    text = SMALL + f'\n[jira]\npoll = "{word}"\n'
    if minutes is ...:
        assert "must divide an hour" in "".join(refused(tmp_path, text))
        return
    found = load({}, written(tmp_path, text)).config.jira.poll
    assert (found.total_seconds() / 60 if found else None) == minutes


@pytest.fixture
def live(tmp_path: Path) -> Live:
    return load({}, written(tmp_path))


def test_an_unchanged_file_changes_nothing(live: Live) -> None:
    before = live.config
    found = live.reload()
    assert (found.changes, found.problems) == ((), ())
    assert live.config is before


def test_a_change_is_in_force_at_the_next_look_and_told_line_by_line(live: Live, tmp_path: Path) -> None:
    edit(tmp_path, 'id = "payments"\nlead = "dana"', 'id = "payments"\nlead = "bob"')
    edit(tmp_path, '[[person]]\nid = "dana"', '[[person]]\nid = "erin"')
    edit(
        tmp_path,
        '[[team]]\nid = "platform"',
        '[[team]]\nid = "search"\nlead = "erin"\n[[team]]\nid = "platform"',
    )
    edit(tmp_path, 'team = "payments"\naliases = ["basket"]', 'team = "search"')
    (tmp_path / "config.toml").write_text(
        '[web]\nport = 4000\n[slack]\nannounce_channel = "x"\n' + (tmp_path / "config.toml").read_text()
    )
    found = live.reload()
    assert found.problems == ()
    assert found.changes == (
        "[slack] announce_channel changed",
        "[slack] digest_channel changed",
        "[web] base_url changed",
        "[web] port changed, from the next start on",
        "person dana: taken out",
        "person erin: added",
        "team payments: lead, members, fallback changed",
        "team search: added",
        "service checkout: belongs to search now, no longer to payments",
        "service checkout: aliases changed",
    )
    assert live.config.catalog.services["checkout"].team == "search"
    assert live.reload().changes == ()


def test_a_broken_file_is_refused_once_and_the_old_one_stays_in_force(live: Live, tmp_path: Path) -> None:
    before = live.config
    edit(tmp_path, 'team = "payments"', 'team = "paymens"')
    problem = (
        "config.toml: [[service]] checkout: key 'team': there is no team 'paymens'; did you mean 'payments'?"
    )
    assert live.reload().problems == (problem,)
    assert live.config is before
    assert live.problems == (problem,)
    assert live.reload().problems == ()
    assert live.problems == (problem,)
    edit(tmp_path, 'team = "paymens"', 'team = "payments"')
    assert live.reload().changes == ("the files are in order again; nothing has changed",)
    assert not live.problems


def test_a_file_that_disappears_is_refused_and_taken_again_when_it_is_back(
    live: Live, tmp_path: Path
) -> None:
    (tmp_path / "config.toml").rename(tmp_path / "away")
    assert "there is no such file" in live.reload().problems[0]
    assert "checkout" in live.config.catalog.services
    (tmp_path / "away").rename(tmp_path / "config.toml")
    assert live.reload().changes == ("the files are in order again; nothing has changed",)


def test_a_new_file_that_a_pattern_matches_is_noticed(tmp_path: Path) -> None:
    live = load(
        {}, written(tmp_path, 'catalog = ["catalog/*.toml"]\n' + SMALL, one='[[person]]\nid = "zoe"\n')
    )
    (tmp_path / "catalog" / "two.toml").write_text('[[person]]\nid = "yan"\n')
    assert live.reload().changes == ("person yan: added",)
    (tmp_path / "catalog" / "one.toml").unlink()
    assert live.reload().changes == ("person zoe: taken out",)


def test_a_link_that_is_turned_to_another_file_is_noticed(tmp_path: Path) -> None:
    """As mounted configuration changes in Kubernetes."""
    for name in ("v1", "v2"):
        (tmp_path / name).mkdir()
        written(tmp_path / name, SMALL.replace("basket", f"basket {name}"))
    (tmp_path / "now").symlink_to("v1")
    live = load({"WRITEBACK_CONFIG": "now/config.toml"}, tmp_path)
    (tmp_path / "next").symlink_to("v2")
    (tmp_path / "next").rename(tmp_path / "now")
    assert live.reload().changes == ("service checkout: aliases changed",)


# ---- versions of the catalog -------------------------------------------------------------------------


def test_a_kept_catalog_comes_back_as_it_was() -> None:
    catalog = example().catalog
    kept = json.loads(json.dumps(to_dict(catalog)))
    again = from_dict(kept)
    assert again == catalog
    assert digest(again) == digest(catalog)


def test_an_equal_catalog_has_the_same_digest_and_another_one_does_not(tmp_path: Path) -> None:
    catalog = config(tmp_path).catalog
    assert digest(catalog) == digest(config(tmp_path).catalog)
    assert digest(catalog) != digest(config(tmp_path, SMALL.replace("basket", "cart")).catalog)
    assert len(digest(catalog)) == 64


def test_a_catalog_kept_by_another_version_is_read_as_far_as_it_is_known() -> None:
    kept: dict[str, Any] = {
        "people": [{"id": "alice", "shoe_size": 38}],
        "teams": [{"id": "payments", "name": "Payments", "motto": "x"}],
        "services": [{"id": "checkout", "team": "payments"}],
        "planets": [],
    }
    catalog = from_dict(kept)
    assert catalog.teams["payments"] == Team("payments", "Payments")
    assert catalog.services["checkout"].team == "payments"
    assert catalog.services["checkout"] == Service("checkout", "payments")
    assert from_dict({}) == Catalog()


def test_what_a_service_does_not_have_is_not_kept_so_older_versions_stay_the_same() -> None:
    bare = Catalog({}, {}, {"checkout": Service("checkout", "payments")}, "payments")
    [kept] = to_dict(bare)["services"]
    assert kept == {"id": "checkout", "team": "payments"}


# ---- what check says without the network -----------------------------------------------------------

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
REACHABLE = SMALL.replace('id = "bob"', 'id = "bob"\nslack = "U012BOB"').replace(
    'id = "dana"', 'id = "dana"\nemail = "dana@acme.dev"'
)


def test_a_whole_configuration_has_no_problems(tmp_path: Path) -> None:
    assert list(problems(config(tmp_path, REACHABLE), NOW)) == []


def test_people_whom_nobody_can_reach_are_problems(tmp_path: Path) -> None:
    text = SMALL.replace('id = "bob"', 'id = "bob"\nnotify = ["env:BOB_NTFY"]')
    assert list(problems(config(tmp_path, text), NOW)) == [
        "[[person]] bob: BOB_NTFY is not set; set it in the environment",
        "[[person]] dana: can't be reached; set 'email', 'slack' or 'notify'",
    ]


def test_a_team_without_a_backlog_is_a_problem_where_there_is_a_jira(tmp_path: Path) -> None:
    found = config(tmp_path, '[jira]\nurl = "https://acme.atlassian.net"\n' + REACHABLE)
    assert list(problems(found, NOW)) == [
        "[[team]] payments: its action items can't be filed; set 'jira_project'"
    ]


def test_tokens_in_each_other_s_place_are_problems(tmp_path: Path) -> None:
    env = {"SLACK_BOT_TOKEN": "xapp-1", "SLACK_APP_TOKEN": "xoxb-1"}
    assert list(problems(config(tmp_path, REACHABLE, env), NOW)) == [
        "SLACK_BOT_TOKEN: does not begin with xoxb-, so it is another kind of token; copy the right one",
        "SLACK_APP_TOKEN: does not begin with xapp-, so it is another kind of token; copy the right one",
    ]


def test_what_would_make_the_next_incident_easier_is_advice(tmp_path: Path) -> None:
    text = REACHABLE + '[[team]]\nid = "search"\nlead = "bob"\nchannel = "search"\n'
    assert list(advice(config(tmp_path, text), NOW)) == [
        "[jira] url is not set: action items stay here until it is",
        "[[team]] payments: has no 'channel', so nobody can be told when a page stays unanswered",
        "[[team]] platform: has no 'layers', 'channel' or 'lead', so nobody can be asked for advice",
        "[[team]] search: has no 'layers', so bob is paged every time",
        "[[service]] checkout: has no 'runbook'; one page on how to tell what is wrong is a good start",
        "[[service]] checkout: has no 'switches'; what can be turned off without a deploy?",
    ]


def test_the_first_line_s_key_is_known_to_those_who_misspell_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as told:
        config(tmp_path, 'catlog = ["teams.toml"]\n' + REACHABLE)
    assert told.value.problems == ("config.toml: 'catlog' is not known; did you mean 'catalog'?",)


def test_jira_cloud_wants_the_account_beside_its_token(tmp_path: Path) -> None:
    text = REACHABLE + '[jira]\nurl = "https://acme.atlassian.net"\n'
    alone = {"JIRA_TOKEN": "t"}
    said = "JIRA_USER is not set: Jira Cloud wants the e-mail of the account whose token JIRA_TOKEN is"
    assert said in list(problems(config(tmp_path, text, alone), NOW))
    assert said not in list(problems(config(tmp_path, text, alone | {"JIRA_USER": "bot@acme.dev"}), NOW))
    assert said not in list(problems(config(tmp_path, text + 'api = "server"\n', alone), NOW))


def test_a_bot_that_can_be_reached_is_advised_to_listen_to_monitoring(tmp_path: Path) -> None:
    text = REACHABLE + '[web]\nbase_url = "https://writeback.acme.dev"\n'
    env = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    hint = "ALERT_TOKEN is not set: monitoring can't open incidents; set it to a long random text, here and there"
    assert hint in list(advice(config(tmp_path, text, env), NOW))
    assert hint not in list(advice(config(tmp_path, text, env | {"ALERT_TOKEN": "x"}), NOW))
    assert hint not in list(advice(config(tmp_path, REACHABLE, env), NOW))


def test_alerts_are_configured_with_labels_as_people_or_prometheus_write_them(tmp_path: Path) -> None:
    text = REACHABLE + '[alerts]\nlabels = ["app.kubernetes.io/name", "Team"]\nregroup = "1h"\nflaps = 3\n'
    found = config(tmp_path, text).alerts
    assert found.labels == ("app_kubernetes_io_name", "team")
    assert (found.regroup, found.flaps) == (timedelta(hours=1), 3)
    assert config(tmp_path, REACHABLE).alerts.labels[0] == "service"


def test_postmortems_are_due_by_severity_and_confluence_has_the_account_of_jira() -> None:
    usual = example()
    assert {str(s): length.days for s, length in usual.postmortems.due.items()} == {"sev1": 5, "sev2": 10}
    env = {"JIRA_USER": "bot@acme.dev", "JIRA_TOKEN": "jira-secret"}
    same = example(env).confluence
    assert (same.user, same.token.reveal(), same.space) == ("bot@acme.dev", "jira-secret", "OPS")
    own = example({**env, "CONFLUENCE_USER": "wiki@acme.dev", "CONFLUENCE_TOKEN": "wiki-secret"}).confluence
    assert (own.user, own.token.reveal()) == ("wiki@acme.dev", "wiki-secret")
    assert "wiki-secret" not in repr(own)
