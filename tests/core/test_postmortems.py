"""What the document says, from facts alone and with people's words."""
# a sentence that is expected stands whole

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from bot.core import Refused, postmortems
from bot.core.categories import CATEGORIES, Category
from bot.core.postmortems import Facts, Section
from bot.core.timeline import Line
from bot.models import (
    Action,
    ActionState,
    Incident,
    Mitigation,
    Noticed,
    Page,
    PageState,
    Person,
    Postmortem,
    Service,
    Severity,
    Status,
    Switch,
    Team,
    Took,
)

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TEAM = Team(id="payments", name="Payments", timezone="Europe/London")
CHECKOUT = Service(id="checkout", team="payments")
WITH_SWITCH = Service(id="checkout", team="payments", switches=(Switch("fraud check off"),))
HOSTILE = "<script>alert(1)</script> [x](javascript:y) {panel} | `a` *b* _c_ & # --"


def minutes(n: float) -> datetime:
    return NOON + timedelta(minutes=n)


def incident(**more: Any) -> Incident:
    given: dict[str, Any] = {
        "id": 1,
        "request_id": "r",
        "title": "card payments fail",
        "service": "checkout",
        "team": "payments",
        "severity": Severity.SEV2,
        "status": Status.RESOLVED,
        "declared_by": "carol",
        "declared_at": NOON,
        "acknowledged_at": minutes(1),
        "resolved_at": minutes(47),
    }
    return Incident(**given | more)


def line(at: float, kind: str = "noted", text: str = "Bob: a line", **more: Any) -> Line:
    return Line(minutes(at), minutes(at), kind, text, "bob", bool(more.get("withdrawn")))


def item(title: str, category: str = "", **more: Any) -> Action:
    given: dict[str, Any] = {
        "id": title,
        "incident_id": 1,
        "title": title,
        "team": "payments",
        "category": category,
        "created_by": "alice",
        "created_at": NOON,
    }
    return Action(**given | more)


def facts(
    of: Incident | None = None,
    *,
    service: Service | None = CHECKOUT,
    lines: Sequence[Line] = (),
    pages: Sequence[Page] = (),
    actions: Sequence[Action] = (),
    categories: Sequence[Category] = CATEGORIES,
    postmortem: Postmortem | None = None,
) -> Facts:
    return Facts(of or incident(), TEAM, service, lines, pages, actions, str.title, categories, postmortem)


def written(**sections: str) -> Postmortem:
    lesson = sections.pop("lesson", "")
    return Postmortem(
        incident_id=1, author="alice", sections=sections, lesson=lesson, created_at=NOON, updated_at=NOON
    )


# ---- have you considered…? -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("category", "about", "service", "answer"),
    [
        (
            "switches",
            {"took": Took.REDEPLOY},
            CHECKOUT,
            "None existed for checkout; it took a redeploy, 47 min.",
        ),
        (
            "switches",
            {"mitigation_kind": Mitigation.ROLLBACK},
            CHECKOUT,
            "None existed for checkout; it took a rollback, 47 min.",
        ),
        ("switches", {}, CHECKOUT, "None existed for checkout."),
        (
            "switches",
            {
                "mitigated_at": minutes(9),
                "mitigation_kind": Mitigation.SWITCH,
                "mitigation_text": "fraud check off",
            },
            WITH_SWITCH,
            "A switch stopped it (fraud check off), 9 min.",
        ),
        (
            "switches",
            {"took": Took.CODE},
            WITH_SWITCH,
            "checkout has fraud check off; none of it is what stopped this: it took a change of the code, 47 min.",
        ),
        ("switches", {"took": Took.REBUILD}, None, "No switch stopped it; it took a rebuild, 47 min."),
        (
            "config",
            {"mitigation_kind": Mitigation.CONFIG, "took": Took.FLAG},
            CHECKOUT,
            "Configuration stopped it, at runtime, 47 min.",
        ),
        (
            "config",
            {"mitigation_kind": Mitigation.CONFIG, "took": Took.REDEPLOY},
            CHECKOUT,
            "Configuration stopped it, but not without a redeploy, 47 min.",
        ),
        ("config", {"took": Took.RESTART}, CHECKOUT, "Not without a restart, 47 min."),
        ("config", {"took": Took.REDEPLOY}, CHECKOUT, "Not at runtime: it took a redeploy, 47 min."),
        ("monitoring", {"noticed": Noticed.CUSTOMER}, CHECKOUT, "A customer noticed first."),
        (
            "failure",
            {"mitigation_kind": Mitigation.UPSTREAM},
            CHECKOUT,
            "An upstream failed, and until it recovered nothing of ours helped, 47 min.",
        ),
        (
            "failure",
            {"mitigation_kind": Mitigation.RESTART},
            CHECKOUT,
            "A restart helped: something had hung or run full, and did not get out of it by itself.",
        ),
    ],
)
def test_a_question_is_answered_from_the_incident(
    category: str, about: dict[str, Any], service: Service | None, answer: str
) -> None:
    assert postmortems.considered(facts(incident(**about), service=service), category) == [answer]


