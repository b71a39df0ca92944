"""What imports alone cannot say about the house."""

import ast
import dataclasses
import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import bot
from bot.core import jobs, timeline
from bot.core.jobs import Order
from bot.engine import Line
from bot.flows import timers
from bot.flows.failures import DOING, FOR_A_TEAM
from bot.slack import forms
from bot.slack.commands import ONCALL, PARTS, SUBCOMMANDS
from bot.slack.doors import FORMS
from bot.slack.interactions import TAPS

HERE = Path(bot.__file__).parent
MODULES = [path for path in sorted(HERE.rglob("*.py")) if "_alembic" not in path.parts]
ORDERS = [
    cls
    for cls in vars(jobs).values()
    if isinstance(cls, type) and issubclass(cls, Order) and cls not in {Order, jobs.Closing}
]


def test_every_order_has_exactly_one_handler() -> None:
    from bot.calendars.jobs import CalendarJobs
    from bot.confluence.jobs import ConfluenceJobs
    from bot.jira.jobs import JiraJobs
    from bot.notify.jobs import NotifyJobs
    from bot.slack.jobs import ELSEWHERE, IN_THE_CHANNEL
    from bot.slack.privacy import PrivacyJobs

    # The handlers are bound methods: no client is needed to say which orders they are for.
    slack = {*IN_THE_CHANNEL, *ELSEWHERE}
    assert not IN_THE_CHANNEL.keys() & ELSEWHERE.keys()
    jira = set(JiraJobs.handlers(JiraJobs.__new__(JiraJobs)))
    others = set(NotifyJobs.handlers(NotifyJobs.__new__(NotifyJobs)))
    others |= set(PrivacyJobs.handlers(PrivacyJobs.__new__(PrivacyJobs)))
    others |= set(CalendarJobs.handlers(CalendarJobs.__new__(CalendarJobs)))
    others |= set(ConfluenceJobs.handlers(ConfluenceJobs.__new__(ConfluenceJobs)))
    timed = {*timers.TIMERS, jobs.TidyUp}
    assert len(slack) + len(jira) + len(others) + len(timed) == len(ORDERS)
    assert slack | jira | others | timed == set(ORDERS)


def test_every_order_that_can_fail_for_good_is_told_in_words_or_needs_no_telling() -> None:
    silent = {
        jobs.PagePerson,  # told as a failed page
        jobs.NotifyPerson,  # told as a page that one way did not deliver
        jobs.FileIssue,  # told as an item that was not filed
        jobs.TakeBack,  # told in the report of what is still open
        jobs.ForgetElsewhere,
        jobs.SecureIssue,
        jobs.CloseChannel,
        jobs.MoveIssue,  # told to whoever decided it, as an item that Jira would not change
        jobs.AssignIssue,
        jobs.SetDue,
        jobs.RelabelIssue,
        jobs.FollowIssue,  # told to the team, once a day for the same reason
        jobs.PollIssues,  # the next look reaches back as far
        jobs.SweepIssues,
        jobs.ReadCalendar,  # tells its team itself
        jobs.CheckIn,
        jobs.PageOn,
        jobs.FollowMessage,
        jobs.CatchUp,  # what nobody listened to is looked for again at the next start
        jobs.WatchRotas,
        jobs.TellFindings,
        jobs.WriteDigests,
        jobs.Escalate,  # a transaction of our own
        jobs.LapsePage,
        jobs.SayAlerts,
        jobs.SettleAlert,
        jobs.TidyUp,
        jobs.LookUpAccounts,
        jobs.LookForMarks,
        jobs.RedrawPage,  # the next redraw, or the click itself, says the same
        jobs.RedrawHeadline,
        jobs.RedrawAnnouncement,
        jobs.FindAccount,  # told by the page that needs it, and by `writeback check`
        jobs.LearnProfile,
        jobs.Respond,
        jobs.AskGuide,  # the next guide is asked, and whoever asked is told
        jobs.RedrawGuide,  # the click itself says the same
        jobs.LapseGuide,
        jobs.RemindUpdate,  # a transaction of our own
        jobs.TellSubscribers,
        jobs.TellSubscriber,  # whoever can't be reached has asked for no more than to be told
        jobs.FollowChannel,
        jobs.FollowPerson,
        jobs.ArchiveQuiet,
        jobs.Say,  # whoever asked sees that no answer came
        jobs.PublishHome,  # drawn again when it is opened again
        jobs.WrapUp,  # a transaction of our own
        jobs.RemindQuestions,
        jobs.RemindPostmortems,
        jobs.RedrawQuestions,  # the answer stands in the timeline
        jobs.DrawCanvas,  # where Slack refuses it, people have the form
        jobs.ReadCanvas,
        jobs.LookForEarlier,
        jobs.ChasePeople,
        jobs.SendList,  # tells the lead and the team itself
    }
    told = set(DOING) | set(FOR_A_TEAM)
    assert told | silent == set(ORDERS)
    assert not told & silent
    assert not set(DOING) & set(FOR_A_TEAM)


