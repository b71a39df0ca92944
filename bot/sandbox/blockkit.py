"""Block Kit judged by the limits that Slack publishes: what Slack would refuse, in its words.

https://docs.slack.dev/reference/block-kit
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

from bot.sandbox.blockkit_members import (
    BLOCK_KEYS,
    COMMON,
    ELEMENT_KEYS,
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    MESSAGE_ONLY,
    OTHER_BLOCKS,
    RICH_TEXT,
    RICH_TEXT_INSIDE,
    WRITTEN,
)

Surface = Literal["message", "modal", "home"]

BLOCKS_OF = {"message": 50, "modal": 100, "home": 100}
ID = 255
TEXT = 3000
MARKDOWN = 12_000
METADATA_BYTES = 16_000
VIEW_BYTES = 250_000


def problems(blocks: object, surface: Surface = "message") -> list[str]:
    """Every reason for which Slack would refuse `blocks`, each with its place; none when it would take them."""
    check = _Check(surface)
    check.blocks(blocks, "/blocks")
    return check.found


def view_problems(view: object) -> list[str]:
    """The same for a whole modal or App Home."""
    if not isinstance(view, dict):
        return ["[ERROR] must be an object [json-pointer:/view]"]
    kind = kind_of(view)
    if kind not in {"modal", "home"}:
        return [f"[ERROR] unsupported type: {kind} [json-pointer:/view/type]"]
    check = _Check(kind)
    check.view(view)
    return check.found


def option_problems(answer: object) -> list[str]:
    """Every reason for which a menu would show nothing of what it was answered while somebody types."""
    if not isinstance(answer, dict):
        return ["[ERROR] must be an object [json-pointer:/]"]
    check = _Check("message")
    if answer.get("option_groups") is not None:
        for number, group in enumerate(check.objects(answer, "option_groups", 100, "")):
            check.text(group.get("label"), 75, f"/option_groups/{number}/label", plain=True)
            check.options(group, 100, f"/option_groups/{number}", rich=False)
    elif answer.get("options"):
        check.options(answer, 100, "", rich=False)
    return check.found


def repeated_action_ids(blocks: Iterable[dict[str, Any]]) -> list[str]:
    """Action ids that stand more than once in a whole message: Slack takes them, the bot can't tell them apart."""
    ids = Counter(element["action_id"] for element in elements(blocks) if "action_id" in element)
    return sorted(action_id for action_id, times in ids.items() if times > 1)


