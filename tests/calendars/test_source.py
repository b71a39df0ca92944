"""Another program's calendar is read as a rota: its people, its zones, its rules; nonsense is refused in a sentence."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendars import reading
from bot.calendars.source import matcher, read
from bot.core import Refused
from bot.models import Person

PEOPLE = [
    Person("alice", "Alice Smith", "alice@acme.dev"),
    Person("bob", "", "bob@acme.dev"),
    Person("zoe-b", "Zoë Brown", "zoe@acme.dev"),
]
START, END = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)


def calendar(*events: str) -> str:
    body = "".join(f"BEGIN:VEVENT\nUID:{n}\n{event.strip()}\nEND:VEVENT\n" for n, event in enumerate(events))
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{body}END:VCALENDAR\n"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("summary", "people"),
    [
        ("alice", ["alice"]),
        ("Alice Smith", ["alice"]),
        ("alice smith on call", ["alice"]),
        ("On Call - Alice Smith - Primary", ["alice"]),
        ("bob@acme.dev on call", ["bob"]),
        ("alice, bob", ["alice", "bob"]),
        ("Alice Smith and Bob", ["alice", "bob"]),
        ("bob + zoe-b", ["bob", "zoe-b"]),
        ("Zoë Brown / Bob", ["bob", "zoe-b"]),
        ("On-call: Zoë Brown", ["zoe-b"]),
        ("Christmas party", []),
    ],
)
def test_the_people_of_a_summary_are_found(summary: str, people: list[str]) -> None:
    text = calendar(
        f"DTSTART:20261105T090000Z\nDTEND:20261106T090000Z\nSUMMARY:{summary.replace(',', chr(92) + ',')}"
    )
    found = read(text, start=START, end=END, known=matcher(PEOPLE))
    assert sorted(person for person, _, _ in found.shifts) == people
    assert found.unknown == (() if people else ("Christmas party",))


def test_attendees_count_before_the_summary() -> None:
    event = (
        "DTSTART:20261105T090000Z\nDURATION:PT8H\nSUMMARY:Alice Smith\nATTENDEE;CN=B:mailto:BOB@acme.dev\n"
    )
    found = read(
        calendar(event + "ATTENDEE:mailto:who@else.dev"), start=START, end=END, known=matcher(PEOPLE)
    )
    assert found.shifts == (("bob", at("2026-11-05T09:00"), at("2026-11-05T17:00")),)
    assert found.unknown == ("who@else.dev",)


def test_a_weekly_rule_keeps_its_local_time_across_a_change_of_clocks() -> None:
    event = (
        "DTSTART;TZID=Europe/London:20261019T090000\nDTEND;TZID=Europe/London:20261026T090000\n"
        "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=3\nEXDATE;TZID=Europe/London:20261102T090000\nSUMMARY:alice"
    )
    found = read(calendar(event), start=START, end=END, known=matcher(PEOPLE))
    assert [(s, e) for _, s, e in found.shifts] == [
        (at("2026-10-19T08:00"), at("2026-10-26T09:00")), (at("2026-11-16T09:00"), at("2026-11-23T09:00")),
    ]  # fmt: skip


def test_a_moved_occurrence_replaces_the_one_of_the_rule() -> None:
    rule = "UID:r\nDTSTART:20261102T090000Z\nDTEND:20261102T170000Z\nRRULE:FREQ=DAILY;COUNT=2\nSUMMARY:alice"
    moved = (
        "UID:r\nRECURRENCE-ID:20261103T090000Z\nDTSTART:20261103T120000Z\nDTEND:20261103T130000Z\nSUMMARY:bob"
    )
    text = calendar(rule, moved).replace("UID:0\n", "").replace("UID:1\n", "")
    found = read(text, start=START, end=END, known=matcher(PEOPLE))
    assert [(p, s) for p, s, _ in found.shifts] == [
        ("alice", at("2026-11-02T09:00")),
        ("bob", at("2026-11-03T12:00")),
    ]


def test_all_day_floating_cancelled_and_empty_events() -> None:
    events = (
        "DTSTART;VALUE=DATE:20261107\nDTEND;VALUE=DATE:20261109\nSUMMARY:alice",
        "DTSTART:20261110T090000\nDTEND:20261110T170000\nSUMMARY:bob",
        "DTSTART:20261111T090000Z\nDTEND:20261111T170000Z\nSTATUS:CANCELLED\nSUMMARY:alice",
        "DTSTART:20261112T090000Z\nDTEND:20261112T090000Z\nSUMMARY:alice",
    )
    found = read(calendar(*events), start=START, end=END, known=matcher(PEOPLE), zone="America/New_York")
    assert found.shifts == (
        ("alice", at("2026-11-07T05:00"), at("2026-11-09T05:00")),
        ("bob", at("2026-11-10T14:00"), at("2026-11-10T22:00")),
    )


def test_what_lies_outside_is_cut() -> None:
    event = "DTSTART:20260901T000000Z\nDTEND:20261002T000000Z\nSUMMARY:alice"
    found = read(calendar(event), start=START, end=END, known=matcher(PEOPLE))
    assert found.shifts == (("alice", START, at("2026-10-02T00:00")),)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "it is no calendar: it does not begin with BEGIN:VCALENDAR"),
        ("<html>404</html>", "it is no calendar"),
        (calendar("DTSTART:20261001T000000Z\nRRULE:FREQ=SECONDLY\nSUMMARY:alice"), "repeats so often"),
        (calendar("DTSTART:19000101T000000Z\nRRULE:FREQ=HOURLY\nSUMMARY:alice"), "repeats so often"),
        (
            calendar(
                "DTSTART:19700101T000000Z\nSUMMARY:alice\n"
                f"RRULE:FREQ=DAILY;BYHOUR={','.join(map(str, range(24)))};BYMINUTE={','.join(map(str, range(60)))}"
            ),
            "repeats so often",
        ),
        ("BEGIN:VCALENDAR\n" + "x" * 5_000_001, "larger than 5 MB"),
    ],
    ids=["empty", "html", "each second", "each hour for ever", "each minute", "huge"],
)
def test_what_is_no_rota_is_refused_in_a_sentence(text: str, told: str) -> None:
    with pytest.raises(Refused, match=told):
        read(text, start=START, end=END, known=matcher(PEOPLE))


lines = st.sampled_from(
    ["DTSTART:20261105T090000Z", "DTEND:20261106T090000Z", "DTSTART:rubbish", "RRULE:FREQ=DAILY;COUNT=-1", "DURATION:P1D",
     "SUMMARY:alice", "RRULE:FREQ=YEARLY;BYDAY=99MO", "EXDATE:x", "DTSTART;TZID=Nowhere/At:20261105T090000", "END:VEVENT",
     "ATTENDEE:", "RECURRENCE-ID:20261105T090000Z", "\x00", "BEGIN:VTIMEZONE", "END:VCALENDAR"]
)  # fmt: skip


@settings(max_examples=300, deadline=timedelta(seconds=5))
@given(st.lists(lines | st.text(max_size=30), max_size=8))
def test_any_text_is_read_or_refused(body: list[str]) -> None:
    # What the child answers, without a process for each of hundreds of texts.
    answer = reading.answered(calendar("\n".join(body)), START, END, "UTC")
    assert answer.get("refused") or all(
        START <= datetime.fromisoformat(begins) < datetime.fromisoformat(ends) <= END
        for begins, ends, _, _ in answer["events"]
    )