@pytest.mark.parametrize("cls", ORDERS, ids=lambda cls: cls.__name__)
def test_an_order_survives_its_row(cls: type[Order]) -> None:
    values = {f.name: _example(f.type) for f in dataclasses.fields(cls)}
    order = cls(**values)
    again = cls(**json.loads(json.dumps(order.payload())))
    assert again.payload() == json.loads(json.dumps(order.payload()))
    assert again.kind == cls.__name__
    assert (again.key, again.lane) == (order.key, order.lane)


def _example(kind: object) -> object:
    return {int: 7, str: "words", bool: True, list[str]: ["a", "b"], tuple[str, ...]: ("a", "b")}[kind]  # type: ignore[index]


@pytest.mark.parametrize("cls", timeline.KINDS.values(), ids=lambda cls: cls.__name__)
def test_every_event_reads_as_a_sentence_and_survives_json(cls: type[timeline.Event]) -> None:
    values = {f.name: _example(f.type) for f in dataclasses.fields(cls)}
    event = cls(**values)
    text = event.text("Alice", str.title)
    assert len(text) > 5
    assert "{" not in text
    assert timeline.event(event.kind, json.loads(json.dumps(event.data()))).text("Alice", str.title) == text


@pytest.mark.parametrize("line", timers.recurring(timedelta(minutes=5)), ids=lambda line: line.name)
def test_every_recurring_job_has_one_key_for_each_slot(line: Line) -> None:
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    first, second = line.after(noon), line.after(line.after(noon))
    assert line.order(first).key == line.order(first).key
    assert line.order(first).key not in {None, line.order(second).key}


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_every_subcommand_has_usage_and_help(name: str) -> None:
    found = SUBCOMMANDS[name]
    assert found.usage.startswith(f"/incident {name}")
    assert len(found.about) > 3


def test_every_subcommand_stands_in_one_part_of_the_help() -> None:
    assert sorted(name for _, names in PARTS for name in names) == sorted(SUBCOMMANDS)


@pytest.mark.parametrize("name", ONCALL)
def test_every_subcommand_of_oncall_has_usage_and_help(name: str) -> None:
    assert ONCALL[name].usage.startswith(f"/oncall {name}")
    assert len(ONCALL[name].about) > 3


def test_every_tap_is_an_action_id_that_messages_draw() -> None:
    places = [path for folder in ("slack", "flows") for path in (HERE / folder).glob("*.py")]
    drawn = "".join(path.read_text() for path in places if path.name != "interactions.py")
    assert [name for name in TAPS if f'"{name}' not in drawn and f'f"{name}' not in drawn] == []


def test_every_choice_that_a_flow_offers_is_heard() -> None:
    offered = {
        does
        for path in (HERE / "flows").glob("*.py")
        for does in re.findall(r'Choice\(\s*[^,()]*(?:\([^()]*\))?[^,()]*,\s*"(\w+)"', path.read_text())
    }
    assert len(offered) > 10
    assert offered - set(TAPS) - set(FORMS) == set()


def test_every_form_has_a_button_and_is_refused_beside_a_field_of_its_own() -> None:
    drawn = "".join((HERE / "slack" / f"{name}.py").read_text() for name in ("messages", "home"))
    drawn += (HERE / "flows" / "mentions.py").read_text()
    assert [name for name in FORMS if f'"{name}' not in drawn and name not in forms.OPEN] == []
    assert [name for name in {*forms.OPEN, *forms.OVER} if name not in {*FORMS, *TAPS}] == []
    fields = (HERE / "slack" / "forms.py").read_text()
    assert [name for name, form in FORMS.items() if f'"{form.at}"' not in fields] == []


@pytest.mark.parametrize("path", sorted((HERE / "core").glob("*.py")), ids=lambda path: path.name)
def test_the_core_reads_no_clock(path: Path) -> None:
    calls = [
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        # A datetime has a `time()` too, and it reads nothing.
        and (node.func.attr != "time" or ast.unparse(node.func.value) == "time")
    ]
    assert not {"now", "utcnow", "today", "time", "monotonic", "perf_counter", "urandom", "token_hex"} & set(
        calls
    )


def test_nothing_happens_at_import() -> None:
    """Importing every module opens nothing, reads no setting and starts no thread."""
    names = [".".join(path.relative_to(HERE.parent).with_suffix("").parts) for path in MODULES]
    program = f"""
import socket, sqlite3, os, threading
def refuse(*a, **k): raise SystemExit("something happened at import")
socket.socket.connect = refuse
sqlite3.connect = refuse
before = threading.active_count()
import importlib
for name in {names!r}:
    importlib.import_module(name.removesuffix(".__init__"))
assert threading.active_count() == before, "a thread was started"
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_map_names_every_module() -> None:
    words = bot.__doc__ or ""
    missing = [
        path.stem
        for path in MODULES
        if path.stem != "__init__" and "sandbox" not in path.parts and path.stem.strip("_") not in words
    ]
    assert missing == []


def test_layers_hold() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports")],
        cwd=HERE.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
