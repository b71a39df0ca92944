"""Compares a table with its shape and says in sentences what is wrong with it."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails


class Shape(BaseModel):
    """The keys of one kind of table. Every key that is not named here is a mistake."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


S = TypeVar("S", bound=Shape)


def read(shape: type[S], raw: Mapping[str, Any]) -> tuple[S | None, list[str]]:
    """`raw` as `shape`, and what is wrong with it. What is wrong is left out, so that the rest can still be
    compared with other tables; None when what is left makes no sense, such as a team without an id.
    """
    told: list[str] = []
    rest: dict[str, Any] = deepcopy(dict(raw))
    named = None
    while True:
        try:
            table = shape.model_validate(rest)
        except ValidationError as error:
            details = error.errors()
        else:
            # A table with a wrong id still is what others mean by it.
            return (table.model_copy(update={"id": named}) if named else table), told
        # What is missing once something wrong was left out has been told already.
        told = told or [_told(detail, shape) for detail in details]
        for detail in details:
            if detail["loc"] == ("id",) and detail["type"] == "value_error":
                named, rest["id"] = raw["id"], "unnamed"
        places = {_at(d)[:-1] if d["type"] == "missing" else _at(d) for d in details} - {("id",)}
        if () in places or not (places or named):
            return None, told
        # The inner and the last first, so that the positions of the others stay what they are.
        for place in sorted(
            places, key=lambda p: (len(p), p[-1] if isinstance(p[-1], int) else 0), reverse=True
        ):
            inner: Any = rest
            for part in place[:-1]:
                inner = inner[part]
            del inner[place[-1]]


def quoted(value: object) -> str:
    """A value of a file as an error shows it: short, on one line, dates and the like as TOML writes them."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, Mapping):
        return "a table"
    return f"'{short(value)}'" if isinstance(value, str) else short(str(value))


def short(text: str) -> str:
    """On one line, and no longer than a line bears."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59] + "…"


def meant(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?`, or "" when nothing is near."""
    by_folded = {name.casefold(): name for name in sorted(known)}
    near = get_close_matches(word.casefold(), by_folded, 1, 0.6)
    return f"; did you mean '{by_folded[near[0]]}'?" if near else ""


def _at(detail: ErrorDetails) -> tuple[int | str, ...]:
    """Where the mistake is; one in the name of a key is at that key."""
    return detail["loc"][:-1] if detail["loc"][-1:] == ("[key]",) else detail["loc"]


def _inside(annotation: Any) -> type[Shape] | None:
    """The shape that a key holds, however it is wrapped: `list[StepShape] | None` → StepShape."""
    if isinstance(annotation, type) and issubclass(annotation, Shape):
        return annotation
    return next(filter(None, map(_inside, get_args(annotation))), None)


def _told(detail: ErrorDetails, shape: type[Shape]) -> str:
    *path, last = _at(detail)
    key, what = str(last), f"key {quoted(str(last))}"
    # Positions count from 1, as people count: `escalation 2`.
    if isinstance(last, int):
        key = str(path.pop())
        what = f"key {quoted(key)}, number {last + 1},"
    within = "".join(f" {p + 1}" if isinstance(p, int) else f": {short(p)}" for p in path).removeprefix(": ")
    for part in path:
        if isinstance(part, str):
            field = shape.model_fields.get(part)
            shape = (_inside(field.annotation) if field else None) or shape
    said = _sentence(detail, key, what, shape)
    return f"{within}: {said}" if within else said


_TYPES = {
    "string_type": "text in quotes",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "list_type": "a list in [ ]",
    "dict_type": "a table",
    "model_type": "a table in { }",
}


def _sentence(detail: ErrorDetails, key: str, what: str, shape: type[Shape]) -> str:
    kind, given, context = detail["type"], detail["input"], detail.get("ctx") or {}
    if kind == "extra_forbidden" and key == "catalog":
        return "key 'catalog' belongs to no table; write it above the first one"
    if kind == "extra_forbidden":
        known = list(shape.model_fields)
        return f"{what} is not known" + (meant(key, known) or f"; known are {', '.join(known)}")
    if kind == "missing":
        return f"{what} is missing; add it"
    if kind == "value_error":
        said = str(context["error"])
        return f"{what} {said}" if said.startswith("is ") else f"{what.removesuffix(',')}: {said}"
    if kind == "literal_error":
        return f"{what} must be {context['expected']}, not {quoted(given)}"
    if kind == "too_short":
        return f"{what.removesuffix(',')} is empty; name at least one, or leave the key out"
    if kind in {"greater_than_equal", "less_than_equal"}:
        bound = f"at least {context['ge']}" if "ge" in context else f"at most {context['le']}"
        return f"{what} must be {bound}, not {quoted(given)}"
    wanted = _TYPES.get(kind)
    return (
        f"{what} must be {wanted}, not {quoted(given)}"
        if wanted
        else f"{what.removesuffix(',')}: {detail['msg']}"
    )


def plain(value: Any) -> Any:
    """A value of TOML as JSON has it: dates and times written without quotes become text."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds" if value.second else "minutes")
    if isinstance(value, time):
        return value.isoformat(timespec="seconds" if value.second else "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value
