"""What earlier incidents are called similar, in which order and why, by example and for any text."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.recurrence import LONGEST, REASONS, Earlier, Similar, similar
from bot.core.recurrence_words import KINDS, SILENT, STOCK

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def earlier(id: str, text: str, service: str = "", *, day: int = 0) -> Earlier:
    return Earlier(id, text, service, NEW_YEAR + timedelta(days=day))


def ids(found: list[Similar]) -> list[str]:
    return [one.id for one in found]


SHOP = [
    earlier(
        "pool", "Checkout fails\nThe connection pool to Postgres was exhausted by a batch.", "checkout", day=1
    ),
    earlier("cert", "Customers see warnings\nThe certificate of www was not renewed.", "storefront", day=2),
    earlier("disk", "Orders are late\nThe broker's disk was full of dead letters.", "orders", day=3),
    earlier(
        "flag", "Prices are wrong\nThe flag for the winter sale was switched on early.", "pricing", day=4
    ),
    earlier("dns", "Nothing can be reached\nOur registrar let the domain lapse.", "storefront", day=5),
]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Payments time out\nA batch had taken every connection of the pool.", "pool"),
        ("Browser warnings again\nNobody renewed the certificate.", "cert"),
        ("Dead letters\nThe broker has no disk left.", "disk"),
        ("Wrong prices in the shop\nThe sale was switched on too early.", "flag"),
        ("Shop gone\nThe domain lapsed at the registrar.", "dns"),
    ],
)
def test_the_same_cause_in_other_words_comes_first(text: str, first: str) -> None:
    assert ids(similar(text, "", SHOP))[0] == first


def test_reasons_are_the_words_that_people_wrote_and_the_strongest_come_first() -> None:
    before = [
        earlier("a", "Queue consumers stopped: ERR_QUOTA_7731 from the mail gateway", "mailer"),
        earlier("b", "Queue consumers stopped for a deploy", "mailer"),
    ]
    found = similar(
        "Mailing hangs\nThe gateway answers err-quota-7731, consumer queues grow", "mailer", before
    )
    assert found[0].id == "a"
    assert found[0].because == ("same service: mailer", "err", "quota", "7731", "mailing")


def test_a_word_that_few_have_says_more_than_one_that_many_have() -> None:
    before = [
        earlier(f"{n}", f"Worker {name} is slow", day=n) for n, name in enumerate(["zephyr", *"abcdefgh"])
    ]
    assert ids(similar("Worker zephyr", "", before))[0] == "0"


def test_words_of_stock_phrases_say_little() -> None:
    others = [
        earlier(f"{n}", f"{word} worn", day=n)
        for n, word in enumerate(["crane", "lift", "ramp", "hoist", "winch"])
    ]
    before = [
        *others,
        earlier("telling", "The gearbox and the flywheel", day=8),
        earlier("stock", "The flywheel\nWe are investigating reports of an issue", day=9),
    ]
    text = "Gearbox and flywheel\nWe are investigating reports of an issue"
    assert ids(similar(text, "", before)) == ["telling", "stock"]


def test_two_words_for_one_kind_of_failure_match_and_both_are_shown() -> None:
    before = [
        earlier("oom", "Importer killed\nThe kernel's oom killer ended it", day=1),
        earlier("key", "Importer refused\nThe key was revoked", day=2),
    ]
    [first, *_] = similar("Reports killed\nThe heap grew and grew", "", before)
    assert first.id == "oom"
    assert first.because == ("killed", "heap ≈ oom")


def test_at_the_start_the_same_service_decides() -> None:
    found = similar("It is slow", "pricing", SHOP)
    assert ids(found)[0] == "flag"
    assert found[0].because == ("same service: pricing",)


def test_at_the_start_the_newest_of_the_same_service_comes_first() -> None:
    before = [earlier(f"{n}", "Something is broken", "search", day=n) for n in (3, 1, 4, 2)]
    assert ids(similar("Search again", "search", before)) == ["4", "3", "2"]


def test_at_the_start_recency_outweighs_a_closer_text() -> None:
    before = [
        earlier("old", "Search is slow", day=1),
        *(earlier(f"{n}", "Prices are wrong", day=n) for n in range(2, 9)),
        earlier("new", "Search is slow in Norway", day=9),
    ]
    assert ids(similar("Search is slow", "", before)) == ["new", "old"]


def test_a_written_cause_outweighs_service_and_recency() -> None:
    before = [
        earlier(
            "cause",
            "Exports stall\nThe archiver held a lock on the ledger table for the vacuum",
            "ledger",
            day=0,
        ),
        *(
            earlier(f"{n}", f"Broken build {n}\nThe linter was unhappy", "exports", day=n)
            for n in range(1, 30)
        ),
    ]
    text = "Exports hang\nThe vacuum of the ledger table waits for a lock that the archiver holds"
    assert ids(similar(text, "exports", before))[0] == "cause"


def test_services_may_be_several_and_the_case_does_not_matter() -> None:
    before = [
        earlier("a", "Errors", "Web, API"),
        earlier("b", "Errors", "web; mail; api; jobs"),
        earlier("c", "Errors", "jobs"),
    ]
    found = similar("Broken", "api,WEB", before)
    assert ids(found) == ["a", "b"]
    assert found[0].because == ("same service: api, web",)


def test_a_service_named_in_the_text_is_found_where_the_service_is_unknown() -> None:
    before = [earlier("a", "Requests fail", "ledger-api"), earlier("b", "Pages fail", "storefront")]
    assert ids(similar("The storefront is away", "", before)) == ["b"]


@pytest.mark.parametrize(
    "text",
    [
        "We are currently investigating this issue.",
        "We are investigating reports of degraded performance and will provide an update shortly.".replace(
            "performance", "service"
        ),
        "A fix has been implemented and we are monitoring the results.",
        "The issue has been identified and a fix is being implemented.",
        "This incident has been resolved. We apologize for the inconvenience.",
        "Service is back to normal at 14:05 UTC, 2026-03-01. Thank you for your patience!",
    ],
)
def test_stock_phrases_are_no_reason(text: str) -> None:
    before = [earlier(str(n), f"{one.text}\n{text}", day=n) for n, one in enumerate(SHOP)]
    assert similar(text, "", before) == []


def test_what_nearly_every_text_has_is_no_reason() -> None:
    before = [earlier(str(n), f"acmeshop outage number {n}", day=n) for n in range(20)]
    assert similar("acmeshop has an outage", "", before) == []
    assert (
        ids(similar("acmeshop drawbridge", "", [*before, earlier("x", "drawbridge of acmeshop")]))[0] == "x"
    )


@pytest.mark.parametrize("text", ["", "  \n ", "…", "the of and", "2026-01-01 12:30", "<@U0123>"])
def test_nothing_said_is_similar_to_nothing(text: str) -> None:
    assert similar(text, "", SHOP) == []
    assert similar("The broker's disk is full", "", [earlier("a", text)]) == []


def test_without_earlier_incidents_or_places_nothing_is_found() -> None:
    assert similar("The broker's disk is full", "orders", []) == []
    assert similar("The broker's disk is full", "orders", SHOP, limit=0) == []
    assert similar("The broker's disk is full", "orders", SHOP, limit=-1) == []


def test_no_more_than_the_limit_and_the_rest_in_the_same_order() -> None:
    before = [earlier(f"{n}", f"disk {'full ' * (n % 3)}", "orders", day=n) for n in range(9)]
    everything = ids(similar("disk full", "orders", before, limit=100))
    assert len(everything) == 9
    assert len(similar("disk full", "orders", before)) == 3
    for limit in range(1, 10):
        assert ids(similar("disk full", "orders", before, limit)) == everything[:limit]


def test_of_equal_ones_the_newest_comes_first_and_of_one_moment_the_last_told() -> None:
    same = "The broker's disk was full"
    assert ids(
        similar(same, "", [earlier("a", same, day=2), earlier("b", same, day=9), earlier("c", same, day=5)])
    ) == [
        "b",
        "c",
        "a",
    ]
    assert ids(similar(same, "", [earlier(id, same) for id in "abc"])) == ["c", "b", "a"]


def test_the_order_of_the_earlier_ones_does_not_matter_when_their_times_differ() -> None:
    text = "The broker's disk is full and the pool is exhausted"
    assert similar(text, "orders", SHOP) == similar(text, "orders", SHOP[::-1])


def test_the_same_text_and_service_in_the_newest_scores_one() -> None:
    newest = SHOP[-1]
    assert similar(newest.text, newest.service, SHOP)[0].score == 1.0
    assert similar(newest.text, "", SHOP)[0].score > similar("The domain moved", "", SHOP)[0].score


def test_any_script_is_read() -> None:
    before = [
        earlier("de", "Überlauf der Warteschlange im Fährbüro"),
        earlier("gr", "Η βάση δεδομένων κλειδώθηκε"),
        earlier("ru", "Сбой балансировщика"),
        earlier("wide", "ＫＡＦＫＡ stopped"),
    ]
    assert ids(similar("überlauf", "", before)) == ["de"]
    assert similar("ΒΆΣΗ", "", before)[0].because == ("βάση",)
    assert ids(similar("балансировщика нет", "", before)) == ["ru"]
    assert ids(similar("kafka", "", before)) == ["wide"]


def test_slack_mentions_are_no_words() -> None:
    before = [
        earlier("a", "<@U0ALICE> saw the lift stop"),
        earlier("b", "<https://acme.dev/crane|crane> stuck"),
    ]
    assert similar("<@U0ALICE> is on it", "", before) == []
    assert ids(similar("The crane", "", before)) == ["b"]


def test_a_long_text_is_read_from_its_beginning_and_in_little_time() -> None:
    noise = "".join(f"word{n} " for n in range(12_000))
    assert len(noise) > 100_000
    before = [earlier(str(n), f"gearbox {n}\n{noise}", noise, day=n) for n in range(50)]
    began = time.process_time()
    found = similar(f"gearbox jammed\n{noise}", noise, before)
    assert time.process_time() - began < 1
    assert found[0].id == "49"
    assert similar("flywheel", "", [earlier("a", f"{'x ' * LONGEST} flywheel")]) == []


def test_a_thousand_earlier_incidents_take_little_time() -> None:
    before = [
        earlier(
            str(n), f"{SHOP[n % 5].text} {' '.join(f'w{(n * k) % 997}' for k in range(40))}", "shop", day=n
        )
        for n in range(1_000)
    ]
    began = time.process_time()
    assert len(similar(before[7].text, "shop", before)) == 3
    # The aim is 20 ms; the bench measures it. This is to notice a mistake, on any machine.
    assert time.process_time() - began < 0.3


WORDS = st.sampled_from(
    ["disk", "Disk", "full", "oom", "heap", "the", "fixed", "zürich", "503", "api-gw", "\n", "<@U1>"]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=12).map(" ".join))
EARLIER = st.lists(
    st.builds(
        Earlier,
        st.uuids().map(str),
        TEXTS,
        st.sampled_from(["", "web", "web, api"]) | st.text(max_size=9),
        st.datetimes(timezones=st.just(UTC)),
    ),
    max_size=12,
)


@given(TEXTS, st.sampled_from(["", "web", "api"]) | st.text(max_size=9), EARLIER, st.integers(-1, 14))
def test_any_text_gets_an_orderly_answer(text: str, service: str, before: list[Earlier], limit: int) -> None:
    found = similar(text, service, before, limit)
    assert found == similar(text, service, before, limit)
    assert len(found) <= max(limit, 0)
    assert len(set(ids(found))) == len(found)
    assert set(ids(found)) <= {one.id for one in before}
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    for one in found:
        assert 0 < one.score <= 1
        assert 0 < len(one.because) <= REASONS
        assert all(one.because)


@given(st.text(st.characters(max_codepoint=127)))
def test_words_are_the_same_whether_a_text_is_plain_ascii_or_not(text: str) -> None:
    before = [earlier("a", "drawbridge"), earlier("b", text)]
    assert similar(text, "", before, limit=2) == similar(f"{text} ，", "", before, limit=2)


def test_no_word_is_known_in_two_ways() -> None:
    assert sum(map(len, KINDS)) == len(frozenset().union(*KINDS))
    assert not STOCK & frozenset().union(*KINDS)
    assert not SILENT & STOCK