def elements(blocks: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Everything that can be pressed, chosen or filled in, from top to bottom."""
    found: list[dict[str, Any]] = []
    for block in blocks:
        inside = [block.get("accessory"), block.get("element"), *(block.get("elements") or [])]
        if block.get("type") in {"rich_text", "context"}:
            continue
        found += [
            element for element in inside if isinstance(element, dict) and element.get("type") != "image"
        ]
    return found


def metadata_problem(metadata: object) -> str | None:
    """Slack's error word for message metadata that it would refuse."""
    if not isinstance(metadata, dict):
        return "invalid_metadata_format"
    kind, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(kind, str) or not kind or not isinstance(payload, dict):
        return "invalid_metadata_schema"
    return "metadata_too_large" if len(str(payload).encode()) > METADATA_BYTES else None


def kind_of(given: object) -> str:
    """Its `type`, in words even when it has none."""
    return str(given.get("type")) if isinstance(given, dict) else "none"


class _Check:
    def __init__(self, surface: str) -> None:
        self.surface = surface
        self.found: list[str] = []
        self.markdown = 0

    def wrong(self, what: str, at: str) -> None:
        self.found.append(f"[ERROR] {what} [json-pointer:{at}]")

    # ---- what many things share ------------------------------------------------------------

    def known_keys(self, given: dict[str, Any], known: Iterable[str], at: str) -> None:
        for key in sorted(given.keys() - set(known)):
            self.wrong(f"invalid additional property: {key}", at)

    def has(self, given: dict[str, Any], keys: Iterable[str], at: str) -> bool:
        missing = [key for key in keys if given.get(key) is None]
        for key in missing:
            self.wrong(f"missing required field: {key}", at)
        return not missing

    def string(self, given: dict[str, Any], key: str, longest: int, at: str, *, shortest: int = 0) -> None:
        value = given.get(key)
        if value is None:
            return
        if not isinstance(value, str):
            self.wrong("must be a string", f"{at}/{key}")
        elif len(value) > longest:
            self.wrong(f"must be less than {longest + 1} characters", f"{at}/{key}")
        elif len(value) < shortest:
            self.wrong(f"must be more than {shortest - 1} characters", f"{at}/{key}")

    def text(self, given: object, longest: int, at: str, *, plain: bool = False) -> None:
        """A text object; `plain`: only plain_text is allowed here."""
        if given is None:
            return None
        if not isinstance(given, dict):
            return self.wrong("must be an object", at)
        kind = kind_of(given)
        if kind not in ({"plain_text"} if plain else {"plain_text", "mrkdwn"}):
            return self.wrong(f"unsupported type: {kind}", f"{at}/type")
        self.known_keys(given, {"type", "text", "emoji" if kind == "plain_text" else "verbatim"}, at)
        if self.has(given, ["text"], at):
            self.string(given, "text", longest, at, shortest=1)
        return None

    def number(self, given: dict[str, Any], key: str, least: int, most: int, at: str) -> int | None:
        value = given.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.wrong(f"must be between {least} and {most}", f"{at}/{key}")
            return None
        return value

    def items(self, given: dict[str, Any], key: str, most: int, at: str, *, fewest: int = 1) -> list[Any]:
        value = given.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong("must be an array", f"{at}/{key}")
            return []
        if len(value) > most:
            self.wrong(f"no more than {most} items allowed", f"{at}/{key}")
        if len(value) < fewest:
            self.wrong(f"no fewer than {fewest} item{'s' * (fewest > 1)} required", f"{at}/{key}")
        return value

    def objects(self, given: dict[str, Any], key: str, most: int, at: str) -> list[dict[str, Any]]:
        found = self.items(given, key, most, at)
        for number, item in enumerate(found):
            if not isinstance(item, dict):
                self.wrong("must be an object", f"{at}/{key}/{number}")
        return [item for item in found if isinstance(item, dict)]

    # ---- surfaces --------------------------------------------------------------------------

    def view(self, view: dict[str, Any]) -> None:
        at = "/view"
        modal = view["type"] == "modal"
        known = {"type", "blocks", "private_metadata", "callback_id", "external_id"}
        if modal:
            known |= {"title", "close", "submit", "clear_on_close", "notify_on_close", "submit_disabled"}
            self.has(view, ["title"], at)
            for key in ("title", "close", "submit"):
                self.text(view.get(key), 24, f"{at}/{key}", plain=True)
        self.known_keys(view, known, at)
        self.string(view, "private_metadata", 3000, at)
        self.string(view, "callback_id", ID, at)
        self.string(view, "external_id", ID, at)
        if not self.has(view, ["blocks"], at):
            return
        self.blocks(view["blocks"], f"{at}/blocks")
        has_input = any(kind_of(block) == "input" for block in _list(view, "blocks"))
        if modal and has_input and not view.get("submit"):
            self.wrong("submit is required when an input block is within the blocks array", at)

    def blocks(self, blocks: object, at: str) -> None:
        if not isinstance(blocks, list):
            return self.wrong("must be an array", at)
        if len(blocks) > BLOCKS_OF[self.surface]:
            self.wrong(f"no more than {BLOCKS_OF[self.surface]} items allowed", at)
        for number, block in enumerate(blocks):
            if isinstance(block, dict):
                self.block(block, f"{at}/{number}")
            else:
                self.wrong("must be an object", f"{at}/{number}")
        self.unique([b.get("block_id") for b in blocks if isinstance(b, dict)], "block_id", at)
        charts = sum(kind_of(block) == "data_visualization" for block in blocks)
        if charts > 2:
            self.wrong("no more than 2 data_visualization blocks allowed", at)
        return None

    def unique(self, ids: Sequence[object], name: str, at: str) -> None:
        for repeated, times in Counter(i for i in ids if isinstance(i, str)).items():
            if times > 1:
                self.wrong(f"`{name}` {repeated} already exists", at)

    # ---- blocks ----------------------------------------------------------------------------

    def block(self, block: dict[str, Any], at: str) -> None:
        kind = kind_of(block)
        if kind in OTHER_BLOCKS[self.surface]:
            self.string(block, "block_id", ID, at, shortest=1)
            return self.other(block, at)
        if kind not in BLOCK_KEYS or (kind in MESSAGE_ONLY and self.surface != "message"):
            return self.wrong(f"unsupported type: {kind}", f"{at}/type")
        self.known_keys(block, COMMON | BLOCK_KEYS[kind], at)
        self.string(block, "block_id", ID, at, shortest=1)
        judge: Callable[[dict[str, Any], str], None] = getattr(self, f"block_{kind}")
        judge(block, at)
        return None

    def block_section(self, block: dict[str, Any], at: str) -> None:
        if block.get("text") is None and block.get("fields") is None:
            self.wrong("missing required field: text", at)
        self.text(block.get("text"), TEXT, f"{at}/text")
        for number, item in enumerate(self.items(block, "fields", 10, at)):
            self.text(item, 2000, f"{at}/fields/{number}")
        if block.get("accessory") is not None:
            self.element(block["accessory"], IN_SECTION, f"{at}/accessory")

    def block_header(self, block: dict[str, Any], at: str) -> None:
        if self.has(block, ["text"], at):
            self.text(block["text"], 150, f"{at}/text", plain=True)

    def block_divider(self, block: dict[str, Any], at: str) -> None:
        pass

    def block_markdown(self, block: dict[str, Any], at: str) -> None:
        if self.has(block, ["text"], at):
            self.string(block, "text", MARKDOWN, at, shortest=1)
            before, self.markdown = self.markdown, self.markdown + len(str(block["text"]))
            if before <= MARKDOWN < self.markdown and before:
                self.wrong(f"no more than {MARKDOWN} characters of markdown in one message", at)

    def block_image(self, block: dict[str, Any], at: str) -> None:
        self.image(block, at)
        self.text(block.get("title"), 2000, f"{at}/title", plain=True)

    def block_actions(self, block: dict[str, Any], at: str) -> None:
        self.has(block, ["elements"], at)
        inside = self.items(block, "elements", 25, at)
        for number, item in enumerate(inside):
            self.element(item, IN_ACTIONS, f"{at}/elements/{number}")
        self.unique([e.get("action_id") for e in inside if isinstance(e, dict)], "action_id", at)

    def block_context_actions(self, block: dict[str, Any], at: str) -> None:
        self.has(block, ["elements"], at)
        for number, item in enumerate(self.items(block, "elements", 5, at)):
            if kind_of(item) not in IN_CONTEXT_ACTIONS:
                self.wrong("unsupported type", f"{at}/elements/{number}")

    def block_context(self, block: dict[str, Any], at: str) -> None:
        self.has(block, ["elements"], at)
        for number, item in enumerate(self.items(block, "elements", 10, at)):
            if isinstance(item, dict) and item.get("type") == "image":
                self.element(item, {"image"}, f"{at}/elements/{number}")
            else:
                self.text(item, TEXT, f"{at}/elements/{number}")

    def block_input(self, block: dict[str, Any], at: str) -> None:
        self.has(block, ["label", "element"], at)
        self.text(block.get("label"), 2000, f"{at}/label", plain=True)
        self.text(block.get("hint"), 2000, f"{at}/hint", plain=True)
        if block.get("element") is not None:
            self.element(block["element"], IN_INPUT, f"{at}/element")

    def block_rich_text(self, block: dict[str, Any], at: str) -> None:
        self.has(block, ["elements"], at)
        for number, item in enumerate(self.items(block, "elements", 100, at, fewest=0)):
            self.rich(item, RICH_TEXT.keys(), f"{at}/elements/{number}")

    def rich(self, element: object, allowed: Iterable[str], at: str) -> None:
        kind = kind_of(element)
        if not isinstance(element, dict) or kind not in allowed:
            return self.wrong(f"unsupported type: {kind}", f"{at}/type")
        if kind in RICH_TEXT:
            self.has(element, ["elements"], at)
            for number, item in enumerate(self.items(element, "elements", 1000, at, fewest=0)):
                self.rich(item, RICH_TEXT[kind], f"{at}/elements/{number}")
        elif self.has(element, RICH_TEXT_INSIDE[kind], at):
            for key in RICH_TEXT_INSIDE[kind]:
                self.string(element, key, TEXT, at)
        return None

    def block_data_visualization(self, block: dict[str, Any], at: str) -> None:
        if not self.has(block, ["title", "chart"], at):
            return None
        self.string(block, "title", 50, at, shortest=1)
        chart, place = block["chart"], f"{at}/chart"
        if not isinstance(chart, dict) or kind_of(chart) not in {"pie", "bar", "area", "line"}:
            return self.wrong("unsupported type", f"{place}/type")
        if chart["type"] == "pie":
            self.has(chart, ["segments"], place)
            for number, item in enumerate(self.objects(chart, "segments", 12, place)):
                self.point(item, f"{place}/segments/{number}", positive=True)
            return None
        if not self.has(chart, ["series", "axis_config"], place):
            return None
        axis = chart["axis_config"]
        if not isinstance(axis, dict):
            return self.wrong("must be an object", f"{place}/axis_config")
        categories = self.items(axis, "categories", 20, f"{place}/axis_config")
        for key in ("x_label", "y_label"):
            self.string(axis, key, 50, f"{place}/axis_config")
        series = self.objects(chart, "series", 12, place)
        self.unique([line.get("name") for line in series], "name", f"{place}/series")
        for number, line in enumerate(series):
            self.has(line, ["name", "data"], f"{place}/series/{number}")
            self.string(line, "name", 20, f"{place}/series/{number}", shortest=1)
            points = self.objects(line, "data", 20, f"{place}/series/{number}")
            for at_point, item in enumerate(points):
                self.point(item, f"{place}/series/{number}/data/{at_point}")
            if sorted(str(point.get("label")) for point in points) != sorted(map(str, categories)):
                self.wrong(
                    "exactly one point for every category is required", f"{place}/series/{number}/data"
                )
        return None

    def point(self, point: dict[str, Any], at: str, *, positive: bool = False) -> None:
        if self.has(point, ["label", "value"], at):
            self.string(point, "label", 20, at, shortest=1)
            value = point["value"]
            if isinstance(value, bool) or not isinstance(value, int | float) or (positive and value <= 0):
                self.wrong("must be a number" + " greater than 0" * positive, f"{at}/value")

    def other(self, block: dict[str, Any], at: str) -> None:
        if block["type"] == "video":
            self.has(block, ["alt_text", "title", "thumbnail_url", "video_url"], at)
            self.text(block.get("title"), 200, f"{at}/title", plain=True)

    def block_alert(self, block: dict[str, Any], at: str) -> None:
        if self.has(block, ["text"], at):
            self.text(block["text"], 200, f"{at}/text")
        if block.get("level") not in (None, "default", "info", "warning", "error", "success"):
            self.wrong(f"unsupported level: {block['level']}", f"{at}/level")

    def block_table(self, block: dict[str, Any], at: str) -> None:
        self.has(block, ["rows"], at)
        for number, row in enumerate(self.items(block, "rows", 100, at)):
            if not isinstance(row, list) or len(row) > 20:
                self.wrong("no more than 20 items allowed", f"{at}/rows/{number}")
                continue
            for column, cell in enumerate(row):
                self.cell(cell, f"{at}/rows/{number}/{column}")

    def cell(self, cell: object, at: str) -> None:
        if not isinstance(cell, dict) or kind_of(cell) not in {"raw_text", "rich_text"}:
            self.wrong("unsupported type", f"{at}/type")
        elif cell["type"] == "rich_text":
            self.block_rich_text(cell, at)
        elif self.has(cell, ["text"], at):
            self.string(cell, "text", TEXT, at)

    # ---- elements --------------------------------------------------------------------------

    def element(self, element: object, allowed: set[str], at: str) -> None:
        if not isinstance(element, dict):
            return self.wrong("must be an object", at)
        kind = kind_of(element)
        if kind not in allowed:
            return self.wrong(f"unsupported type: {kind}", f"{at}/type")
        self.known_keys(element, {"type"} | ELEMENT_KEYS[kind], at)
        self.string(element, "action_id", ID, at, shortest=1)
        self.text(element.get("placeholder"), 150, f"{at}/placeholder", plain=True)
        if element.get("confirm") is not None:
            self.confirm(element["confirm"], f"{at}/confirm")
        if kind == "image":
            return self.image(element, at)
        if kind in {"button", "workflow_button"}:
            return self.button(element, at)
        if kind in WRITTEN:
            return self.written(element, at)
        return self.choice(element, at)

    def image(self, image: dict[str, Any], at: str) -> None:
        if image.get("image_url") is None and image.get("slack_file") is None:
            self.wrong("missing required field: image_url", at)
        self.string(image, "image_url", 3000, at, shortest=1)
        if self.has(image, ["alt_text"], at):
            self.string(image, "alt_text", 2000, at)

    def button(self, button: dict[str, Any], at: str) -> None:
        if self.has(button, ["text"], at):
            self.text(button["text"], 75, f"{at}/text", plain=True)
        self.string(button, "value", 2000, at)
        self.string(button, "url", 3000, at, shortest=1)
        self.string(button, "accessibility_label", 75, at)
        if button.get("style") not in (None, "primary", "danger"):
            self.wrong(f"unsupported style: {button['style']}", f"{at}/style")

    def written(self, element: dict[str, Any], at: str) -> None:
        shortest = self.number(element, "min_length", 0, 3000, at)
        longest = self.number(element, "max_length", 1, 3000, at)
        if shortest is not None and longest is not None and shortest > longest:
            self.wrong("must not be greater than max_length", f"{at}/min_length")
        if element["type"] == "plain_text_input":
            self.string(element, "initial_value", longest or 3000, at)
        if element["type"] == "number_input":
            self.has(element, ["is_decimal_allowed"], at)

    def choice(self, element: dict[str, Any], at: str) -> None:
        kind = str(element["type"])
        most = 5 if kind == "overflow" else 10 if kind in {"checkboxes", "radio_buttons"} else 100
        rich = kind in {"checkboxes", "radio_buttons"}
        if kind.endswith("static_select"):
            if (element.get("options") is None) == (element.get("option_groups") is None):
                self.wrong("exactly one of options and option_groups is required", at)
        elif kind in {"overflow", "checkboxes", "radio_buttons"}:
            self.has(element, ["options"], at)
        self.options(element, most, at, rich=rich)
        for number, group in enumerate(self.items(element, "option_groups", 100, at)):
            place = f"{at}/option_groups/{number}"
            if not isinstance(group, dict) or not self.has(group, ["label", "options"], place):
                continue
            self.text(group["label"], 75, f"{place}/label", plain=True)
            self.options(group, 100, place, rich=False)
        self.initial(element, at)
        for key, form in (("initial_date", r"\d{4}-\d\d-\d\d"), ("initial_time", r"[0-2]\d:[0-5]\d")):
            if element.get(key) is not None and not re.fullmatch(form, str(element[key])):
                self.wrong("invalid format", f"{at}/{key}")
        moment = element.get("initial_date_time")
        if moment is not None and (not isinstance(moment, int) or len(str(moment)) != 10):
            self.wrong("must be a Unix time of 10 digits", f"{at}/initial_date_time")

    def options(self, holder: dict[str, Any], most: int, at: str, *, rich: bool) -> None:
        for number, option in enumerate(self.items(holder, "options", most, at)):
            place = f"{at}/options/{number}"
            if not isinstance(option, dict):
                self.wrong("must be an object", place)
                continue
            self.known_keys(option, {"text", "value", "description", "url"}, place)
            self.has(option, ["text", "value"], place)
            self.text(option.get("text"), 75, f"{place}/text", plain=not rich)
            self.text(option.get("description"), 75, f"{place}/description", plain=not rich)
            self.string(option, "value", 150, place)
            self.string(option, "url", 3000, place)

    def initial(self, element: dict[str, Any], at: str) -> None:
        """An initial choice has to be one of the options, letter by letter."""
        offered = _list(element, "options")
        for group in _list(element, "option_groups"):
            offered += _list(group, "options")
        one = element.get("initial_option")
        for chosen in [*([one] if one else []), *_list(element, "initial_options")]:
            if offered and chosen not in offered:
                self.wrong("initial_option was not found in options", at)

    def confirm(self, confirm: object, at: str) -> None:
        if not isinstance(confirm, dict):
            return self.wrong("must be an object", at)
        self.has(confirm, ["title", "text", "confirm", "deny"], at)
        self.known_keys(confirm, {"title", "text", "confirm", "deny", "style"}, at)
        self.text(confirm.get("title"), 100, f"{at}/title", plain=True)
        self.text(confirm.get("text"), 300, f"{at}/text")
        self.text(confirm.get("confirm"), 30, f"{at}/confirm", plain=True)
        self.text(confirm.get("deny"), 30, f"{at}/deny", plain=True)
        return None


def _list(holder: object, key: str) -> list[Any]:
    """A copy of the list under `key`; empty when there is none."""
    value = holder.get(key) if isinstance(holder, dict) else None
    return list(value) if isinstance(value, list) else []
