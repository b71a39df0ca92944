"""Slack's published limits of Block Kit, each met exactly and passed by one."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slackblocks import (
    ActionsBlock,
    Button,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    InputBlock,
    ModalView,
    PlainTextInput,
    SectionBlock,
    Text,
)

from bot.sandbox.blockkit import Surface, metadata_problem, problems, repeated_action_ids, view_problems
from bot.sandbox.rendering import pings, visible_text

Block = dict[str, Any]


def plain(words: str) -> Block:
    return {"type": "plain_text", "text": words}


def mrkdwn(words: str) -> Block:
    return {"type": "mrkdwn", "text": words}


def section(words: str = "x", **more: Any) -> Block:
    return {"type": "section", "text": mrkdwn(words), **more}


def button(**more: Any) -> Block:
    return {"type": "button", "text": plain("Go"), **more}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": [*elements]}


def option(words: str = "x", value: str = "v") -> Block:
    return {"text": plain(words), "value": value}


def select(**more: Any) -> Block:
    return {"type": "static_select", "options": [option()], **more}


def entry(element: Block, **more: Any) -> Block:
    return {"type": "input", "label": plain("Label"), "element": element, **more}


def confirm(**more: Any) -> Block:
    return {"title": plain("a"), "text": mrkdwn("b"), "confirm": plain("c"), "deny": plain("d"), **more}


def chart(**more: Any) -> Block:
    return {"type": "data_visualization", "title": "Incidents", "chart": more}


def bars(points: int = 1, *, categories: int = 1, series: int = 1) -> Block:
    data = [{"label": f"w{number}", "value": number} for number in range(points)]
    axis = {"categories": [f"w{number}" for number in range(categories)]}
    return chart(
        type="bar", series=[{"name": f"s{n}", "data": data} for n in range(series)], axis_config=axis
    )


SEGMENT = {"label": "x", "value": 1}
SAME = {"action_id": "same"}
DIVIDER = {"type": "divider"}

# What fits exactly, and the same with one too many.
LIMITS: list[tuple[list[Block], list[Block]]] = [
    ([DIVIDER] * 50, [DIVIDER] * 51),
    ([section("x" * 3000)], [section("x" * 3001)]),
    ([section("x")], [section("")]),
    (
        [{"type": "section", "fields": [mrkdwn("x" * 2000)] * 10}],
        [{"type": "section", "fields": [mrkdwn("x")] * 11}],
    ),
    ([{"type": "section", "fields": [mrkdwn("x")]}], [{"type": "section", "fields": [mrkdwn("x" * 2001)]}]),
    ([{"type": "header", "text": plain("x" * 150)}], [{"type": "header", "text": plain("x" * 151)}]),
    (
        [{"type": "context", "elements": [plain("x")] * 10}],
        [{"type": "context", "elements": [plain("x")] * 11}],
    ),
    ([actions(*[button() for _ in range(25)])], [actions(*[button() for _ in range(26)])]),
    ([actions(button(text=plain("x" * 75)))], [actions(button(text=plain("x" * 76)))]),
    ([actions(button(value="x" * 2000))], [actions(button(value="x" * 2001))]),
    ([actions(button(action_id="x" * 255))], [actions(button(action_id="x" * 256))]),
    ([actions(button(url="x" * 3000))], [actions(button(url="x" * 3001))]),
    ([section(block_id="x" * 255)], [section(block_id="x" * 256)]),
    ([section(block_id="a"), section(block_id="b")], [section(block_id="a"), section(block_id="a")]),
    ([actions(button(**SAME)), actions(button(**SAME))], [actions(button(**SAME), button(**SAME))]),
    ([actions(select(options=[option()] * 100))], [actions(select(options=[option()] * 101))]),
    ([actions(select(options=[option("x" * 75)]))], [actions(select(options=[option("x" * 76)]))]),
    (
        [actions(select(options=[option("x", "v" * 150)]))],
        [actions(select(options=[option("x", "v" * 151)]))],
    ),
    ([actions(select(placeholder=plain("x" * 150)))], [actions(select(placeholder=plain("x" * 151)))]),
    (
        [actions({"type": "overflow", "options": [option()] * 5})],
        [actions({"type": "overflow", "options": [option()] * 6})],
    ),
    (
        [actions({"type": "checkboxes", "options": [option()] * 10})],
        [actions({"type": "checkboxes", "options": [option()] * 11})],
    ),
    (
        [section(accessory=button(confirm=confirm(title=plain("x" * 100))))],
        [section(accessory=button(confirm=confirm(title=plain("x" * 101))))],
    ),
    (
        [section(accessory=button(confirm=confirm(confirm=plain("x" * 30))))],
        [section(accessory=button(confirm=confirm(confirm=plain("x" * 31))))],
    ),
    (
        [entry({"type": "plain_text_input", "max_length": 3000})],
        [entry({"type": "plain_text_input", "max_length": 3001})],
    ),
    ([bars(20, categories=20)], [bars(1, categories=2)]),
    ([bars(series=12)], [bars(series=13)]),
    ([chart(type="pie", segments=[SEGMENT] * 12)], [chart(type="pie", segments=[SEGMENT] * 13)]),
    ([chart(type="pie", segments=[SEGMENT])], [chart(type="pie", segments=[{"label": "x", "value": 0}])]),
    ([chart(type="pie", segments=[SEGMENT])], [chart(type="donut", segments=[SEGMENT])]),
    ([bars()] * 2, [bars()] * 3),
    ([{"type": "alert", "text": plain("x" * 200)}], [{"type": "alert", "text": plain("x" * 201)}]),
    ([{"type": "markdown", "text": "x" * 12_000}], [{"type": "markdown", "text": "x" * 12_001}]),
]


@pytest.mark.parametrize(("fits", "too_much"), LIMITS)
def test_limits_hold_to_the_letter(fits: list[Block], too_much: list[Block]) -> None:
    assert problems(fits) == []
    assert len(problems(too_much)) == 1


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        ({"type": "nonsense"}, "unsupported type: nonsense [json-pointer:/blocks/0/type]"),
        ({}, "unsupported type: None [json-pointer:/blocks/0/type]"),
        ({"type": "section"}, "missing required field: text [json-pointer:/blocks/0]"),
        (section(colour="red"), "invalid additional property: colour [json-pointer:/blocks/0]"),
        (
            {"type": "header", "text": mrkdwn("x")},
            "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
        ),
        (
            {"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}},
            "invalid additional property: emoji [json-pointer:/blocks/0/text]",
        ),
        ({"type": "section", "text": "x"}, "must be an object [json-pointer:/blocks/0/text]"),
        (
            actions(button(text=mrkdwn("x"))),
            "unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/text/type]",
        ),
        (actions(button(style="red")), "unsupported style: red [json-pointer:/blocks/0/elements/0/style]"),
        (
            actions({"type": "plain_text_input"}),
            "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]",
        ),
        (actions(), "no fewer than 1 item required [json-pointer:/blocks/0/elements]"),
        (
            {"type": "image", "image_url": "https://x"},
            "missing required field: alt_text [json-pointer:/blocks/0]",
        ),
        (
            actions(select(initial_option=option("other"))),
            "initial_option was not found in options [json-pointer:/blocks/0/elements/0]",
        ),
        (
            actions({"type": "datepicker", "initial_date": "1.2.2026"}),
            "invalid format [json-pointer:/blocks/0/elements/0/initial_date]",
        ),
        (
            entry({"type": "number_input"}),
            "missing required field: is_decimal_allowed [json-pointer:/blocks/0/element]",
        ),
        (
            section(
                accessory=button(confirm={"title": plain("a"), "text": plain("b"), "confirm": plain("c")})
            ),
            "missing required field: deny [json-pointer:/blocks/0/accessory/confirm]",
        ),
    ],
)
def test_a_wrong_block_is_named_with_its_place(block: Block, problem: str) -> None:
    assert problems([block]) == [f"[ERROR] {problem}"]


@pytest.mark.parametrize("blocks", [None, {}, "[]", [1], [[]]])
def test_what_is_no_list_of_blocks_is_refused(blocks: object) -> None:
    assert len(problems(blocks)) == 1


@pytest.mark.parametrize(("surface", "fits"), [("message", 50), ("modal", 100), ("home", 100)])
def test_surfaces_take_so_many_blocks(surface: Surface, fits: int) -> None:
    assert problems([DIVIDER] * fits, surface) == []
    assert len(problems([DIVIDER] * (fits + 1), surface)) == 1


def test_some_blocks_belong_to_messages_alone() -> None:
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
    assert problems([table]) == []
    assert len(problems([table], "modal")) == 1


def modal(**more: Any) -> Block:
    return {"type": "modal", "title": plain("Title"), "blocks": [DIVIDER], **more}


@pytest.mark.parametrize(
    ("fits", "too_much"),
    [
        ({"title": plain("x" * 24)}, {"title": plain("x" * 25)}),
        ({"submit": plain("x" * 24)}, {"submit": plain("x" * 25)}),
        ({"close": plain("x" * 24)}, {"close": plain("x" * 25)}),
        ({"private_metadata": "x" * 3000}, {"private_metadata": "x" * 3001}),
        ({"callback_id": "x" * 255}, {"callback_id": "x" * 256}),
        ({"notify_on_close": True}, {"on_close": True}),
        (
            {"blocks": [entry({"type": "plain_text_input"})], "submit": plain("Go")},
            {"blocks": [entry({"type": "plain_text_input"})]},
        ),
    ],
)
def test_modals_have_limits_of_their_own(fits: Block, too_much: Block) -> None:
    assert view_problems(modal(**fits)) == []
    assert len(view_problems(modal(**too_much))) == 1


def test_a_home_has_no_title() -> None:
    assert view_problems({"type": "home", "blocks": [DIVIDER]}) == []
    assert len(view_problems({"type": "home", "blocks": [DIVIDER], "title": plain("x")})) == 1


def test_action_ids_are_counted_across_a_message() -> None:
    blocks = [actions(button(action_id="a"), button(action_id="b")), section(accessory=button(action_id="a"))]
    assert problems(blocks) == []
    assert repeated_action_ids(blocks) == ["a"]


@pytest.mark.parametrize(
    ("metadata", "problem"),
    [
        ({"event_type": "page", "event_payload": {}}, None),
        ([], "invalid_metadata_format"),
        ({"event_type": "page"}, "invalid_metadata_schema"),
        ({"event_type": "page", "event_payload": {"x": "y" * 16_000}}, "metadata_too_large"),
    ],
)
def test_metadata_is_judged(metadata: object, problem: str | None) -> None:
    assert metadata_problem(metadata) == problem


def test_what_slackblocks_builds_is_taken() -> None:
    blocks = [
        HeaderBlock("INC-1"),
        SectionBlock(
            Text("*bad*"), fields=[Text("a"), Text("b")], accessory=Button("Open", action_id="open")
        ),
        DividerBlock(),
        ContextBlock([Text("since 12:00")]),
        ActionsBlock([Button("Acknowledge", action_id="ack", value="1", style="primary")]),
    ]
    assert problems([block._resolve() for block in blocks]) == []
    title = InputBlock(label="Title", element=PlainTextInput(action_id="title"))
    assert view_problems(ModalView(title="Start", blocks=[title], submit="Go")._resolve()) == []


EVERYTHING: list[Block] = [
    section(fields=[mrkdwn("a")], accessory=button(confirm=confirm())),
    {"type": "header", "text": plain("x")},
    {"type": "image", "image_url": "https://x", "alt_text": "x", "title": plain("x")},
    {
        "type": "context",
        "elements": [mrkdwn("x"), {"type": "image", "image_url": "https://x", "alt_text": "x"}],
    },
    actions(select(initial_option=option()), {"type": "overflow", "options": [option()]}),
    actions({"type": "static_select", "option_groups": [{"label": plain("x"), "options": [option()]}]}),
    actions({"type": "datetimepicker", "initial_date_time": 1_700_000_000}),
    entry({"type": "plain_text_input", "min_length": 1, "max_length": 5, "initial_value": "x"}),
    {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}],
    },
    {"type": "markdown", "text": "x"},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]},
    {"type": "alert", "text": plain("x")},
    chart(type="pie", segments=[SEGMENT]),
    bars(),
]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=3), inside, max_size=3),
    max_leaves=4,
)


def places(node: Any) -> list[tuple[Any, Any]]:
    """Every spot in a payload that can be overwritten."""
    keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else []
    return [(node, key) for key in keys] + [place for key in keys for place in places(node[key])]


def test_the_example_of_everything_is_taken() -> None:
    assert problems(EVERYTHING) == []


@given(st.integers(min_value=0), json_values)
@settings(max_examples=400, deadline=None, derandomize=True)
def test_any_nonsense_gets_a_verdict(spot: int, nonsense: Any) -> None:
    blocks = copy.deepcopy(EVERYTHING)
    spots = places(blocks)
    holder, key = spots[spot % len(spots)]
    holder[key] = nonsense
    if not problems(blocks):
        repeated_action_ids(blocks)
        visible_text({"blocks": blocks})
        pings({"blocks": blocks})
