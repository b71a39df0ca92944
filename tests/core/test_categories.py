"""What an action item's text suggests, by the labelling rules, and what people's choices change about it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.categories import CATEGORIES, CHOSEN, Category, normal, suggest


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Rotate /var/log/nginx daily and keep seven days", "logging"),
        ("Do not swallow exceptions in the event consumer", "logging"),
        ("Include the tenant in every line the invoicing worker writes to the log", "logging"),
        ("Cut the log bill: the gateway writes 40 lines per request", "logging"),
        ("Background jobs fail silently", "logging"),
        ("Put a 2 second timeout on calls to the tax service", "failure"),
        ("Circuit breaker around the SMS provider, falling back to e-mail", "failure"),
        ("If Redis is gone, serve the page without recommendations instead of a 500", "failure"),
        ("Give reporting queries their own read replica so that they cannot starve checkout", "failure"),
        (
            "One bad message blocks the partition: move it to a dead-letter queue after three attempts",
            "failure",
        ),
        ("Kill switch for the recommendation widget", "switches"),
        ("Be able to turn off partner syncing per tenant", "switches"),
        ("Let on-call disable image resizing without a deploy", "switches"),
        ("Support needs a manual override when the fraud check blocks good customers", "switches"),
        ("As an operator I want to put the site into maintenance mode", "switches"),
        ("The pool size is hardcoded to 10; read it from the environment", "config"),
        ("Move the batch size out of the code and into a setting", "config"),
        ("Reload the limits without restarting the proxy", "config"),
        ("Align the keepalive settings between load balancer and backend", "config"),
        ("Page us when checkout drops below 50 orders a minute", "monitoring"),
        ("Dashboard for queue age and consumer lag", "monitoring"),
        ("Define an SLO for search latency", "monitoring"),
        ("Nobody noticed for six hours that the export had stopped", "monitoring"),
        ("Train two more people in operating Kafka", "other"),
        ("Run a game day for the loss of a data centre", "other"),
        ("Give on-call access to the production bastion", "other"),
        ("Publish the incident on the status page within 15 minutes", "other"),
    ],
)
def test_a_plain_text_gets_its_category(text: str, category: str) -> None:
    assert suggest(text).category == category


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Alert when the log shipper stops", "monitoring"),
        ("Reduce alert noise from the disk checks", "monitoring"),
        ("Move the database timeouts to runtime configuration", "config"),
        ("Validate configuration before it is pushed", "config"),
        ("Detect configuration drift between Terraform and production", "config"),
        ("Roll configuration changes out in stages", "config"),
        ("Put the new pricing engine behind a feature flag", "switches"),
        ("Introduce staged rollouts for application releases", "other"),
        ("Add a CI check that migrations are reversible", "other"),
        ("Plan capacity for Black Friday", "other"),
        ("Set memory limits on all containers", "failure"),
        ("Set up cross-region backups of the primary database", "failure"),
        ("Pods need a readiness probe that really checks the database", "failure"),
        ("Restart the worker automatically when it hangs", "failure"),
        ("Lower the log level of the health endpoint to debug", "logging"),
        ("Increase log retention from 7 to 30 days", "logging"),
        ("Document the kill switches and where to find them", "other"),
        ("Write a runbook for the replication lag alert", "other"),
        ("Write tests for the retry logic", "other"),
    ],
)
def test_the_change_asked_for_decides_and_not_the_words(text: str, category: str) -> None:
    assert suggest(text).category == category


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Set up log rotation on the build agents", "logging-noise"),
        ("Reduce the log volume of the gateway, it fills the disk", "logging-noise"),
        ("Stack traces are missing from the error log", "logging-gap"),
        ("Ship logs of the edge nodes to the central store", "logging-gap"),
        ("Kill switch for the recommendation widget", None),
    ],
)
def test_logging_is_told_apart_into_too_much_and_too_little(text: str, kind: str | None) -> None:
    assert suggest(text).kind == kind


def test_the_reasons_are_words_of_the_text() -> None:
    suggestion = suggest("We need a kill-switch that works without a deploy, for the importer")
    assert suggestion.category == "switches"
    assert suggestion.sure
    assert set(suggestion.because) >= {"kill switch", "without a deploy"}


def test_many_words_between_are_left_out_of_a_reason() -> None:
    assert "turn … off" in suggest("Turn the partner syncing off").because


def test_evidence_for_two_categories_is_no_certainty() -> None:
    suggestion = suggest("Timeouts and dashboards")
    assert {suggestion.category, suggestion.runner_up} == {"failure", "monitoring"}
    assert not suggestion.sure


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        "🔥🔥🔥",
        "…",
        "42",
        "Bitte morgen den Kollegen fragen, ob er das noch braucht",
        "请明天处理",
        "xyzzy",
    ],
)
def test_without_evidence_it_is_other_and_not_sure(text: str) -> None:
    suggestion = suggest(text)
    assert suggestion.category == "other"
    assert suggestion.runner_up != "other"
    assert not suggestion.sure
    assert suggestion.because == ()


def test_a_long_story_is_judged_by_its_beginning() -> None:
    story = "Then somebody looked at the dashboard, and the alert fired again. " * 80
    suggestion = suggest("Add a kill switch for the importer. " + story[:5000])
    assert "switches" in {suggestion.category, suggestion.runner_up}
    assert suggestion == suggest("Add a kill switch for the importer. " + story[:1500])


@given(st.text(max_size=300))
def test_any_text_gets_two_different_categories(text: str) -> None:
    suggestion = suggest(text)
    ids = [category.id for category in CATEGORIES]
    assert suggestion.category in ids
    assert suggestion.runner_up in ids
    assert suggestion.category != suggestion.runner_up
    assert suggestion == suggest(text)


# ---- what people chose ---------------------------------------------------------------------------------

TEXT = "Add a timeout to the tax client of the checkout service"


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "add a Timeout to the tax client of the checkout service!",
        "Add timeouts to tax clients of our checkout service",
    ],
)
def test_a_choice_wins_for_the_same_or_nearly_the_same_text(text: str) -> None:
    suggestion = suggest(text, remembered={normal(TEXT): "config"})
    assert (suggestion.category, suggestion.runner_up) == ("config", "failure")
    assert suggestion.sure
    assert suggestion.because == (CHOSEN,)


def test_a_choice_says_nothing_about_another_text() -> None:
    remembered = {normal(TEXT): "config"}
    assert suggest("Add a timeout to the search client", remembered=remembered).category == "failure"


def test_the_most_alike_of_several_choices_wins() -> None:
    longer = normal(TEXT + " today")
    remembered = {normal(TEXT.replace("Add", "Put")): "other", longer: "monitoring", normal(TEXT): "config"}
    assert suggest(TEXT, remembered=remembered).category == "config"


def test_choosing_the_suggested_category_keeps_the_runner_up() -> None:
    plain = suggest(TEXT)
    chosen = suggest(TEXT, remembered={normal(TEXT): plain.category})
    assert (chosen.category, chosen.runner_up) == (plain.category, plain.runner_up)


def test_a_choice_of_a_category_that_is_gone_is_passed_over() -> None:
    assert suggest(TEXT, remembered={normal(TEXT): "billing"}) == suggest(TEXT)


def test_nothing_is_remembered_for_a_text_without_words() -> None:
    assert suggest("🔥", remembered={normal("!!"): "config"}).category == "other"


# ---- categories from the configuration -----------------------------------------------------------------


def test_a_category_of_ones_own_is_suggested_by_its_phrases() -> None:
    billing = Category(
        "billing", "Billing", "what the cloud costs", phrases=("cloud bill|costs", "^save money")
    )
    suggestion = suggest("Keep the cloud bill down", categories=(*CATEGORIES, billing))
    assert suggestion.category == "billing"
    assert suggestion.because == ("cloud bill",)


def test_a_phrase_with_a_gap_spans_words_of_one_sentence_only() -> None:
    mine = Category("mine", "Mine", "", phrases=("flux … capacitor",))
    categories = (*CATEGORIES, mine)
    assert suggest("Replace the flux in the capacitor", categories=categories).category == "mine"
    assert suggest("Replace the flux. Then the capacitor", categories=categories).category != "mine"
    assert suggest("flux one two three four five capacitor", categories=categories).category != "mine"


def test_an_opening_phrase_counts_after_openers_and_not_elsewhere() -> None:
    categories = (*CATEGORIES, Category("mine", "Mine", "", phrases=("^frobnicate",)))
    assert suggest("We should also frobnicate the thing", categories=categories).category == "mine"
    assert suggest("Short term: frobnicate the thing", categories=categories).category == "mine"
    assert suggest("The thing they frobnicate", categories=categories).category != "mine"


def test_a_removed_category_is_never_suggested() -> None:
    left = tuple(category for category in CATEGORIES if category.id != "switches")
    suggestion = suggest("Kill switch for the recommendation widget", categories=left)
    assert "switches" not in {suggestion.category, suggestion.runner_up}


def test_without_other_the_last_category_takes_what_has_no_evidence() -> None:
    two = (Category("a", "A", "", phrases=("apple",)), Category("b", "B", "", phrases=("banana",)))
    assert suggest("cherry", categories=two).category == "b"
    assert suggest("apple", categories=two).category == "a"


@pytest.mark.parametrize("phrase", ["", "…", "!", "log in|sign-in"])
def test_a_phrase_that_can_never_match_is_refused_by_name(phrase: str) -> None:
    with pytest.raises(ValueError, match="the phrase"):
        Category("mine", "Mine", "", phrases=(phrase,))


def test_the_built_in_categories_are_the_six_with_a_question_each() -> None:
    ids = ["logging", "failure", "switches", "config", "monitoring", "other"]
    assert [category.id for category in CATEGORIES] == ids
    assert all(category.question.endswith("?") for category in CATEGORIES)
    assert list(CATEGORIES[0].kinds) == ["logging-noise", "logging-gap"]
