"""What is typed for an action item."""

from datetime import date

import pytest

from bot.core import Refused
from bot.core.actions import parse

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "category", "kind", "title"),
    [
        ("switches add a kill switch", "switches", "", "add a kill switch"),
        ("Switches: add one", "switches", "", "add one"),
        ("logging-noise rotate daily", "logging", "logging-noise", "rotate daily"),
        ("turn the switches around", "", "", "turn the switches around"),
    ],
)
def test_a_category_is_the_first_word(text: str, category: str, kind: str, title: str) -> None:
    typed = parse(text, today=TODAY)
    assert (typed.category, typed.kind, typed.title) == (category, kind, title)


@pytest.mark.parametrize("text", ["", "switches", "logging-gap", "switches @bob", "config due 2w"])
def test_a_category_alone_is_nothing_to_do(text: str) -> None:
    with pytest.raises(Refused, match="Say what is to be done"):
        parse(text, today=TODAY)
