"""What leaves a channel holds no secret, and still says what happened."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.masking import LINES, LONGEST, MASK, excerpt, masked


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("password=hunter2 retrying", "hunter2"),
        ("PASSWD: hunter2", "hunter2"),
        ('{"apiKey": "s3cr et\\" x", "n": 1}', "s3cr et"),
        ("db_password='a b c' host=x", "a b c"),
        ("Authorization: Bearer abcdefghijklmnop", "abcdefghijklmnop"),
        ("authorization: Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"),
        ("sent Bearer abc.def-ghi_jklmn", "abc.def-ghi_jklmn"),
        ("Cookie: session=deadbeef; path=/", "deadbeef"),
        ("postgres://app:hunter2@db.internal/pay", "hunter2"),
        ("redis://:hunter2@cache:6379", "hunter2"),
        ("key AKIAIOSFODNN7EXAMPLE used", "AKIAIOSFODNN7EXAMPLE"),
        ("using xoxb-1234-abcdefgh now", "xoxb-1234-abcdefgh"),
        ("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln ok", "eyJzdWIiOiIxIn0"),
        ("for alice@example.com failed", "alice@example.com"),
        ("card 4111 1111 1111 1111 refused", "4111 1111 1111 1111"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", "MIIE"),
        ("-----BEGIN PRIVATE KEY-----\ncut off MIIE", "MIIE"),
        ("sk_live_abcdefgh12345678", "sk_live_abcdefgh12345678"),
        ("token => abc123", "abc123"),
        ("client-secret:abc123", "abc123"),
    ],
)
def test_a_secret_is_masked(text: str, secret: str) -> None:
    assert secret not in masked(text)
    assert MASK in masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24T12:00:00Z ERROR checkout timed out after 5000 ms",
        "order 1732449600123 refused by provider (502)",
        "GET https://checkout.internal/pay?id=17 502",
        "java.lang.IllegalStateException: pool exhausted",
        "session closed, 3 tokens left",
        "trace 4bf92f3577b34da6a3ce929d0e0e4736",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert masked(text) == text


def test_an_excerpt_is_bounded_and_says_what_is_left_out() -> None:
    assert excerpt("\n".join(f"line {n}" for n in range(40))).endswith(
        f"line 29\n… and {40 - LINES} more lines"
    )
    assert len(excerpt("word " * 5000)) <= LONGEST
    assert excerpt("  \n ") == ""


def test_a_secret_at_the_edge_of_the_excerpt_is_not_cut_into_plain_sight() -> None:
    text = "x" * (LONGEST - 14) + " password=hunter2hunter2"
    assert "hunter2" not in excerpt(text)


@given(st.text(max_size=400))
def test_any_text_can_be_masked_and_masking_again_changes_nothing(text: str) -> None:
    once = masked(text)
    assert masked(once) == once
    excerpt(text)
