"""The terminal, as an installed program: exit status, one sentence on stderr, JSON that is nothing but JSON."""

import csv
import fcntl
import json
import os
import re
import socket
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from alembic import command

from bench.year import Size, play
from bot import cli
from bot.__main__ import Assembly
from bot.config import load
from bot.db import _config, connect, migrate
from bot.flows import Asking, World, incidents
from tests.conftest import Clock

HERE = Path(__file__).parent.parent
EXAMPLE = (HERE / "config.example.toml").read_text()


@dataclass(frozen=True)
class Said:
    status: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


IMGHDR = "ignore:'imghdr' is deprecated:DeprecationWarning"
"""Apprise asks for it, and does without where it is gone."""


@dataclass(frozen=True)
class Folder:
    """A folder that has nothing but a configuration."""

    path: Path

    def run(self, *words: str, stdin: str = "", **env: str) -> Said:
        clean = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG"}}
        clean["PYTHONPATH"] = str(HERE)  # these very sources, whatever is installed
        done = subprocess.run(
            [sys.executable, "-W", "error", "-W", IMGHDR, "-m", "bot", *words],
            cwd=self.path,
            env=clean | env,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    (tmp_path / "config.toml").write_text(EXAMPLE)
    return Folder(tmp_path)


def test_without_a_configuration_the_sentence_names_the_way_out(tmp_path: Path) -> None:
    said = Folder(tmp_path).run("owner", "checkout")
    assert said.status == 1
    assert "`writeback example > config.toml` makes one to edit" in said.err
    assert Folder(tmp_path).run("example").out == EXAMPLE
    assert "Traceback" not in said.err


def test_a_broken_configuration_is_told_whole(folder: Folder) -> None:
    (folder.path / "config.toml").write_text(
        EXAMPLE + '\n[[team]]\nid = "x"\nleed = "nobody"\ntimezone = "Mars/Base"\n'
    )
    said = folder.run("check", "--offline")
    assert said.status == 1
    for words in ("leed", "Mars/Base"):
        assert words in said.err
    assert "Traceback" not in said.err


def test_every_command_argument_and_option_says_what_it_is_for() -> None:
    """And README.md names each command, and no other."""
    app = cli.program(Assembly())
    root = typer.main.get_command(app)
    commands: dict[str, Any] = root.commands  # type: ignore[attr-defined]
    assert [name for name, found in commands.items() if not found.help] == []
    silent = [(name, p.name) for name, found in commands.items() for p in found.params if not p.help]
    assert silent == []
    readme = (HERE / "README.md").read_text()
    named = set(re.findall(r"`(?:writeback )?([a-z]+)`|writeback ([a-z]+)", readme))
    words = {word for pair in named for word in pair if word}
    assert set(commands) - words == set()
    assert {word for _, word in named if word} - set(commands) == set()


def test_the_demo_s_workspace_is_for_typing_pressing_and_filling_in(tmp_path: Path) -> None:
    typed = (
        "jira",
        "/incident start checkout sev2 cards fail",
        "as alice",
        "press Acknowledge",
        "press Nothing of the kind",
        "in inc-1-cards-fail",
        "press Post update",
        "fill Nothing: of the kind",
        "fill What is known, what happens next?: it is the fraud check",
        "submit",
        "/incident action switches add a kill switch",
        "jira PAY-1 Shipped",
        "jira PAY-1 Done",
        "look",
        "home",
        "quit",
    )
    said = Folder(tmp_path).run("demo", stdin="\n".join(typed))
    assert (said.status, said.err) == (0, "")
    for words in (
        "No issues yet",
        "INC-1 started",
        "sees no button 'Nothing of the kind'",
        "A form is open: ",
        "has no field 'Nothing'",
        "Update by Alice: it is the fraud check",
        "PAY-1 can be moved to To Do, In Progress, Done",
        "PAY-1 in Jira: “add a kill switch” is done",
        "INC-1 cards fail* investigating #inc-1-cards-fail",
    ):
        assert words in said.out


def test_bad_usage_is_status_2(folder: Folder) -> None:
    assert folder.run("jobs", "retry").status == 2
    assert folder.run("no-such-command").status == 2
    assert folder.run("export").status == 2


def test_check_offline_passes_the_example(folder: Folder) -> None:
    said = folder.run("check", "--offline")
    assert (said.status, said.err) == (0, "")
    assert "0 problems" in said.out


def test_check_finds_what_will_go_wrong_with_the_schedules(folder: Folder) -> None:
    config = folder.path / "config.toml"
    config.write_text(config.read_text().replace('participants = ["greta"]', 'participants = ["erin"]'))
    said = folder.run("check", "--offline")
    assert said.status == 1
    assert "problem: [[team]] search: Erin is on call for Search and Platform at once" in said.out
    assert not (folder.path / "writeback.db").exists()  # looking makes no database


def test_check_tries_each_way_of_a_person_and_says_what_came_of_it(folder: Folder) -> None:
    config = folder.path / "config.toml"
    ways = 'notify = ["env:ALICE_NTFY", { to = "env:ALICE_SMS", after = "2m" }]'
    config.write_text(config.read_text().replace(f"# {ways}", ways))
    said = folder.run("check", "--notify", "alice", ALICE_NTFY="json://127.0.0.1:9/secret-path")
    assert said.status == 1
    assert "ALICE_NTFY: failed: " in said.out
    assert "ALICE_SMS: not set" in said.out
    assert "secret-path" not in said.out + said.err
    assert "has no way beyond Slack" in folder.run("check", "--notify", "bob").err
    assert "There is no [[person]] zoe" in folder.run("check", "--notify", "zoe").err


def test_the_month_is_read_at_a_glance(folder: Folder) -> None:
    said = folder.run("oncall", "search", "--month")
    assert said.status == 0
    assert "Search (Europe/Berlin" in said.out
    assert "09:00 carol, 17:00 " in said.out
    assert "Tue 24 Mar  " in folder.run("oncall", "search", "--month", "--at", "2026-03-25").out


def test_the_month_as_json_is_its_segments(folder: Folder) -> None:
    month = folder.run("oncall", "search", "--month", "--json", "--at", "2026-03-25").json()
    assert month["team"] == "search"
    # Four weeks from the Monday of that week, in the team's zone: the clocks change on the way.
    assert month["segments"][0]["start"] == "2026-03-22T23:00:00Z"
    assert month["segments"][-1]["end"] == "2026-04-19T22:00:00Z"
    every = folder.run("oncall", "--month", "--json").json()
    assert [one["team"] for one in every] == ["payments", "search", "platform"]
    assert "--month goes with --at" in folder.run("oncall", "--month", "--from", "2026-03-25").err


def test_an_owner_is_found_with_the_reason(folder: Folder) -> None:
    found = folder.run("owner", "checkout", "--json").json()
    assert (found["service"], found["team"]) == ("checkout", "payments")
    assert found["why"]
    trace = 'Traceback (most recent call last):\n  File "/app/services/checkout/pay.py", line 3, in pay\nValueError: no'
    assert folder.run("owner", "--json", stdin=trace).json()["service"] == "checkout"


def test_on_call_answers_now_and_for_a_span(folder: Folder) -> None:
    now = folder.run("oncall", "payments", "--at", "2026-11-24T12:00:00+00:00", "--json").json()
    assert set(now) == {"team", "at", "people", "until", "next"}
    assert now["at"] == "2026-11-24T12:00:00Z"
    span = folder.run(
        "oncall", "payments", "--from", "2026-11-01T00:00", "--to", "2026-11-20T00:00", "--json"
    ).json()
    assert span["team"] == "payments"
    assert [set(segment) for segment in span["segments"]] == [{"start", "end", "people"}] * len(
        span["segments"]
    )
    assert isinstance(folder.run("oncall", "--json").json(), list)
    assert folder.run("oncall", "nobody").status == 1
    assert folder.run("oncall", "payments", "--at", "yesterday").status == 1


def test_the_manifest_is_json_with_both_commands(folder: Folder) -> None:
    made = folder.run("manifest", "--http").json()
    commands = made["features"]["slash_commands"]
    assert [command["command"] for command in commands] == ["/incident", "/oncall"]
    assert all(command["should_escape"] for command in commands)
    assert made["settings"]["socket_mode_enabled"] is False
    socket = folder.run("manifest").json()
    assert socket["settings"]["socket_mode_enabled"] is True


def test_classify_names_a_category_and_why(folder: Folder) -> None:
    found = folder.run("classify", "add", "a", "kill", "switch", "for", "search", "--json").json()
    assert set(found) == {"category", "runner_up", "sure", "because"}
    assert found["category"] == "switches"


async def test_an_incident_is_listed_shown_and_exported(folder: Folder, clock: Clock) -> None:
    assert folder.run("migrate").status == 0
    live = load({"WRITEBACK_CONFIG": str(folder.path / "config.toml")}, folder.path)
    db = connect(f"sqlite:///{folder.path}/writeback.db")
    world = World(db, live, clock)
    asking = Asking(id="1", by="U1", channel="C1")
    await incidents.start(world, asking, text="checkout sev2 <script>alert(1)</script> fails")
    await db.close()
    shown = folder.run("show", "INC-1", "--json").json()
    assert list(shown) == [
        "key", "title", "service", "team", "severity", "status", "private", "declared_at", "acknowledged_at",
        "mitigated_at", "resolved_at", "mitigation", "channel", "roles", "pages", "timeline", "actions", "jobs",
        "guides", "switches", "test", "duplicate_of", "follows", "recurrences",
    ]  # fmt: skip
    assert shown["severity"] == "sev2"
    assert shown["declared_at"] == "2026-11-24T12:00:00Z"
    assert shown["jobs"]["waiting"] >= 2
    assert set(shown["pages"][0]) == {"person", "step", "state", "way", "sent_at", "answered_at"}
    ready = folder.run("ready", "checkout", "--json").json()
    assert set(ready) == {"service", "team", "on_call", "incidents", "facts", "gaps"}
    assert (ready["service"], ready["team"], ready["incidents"]) == ("checkout", "payments", 1)
    assert {"label": "Logs", "text": "Checkout logs", "url": "https://logs.acme.dev/checkout"} in ready[
        "facts"
    ]
    assert [gap["what"] for gap in ready["gaps"]] == ["“fraud check off” was never drilled"]
    assert "Switches: “fraud check off” was never drilled." in folder.run("ready", "basket").out
    assert "Did you mean checkout?" in folder.run("ready", "chekout").err
    assert folder.run("incidents", "--open", "--json").json()[0]["key"] == "INC-1"
    assert "paging" in folder.run("show", "inc-1").out.lower()
    assert "<script>" not in folder.run("export", "INC-1", "--format", "html").out
    assert folder.run("export", "INC-1", "--format", "md").out.startswith("# INC-1")
    exported = folder.run("export", "INC-1", "--format", "json").json()
    assert (exported["key"], exported["postmortem"]) == ("INC-1", None)
    where = folder.path / "learnt"
    written = folder.run("export", "INC-1", "--to", str(where)).out.strip()
    assert written == str(where / "2026" / "INC-1-script-alert-1-script-fails.md")
    assert Path(written).read_text().startswith("# INC-1")
    # Another title later is the same file still.
    Path(written).rename(where / "2026" / "INC-1-as-it-was-called.md")
    assert folder.run("export", "INC-1", "--to", str(where)).out.strip().endswith("INC-1-as-it-was-called.md")
    assert [path.name for path in (where / "2026").iterdir()] == ["INC-1-as-it-was-called.md"]
    (folder.path / "a file").write_text("")
    stopped = folder.run("export", "INC-1", "--to", str(folder.path / "a file"))
    assert (stopped.status, stopped.out) == (1, "")
    assert "Name another folder after --to" in stopped.err
    missing = folder.run("show", "INC-9")
    assert (missing.status, missing.out) == (1, "")
    assert "INC-9" in missing.err
    assert "OpenChannel" in folder.run("jobs").out
    assert folder.run("jobs", "retry", "99").status == 1


def test_run_refuses_with_a_sentence_what_can_not_work(folder: Folder) -> None:
    said = folder.run("run")
    assert said.status == 1
    assert "SLACK_BOT_TOKEN" in said.err
    assert "SLACK_APP_TOKEN" in said.err  # all that is missing, at once
    assert "SLACK_SIGNING_SECRET" in folder.run("run", SLACK_BOT_TOKEN="xoxb-1").err
    assert "Postgres" in folder.run("web", SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1").err


def test_a_port_in_use_and_a_second_bot_on_one_file_are_said(folder: Folder) -> None:
    config = folder.path / "config.toml"
    config.write_text(EXAMPLE.replace("https://slack.com/api/", "http://127.0.0.1:9/api/"))
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "shh"}
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = folder.run("run", **tokens, PORT=str(taken.getsockname()[1]))
    assert said.status == 1
    assert "set PORT to a free one" in said.err
    with open(folder.path / "writeback.db.lock", "w") as lock:
        lock.write("4242")
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = folder.run("run", **tokens, PORT="0")
    assert said.status == 1
    assert "4242" in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize("words", ["incidents", "report", "show INC-1", "jobs"])
def test_looking_where_there_is_no_database_says_so_and_makes_none(folder: Folder, words: str) -> None:
    said = folder.run(*words.split())
    assert (said.status, said.out) == (1, "")
    assert said.err.startswith("There is no database sqlite:///writeback.db yet: `writeback migrate`")
    assert not (folder.path / "writeback.db").exists()


def test_a_database_without_tables_or_with_older_ones_is_said(folder: Folder, url: str) -> None:
    env = {"DATABASE_URL": url}
    if url.startswith("sqlite"):
        Path(url.removeprefix("sqlite:///")).touch()
    for _ in range(2):
        said = folder.run("incidents", **env)
        assert (said.status, said.out) == (1, "")
        assert "`writeback migrate` brings them up to date" in said.err
        assert "Traceback" not in folder.run("check", **env).err
        command.upgrade(_config(url), "+1")


def test_a_file_that_is_no_database_is_said(folder: Folder) -> None:
    (folder.path / "writeback.db").write_text("these are not the bytes of a database " * 100)
    for words in ("incidents", "migrate"):
        said = folder.run(words)
        assert (said.status, said.out) == (1, "")
        assert "file is not a database" in said.err
        assert "Traceback" not in said.err


def test_the_split_commands_refuse_an_older_schema(folder: Folder, postgres_url: str) -> None:
    env = {"DATABASE_URL": postgres_url, "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    said = folder.run("worker", **env)
    assert said.status == 1
    assert "writeback migrate" in said.err


def test_the_wheel_brings_its_migrations_and_works_in_an_empty_folder(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(HERE)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    [wheel] = tmp_path.glob("*.whl")
    site, folder = tmp_path / "site", tmp_path / "folder"
    folder.mkdir()
    zipfile.ZipFile(wheel).extractall(site)
    (folder / "config.toml").write_text(EXAMPLE)
    assert (site / "bot" / "_config.example.toml").read_text() == EXAMPLE
    program = "import sys, bot; assert 'site' in bot.__file__; import bot.__main__ as b; sys.argv[1:] = ['migrate']; b.main()"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env={"PYTHONPATH": str(site), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (folder / "writeback.db").exists()
    migrate(f"sqlite:///{folder}/writeback.db")


# ---- reports ---------------------------------------------------------------------------------


@pytest.fixture
def year(tmp_path: Path) -> Folder:
    """A folder whose database is half a year of a small company, up to now."""
    end = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    played, _ = play(f"sqlite:///{tmp_path}/writeback.db", Size(weeks=26, a_week=10), seed=2, end=end)
    (tmp_path / "config.toml").write_text(played.config())
    return Folder(tmp_path)


def test_a_report_is_a_table_json_csv_and_a_page(year: Folder) -> None:
    said = year.run("report", "payments", "--weeks", "20")
    assert (said.status, said.err) == (0, "")
    for words in ("Payments, 20 weeks to", "Paged against owner", "Support load", "median", "From "):
        assert words in said.out
    data = year.run("report", "--weeks", "20", "--json").json()
    assert (data["team"], data["weeks"]) == (None, 20)
    parts = {part["id"]: part for part in data["parts"]}
    assert sum(row["incidents"] for row in parts["teams"]["rows"]) == data["incidents"]
    assert all(
        set(row) == {column["id"] for column in part["columns"]}
        for part in data["parts"]
        for row in part["rows"]
    )
    lines = list(csv.DictReader(year.run("report", "--csv").out.splitlines()))
    assert {line["part"] for line in lines} >= {"teams", "times", "support"}
    assert all(line["value"] == "" or float(line["value"]) >= 0 for line in lines)
    assert year.run("report", "--html", "page.html").status == 0
    assert (year.path / "page.html").read_text().startswith("<!doctype html>")


def test_a_report_that_can_not_be_is_refused_in_a_sentence(year: Folder) -> None:
    said = year.run("report", "nosuch")
    assert (said.status, said.out) == (1, "")
    assert said.err.startswith("There is no team “nosuch”: the catalog has accounts")
    assert year.run("report", "--weeks", "0").status == 2
    assert year.run("report", "--json", "--csv").status == 2
    said = year.run("report", "--html", "nowhere/page.html")
    assert (said.status, "Traceback" in said.err) == (1, False)
    assert "nowhere/page.html can't be written" in said.err


def test_the_digest_of_a_week_is_short_and_of_none_says_so(year: Folder) -> None:
    said = year.run("digest")
    assert (said.status, said.err) == (0, "")
    assert "All teams, week" in said.out
    assert len(said.out.splitlines()) < 40
    data = year.run("digest", "--json").json()
    assert set(data) == {"week", "from", "to", "team", "headline", "sections", "figures"}
    assert data["figures"]["incidents"] > 0
    assert year.run("digest", "--week", "2001-W07").out == "Nothing happened in week 2001-W07.\n"
    mine = year.run("digest", "payments")
    assert mine.out.startswith(("Payments, week ", "Nothing happened in week "))
    assert mine == year.run("digest", "--team", "payments")
    assert year.run("digest", "payments", "--team", "search").status == 2
    said = year.run("digest", "--week", "last")
    assert (said.status, said.err) == (1, "“last” is no week: write it as 2026-W48.\n")
