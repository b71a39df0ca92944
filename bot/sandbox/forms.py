"""The fields of a modal (or of a message): what a person fills in, as Slack's payloads state it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from bot.sandbox.blockkit import elements
from bot.sandbox.records import Json

State = dict[str, dict[str, Json]]
"""`state.values`: block id, action id, value."""

ID_CHOICES = {"users": "user", "conversations": "conversation", "channels": "channel"}
REQUIRED = "Please complete this required field."
TYPED = {"plain_text_input", "email_text_input", "url_text_input", "number_input"}
FORMS = {
    "email_text_input": (r"[^@\s]+@[^@\s]+\.[^@\s]+", "Enter a valid email address."),
    "url_text_input": (r"https?://\S+", "Enter a valid URL."),
    "number_input": (r"-?\d+(\.\d+)?", "Enter a valid number."),
}


@dataclass(frozen=True)
class Field:
    label: str
    block: Json
    element: Json

    @property
    def names(self) -> set[str]:
        """What a person may call it."""
        placeholder = self.element.get("placeholder", {}).get("text", "")
        return {self.label, placeholder, self.element["action_id"]} - {""}

    @property
    def required(self) -> bool:
        return self.block["type"] == "input" and not self.block.get("optional")

    @property
    def tells_at_once(self) -> bool:
        """Whether the bot hears of a change before the form is submitted."""
        return self.block["type"] != "input" or bool(self.block.get("dispatch_action"))


def fields(blocks: Iterable[Json]) -> list[Field]:
    found = []
    for block in blocks:
        label = block.get("label") or block.get("text") or {}
        words = str(label.get("text", "")) if isinstance(label, dict) else ""
        found += [
            Field(words, block, e) for e in elements([block]) if e["type"] not in {"button", "overflow"}
        ]
    return found


def initial(blocks: Iterable[Json]) -> State:
    """The state before anybody touched it."""
    state: State = {}
    for field in fields(blocks):
        state.setdefault(field.block["block_id"], {})[field.element["action_id"]] = _initial(field.element)
    return state


def _initial(element: Json) -> Json:
    kind = str(element["type"])
    value: Any
    if kind in TYPED:
        return {"type": kind, "value": element.get("initial_value")}
    if kind == "rich_text_input":
        return {"type": kind, "rich_text_value": element.get("initial_value")}
    if kind == "file_input":
        return {"type": kind, "files": []}
    if kind in {"datepicker", "timepicker", "datetimepicker"}:
        what = {"datepicker": "date", "timepicker": "time", "datetimepicker": "date_time"}[kind]
        return {"type": kind, f"selected_{what}": element.get(f"initial_{what}")}
    for plural, singular in ID_CHOICES.items():
        if kind == f"{plural}_select":
            return {"type": kind, f"selected_{singular}": element.get(f"initial_{singular}")}
        if kind == f"multi_{plural}_select":
            return {"type": kind, f"selected_{plural}": element.get(f"initial_{plural}", [])}
    if kind == "checkboxes" or kind.startswith("multi_"):
        value = element.get("initial_options", [])
        return {"type": kind, "selected_options": value}
    return {"type": kind, "selected_option": element.get("initial_option")}


def filled(
    field: Field, value: Any, *, option: Callable[[Field, str], Json], person: Callable[[Any], str]
) -> Json:
    """The state of `field` once a person put `value` there.

    Options are named by their words, people by name; lists for fields that take several. `option` finds one
    that is offered, `person` an id.
    """
    element = field.element
    kind = str(element["type"])
    several = value if isinstance(value, list | tuple | set) else [value]
    if kind in TYPED:
        return {"type": kind, "value": None if value in {None, ""} else str(value)}
    if kind == "rich_text_input":
        text = {"type": "rich_text_section", "elements": [{"type": "text", "text": str(value)}]}
        return {"type": kind, "rich_text_value": {"type": "rich_text", "elements": [text]}}
    if kind == "datepicker":
        return {"type": kind, "selected_date": value.isoformat() if isinstance(value, date) else value}
    if kind == "timepicker":
        return {"type": kind, "selected_time": f"{value:%H:%M}" if isinstance(value, time) else value}
    if kind == "datetimepicker":
        moment = int(value.timestamp()) if isinstance(value, datetime) else value
        return {"type": kind, "selected_date_time": moment}
    for plural, singular in ID_CHOICES.items():
        if kind == f"{plural}_select":
            return {"type": kind, f"selected_{singular}": None if value is None else person(value)}
        if kind == f"multi_{plural}_select":
            return {"type": kind, f"selected_{plural}": [person(one) for one in several]}
    if kind == "checkboxes" or kind.startswith("multi_"):
        return {"type": kind, "selected_options": [option(field, str(one)) for one in several]}
    return {"type": kind, "selected_option": None if value is None else option(field, str(value))}


def offered(element: Json) -> list[Json]:
    """The options of an element, groups opened."""
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(option for group in groups for option in group["options"])]


def mistakes(blocks: Iterable[Json], state: Mapping[str, Mapping[str, Json]]) -> dict[str, str]:
    """What Slack itself refuses before the bot hears of it, by label."""
    found = {}
    for field in fields(blocks):
        given = state.get(field.block["block_id"], {}).get(field.element["action_id"], {})
        value = next((content for key, content in given.items() if key != "type"), None)
        wrong = _wrong(field, value)
        if wrong:
            found[field.label] = wrong
    return found


def _wrong(field: Field, value: Any) -> str | None:
    element = field.element
    if value in (None, "", []):
        return REQUIRED if field.required else None
    if element["type"] in FORMS:
        form, said = FORMS[element["type"]]
        return None if re.fullmatch(form, str(value)) else said
    if element["type"] == "plain_text_input":
        longest, shortest = element.get("max_length", 3000), element.get("min_length", 0)
        if len(value) > longest:
            return f"Enter at most {longest} characters."
        if len(value) < shortest:
            return f"Enter at least {shortest} characters."
    most = element.get("max_selected_items")
    if most and isinstance(value, list) and len(value) > most:
        return f"Choose at most {most}."
    return None