def test_a_switch_is_not_told_as_configuration_too() -> None:
    about = incident(mitigation_kind=Mitigation.SWITCH, took=Took.FLAG)
    assert postmortems.considered(facts(about, service=WITH_SWITCH), "config") == []


def test_no_question_stays_bare_where_an_item_answers_it_and_open_ones_say_so() -> None:
    items = [item(f"alert {n}", "monitoring", jira=f"PAY-{n}") for n in range(1, 8)]
    text = postmortems.document(facts(actions=items)).plain()
    assert "PAY-1: alert 1 (open)" in text
    assert "and 2 more items" in text
    logs = text.index("Could you find the fault from the logs alone")
    assert text[logs:].splitlines()[1] == "• This incident does not say: it is open."


def test_every_question_of_the_configuration_stands_in_the_document() -> None:
    own = Category("data", "Data quality", "wrong data", "Who would notice a wrong number?")
    text = postmortems.document(facts(categories=(*CATEGORIES, own))).plain()
    for category in (*CATEGORIES, own):
        assert category.question in text


# ---- the timeline ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "gaps"),
    [
        ((0, 5, 10, 47), ["37 min"]),
        ((0, 19.9, 39.8, 47), []),
        ((0, 20, 40, 47), ["20 min", "20 min"]),
        ((25, 47), ["25 min", "22 min"]),
    ],
)
def test_silences_of_twenty_minutes_are_marked(at: tuple[float, ...], gaps: list[str]) -> None:
    lines = [line(n) for n in at[:-1]] + [line(at[-1], "resolved", "Alice resolved it")]
    text = postmortems.document(facts(lines=lines)).plain()
    found = [row for row in text.splitlines() if "without a line" in row]
    assert [row.split(" without")[0].removeprefix("• ") for row in found] == gaps


def test_what_is_withdrawn_breaks_no_silence_and_the_time_after_the_end_is_none() -> None:
    lines = [
        line(0),
        line(10, withdrawn=True),
        line(25),
        line(26, "resolved"),
        line(300),
        line(400, "reopened"),
        line(430),
    ]
    text = postmortems.document(facts(lines=lines)).plain()
    found = [row for row in text.splitlines() if "without a line" in row]
    assert [row.split(" without")[0] for row in found] == ["• 25 min", "• 30 min"]


def test_before_the_declaration_there_is_no_gap_but_a_first_sign() -> None:
    lines = [line(-30, text="Bob: the graph dips"), line(0), line(5)]
    text = postmortems.document(facts(incident(noticed=Noticed.MONITOR), lines=lines)).plain()
    assert "First sign at 11:30, 30 min before it was declared: Bob: the graph dips" in text
    assert "The first sign was 30 min old when it was declared." in text
    assert "without a line" not in text


# ---- what went well, and luck ------------------------------------------------------------------


def page(state: PageState, **more: Any) -> Page:
    given: dict[str, Any] = {
        "incident_id": 1, "number": 1, "run": 1, "step": 0, "person": "alice", "state": state,
        "created_at": NOON, "sent_at": NOON, "answered_at": minutes(1),
    }  # fmt: skip
    return Page(**given | more)


@pytest.mark.parametrize(
    ("section", "about", "pages", "says"),
    [
        (Section.WELL, {}, (), "It was acknowledged in 1 min."),
        (Section.WELL, {}, (page(PageState.ACKNOWLEDGED),), "The first person who was paged took it."),
        (Section.WELL, {"noticed": Noticed.MONITOR}, (), "A monitor noticed before any customer."),
        (Section.WELL, {"mitigation_kind": Mitigation.SWITCH}, (), "A switch was there and worked, 47 min."),
        (
            Section.WELL,
            {"mitigation_kind": Mitigation.CONFIG, "took": Took.FLAG},
            (),
            "It was stopped at runtime, without a deploy, 47 min.",
        ),
        (Section.LUCK, {"noticed": Noticed.LUCK}, (), "somebody did by luck"),
        (Section.LUCK, {"mitigation_kind": Mitigation.SELF}, (), "It stopped by itself"),
        (Section.LUCK, {}, (page(PageState.ACKNOWLEDGED, by_hand=True),), "asked by hand and came"),
    ],
)
def test_facts_say_what_went_well_and_where_luck_helped(
    section: Section, about: dict[str, Any], pages: tuple[Page, ...], says: str
) -> None:
    assert says in postmortems.suggested(facts(incident(**about), pages=pages), section)


def test_what_went_well_and_luck_name_nobody() -> None:
    of = incident(noticed=Noticed.LUCK, mitigation_kind=Mitigation.SELF)
    pages = (page(PageState.ACKNOWLEDGED, by_hand=True),)
    said = "".join(postmortems.suggested(facts(of, pages=pages), s) for s in (Section.WELL, Section.LUCK))
    assert "lice" not in said


