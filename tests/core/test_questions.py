"""What is asked after an incident, as tables."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core import Refused, questions
from bot.core.questions import Question
from bot.models import Incident, Mitigation, Noticed, Severity, Status, Took

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def incident(**more: Any) -> Incident:
    given: dict[str, Any] = {
        "id": 1,
        "request_id": "r",
        "title": "t",
        "team": "payments",
        "severity": Severity.SEV2,
        "status": Status.RESOLVED,
        "declared_by": "carol",
        "declared_at": NOW,
    }
    return Incident(**given | more)


@pytest.mark.parametrize(
    ("known", "skipped", "next_"),
    [
        ({}, (), Question.STOPPED),
        ({"mitigation_kind": Mitigation.SWITCH}, (), Question.TOOK),
        ({}, ("stopped",), Question.TOOK),
        ({"noticed": Noticed.MONITOR}, ("stopped", "took"), None),
        ({"mitigation_kind": Mitigation.SELF, "took": Took.NOTHING, "noticed": Noticed.LUCK}, (), None),
    ],
)
def test_the_first_that_is_neither_answered_nor_skipped_is_asked(
    known: dict[str, Any], skipped: tuple[str, ...], next_: Question | None
) -> None:
    assert questions.pending(incident(**known), skipped) is next_


def test_every_question_has_a_label_and_words_for_each_of_its_answers() -> None:
    for question, words in questions._WORDS.items():
        form = questions.FORMS[question]
        assert set(form.labels) == set(form.words) == {str(word) for word in words}
        assert len({*form.labels.values()}) == len(words)
        assert form.column in Incident.model_fields


@pytest.mark.parametrize("question", list(Question))
def test_an_answer_is_one_event_and_one_column(question: Question) -> None:
    form = questions.FORMS[question]
    for word in form.labels:
        decision = questions.answered(incident(), question, word)
        assert decision.sets == {form.column: word}
        [event] = decision.events
        assert form.words[word] in event.text("Alice", str)


def test_the_same_answer_again_is_nothing_and_another_by_a_late_tap_is_refused() -> None:
    known = incident(took=Took.FLAG)
    assert not questions.answered(known, Question.TOOK, "flag", late=True).events
    with pytest.raises(Refused, match=r"`/incident took INC-1 nothing\|flag"):
        questions.answered(known, Question.TOOK, "code", late=True)
    assert questions.answered(known, Question.TOOK, "code").sets == {"took": "code"}


@pytest.mark.parametrize(
    ("now", "zone", "morning"),
    [
        ("2026-11-24T12:00", "UTC", "2026-11-25T09:00"),
        # Half past seven on Wednesday in Tokyo is Tuesday in UTC: their next day is Thursday.
        ("2026-11-24T22:30", "Asia/Tokyo", "2026-11-26T00:00"),
        ("2026-11-27T18:00", "Europe/London", "2026-11-30T09:00"),
        ("2026-11-28T01:00", "America/New_York", "2026-11-30T14:00"),
        # The clocks go back on Sunday, 25 October 2026.
        ("2026-10-23T12:00", "Europe/London", "2026-10-26T09:00"),
        ("2026-12-31T12:00", "Pacific/Kiritimati", "2027-01-03T19:00"),
    ],
)
def test_the_next_working_morning_is_theirs(now: str, zone: str, morning: str) -> None:
    found = questions.next_morning(datetime.fromisoformat(now).replace(tzinfo=UTC), zone)
    assert found == datetime.fromisoformat(morning).replace(tzinfo=UTC)


@pytest.mark.parametrize(("text", "says"), [("", "one sentence"), ("x" * 301, "at most 300")])
def test_a_cause_is_one_sentence(text: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        questions.caused(incident(), text)


def test_a_cause_is_one_line() -> None:
    assert questions.caused(incident(), " the pool\nwas full ").sets == {"cause": "the pool was full"}
    assert not questions.caused(incident(cause="the pool was full"), "the pool was full").events