# ---- words -----------------------------------------------------------------------------------


def test_peoples_words_take_the_place_of_facts_and_keep_their_lists() -> None:
    row = written(well="It rained.\n- one\n- two", lesson="Roll back first")
    text = postmortems.document(facts(postmortem=row)).markdown()
    assert "## What went well\n\nIt rained.\n\n- one\n- two" in text
    assert "## Lesson\n\nRoll back first" in text
    assert "It was acknowledged in 1 min" not in text


def test_hostile_words_read_literally_everywhere() -> None:
    row = written(**{section.value: HOSTILE for section in Section})
    of = incident(title=HOSTILE, cause=HOSTILE, mitigation_kind=Mitigation.OTHER, mitigation_text=HOSTILE)
    document = postmortems.document(
        facts(of, lines=[line(0, text=HOSTILE)], actions=[item(HOSTILE, "gone")], postmortem=row)
    )
    assert "<script>" not in document.html()
    assert "<script>" not in document.storage()
    assert "<script>" not in document.markdown()
    assert not re.search(r"(?<!\\)\]\(javascript", document.markdown())
    assert "{panel}" not in document.wiki().replace(r"\{panel\}", "")
    assert HOSTILE in document.plain()


def test_names_are_found_so_that_roles_can_be_said_instead() -> None:
    people = [Person("alice", "Alice Smith"), Person("bob"), Person("mark", "Mark")]
    assert postmortems.named_in("alice deployed, bob's pager slept", people) == ["Alice Smith", "Bob"]
    assert postmortems.named_in("whoever was on call had no benchmark", people) == []


@pytest.mark.parametrize(
    ("section", "text", "says"),
    [
        (Section.IMPACT, "x" * 3001, "Impact has 3001 characters; at most 3000 fit"),
        (Section.LESSON, "x" * 301, "Lesson has 301 characters; at most 300 fit"),
    ],
)
def test_what_is_too_long_is_refused_and_never_cut(section: Section, text: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        postmortems.fitting(section, text)


# ---- items, dates, files -------------------------------------------------------------------------


def test_items_stand_by_category_and_a_lost_one_by_its_id() -> None:
    items = [
        item("b", "gone"),
        item("a", "switches"),
        item("c", "logging", state=ActionState.DONE),
        item("d"),
    ]
    text = postmortems.document(facts(actions=items)).markdown()
    heads = [row for row in text.splitlines() if row.startswith("### ")]
    assert heads == ["### Logging", "### Switches", "### No category", "### gone"]
    assert "- c, done\n" in text


@pytest.mark.parametrize(
    ("today", "reminded", "lead"),
    [
        ("2026-12-02", "", False),
        ("2026-12-03", "soon", False),
        ("2026-12-04", "soon", False),
        ("2026-12-05", "overdue", False),
        ("2026-12-07", "overdue", True),
        ("2026-12-11", "overdue", True),
        ("2026-12-12", "", True),
        ("2026-12-19", "", False),
    ],
)
def test_reminders_begin_a_day_before_and_end(today: str, reminded: str, lead: bool) -> None:
    due, day = date(2026, 12, 4), date.fromisoformat(today)
    assert postmortems.reminder(due, day) == reminded
    assert postmortems.is_for_the_lead(due, day) is lead


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Card payments fail!", "INC-1-card-payments-fail.md"),
        ("Zahlung schlägt fehl", "INC-1-zahlung-schlagt-fehl.md"),
        ("支払い", "INC-1.md"),
        ("../../etc/passwd", "INC-1-etc-passwd.md"),
        ("x" * 200, f"INC-1-{'x' * 60}.md"),
    ],
)
def test_a_file_has_a_plain_name(title: str, name: str) -> None:
    assert postmortems.file_name(incident(title=title), "md") == name


def test_headings_do_not_skip_a_level() -> None:
    text = postmortems.document(facts(actions=[item("a", "switches")])).markdown()
    levels = [len(row) - len(row.lstrip("#")) for row in text.splitlines() if row.startswith("#")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_switch_is_not_said_to_be_useless_while_nobody_has_said_what_stopped_it() -> None:
    assert postmortems.considered(facts(service=WITH_SWITCH), "switches") == [
        "checkout has fraud check off; what stopped this is not recorded."
    ]


def test_the_words_of_the_resolve_stand_for_a_cause_that_nobody_wrote() -> None:
    known = replace(facts(), ended="the pool was exhausted.")
    assert "It was resolved with the words: the pool was exhausted." in postmortems.suggested(
        known, Section.SUMMARY
    )
    assert postmortems.suggested(known, Section.FACTORS) == "the pool was exhausted."
    written = replace(facts(incident(cause="a slow report")), ended="the pool was exhausted.")
    assert "Cause: a slow report." in postmortems.suggested(written, Section.SUMMARY)
    assert "the pool" not in postmortems.suggested(written, Section.SUMMARY)
