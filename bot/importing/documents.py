"""The text of an export, in whatever pieces it was saved, as lists of rows by their kind."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.core import Refused

Row = Mapping[str, Any]

LONGEST = 120
"""Characters of a name that are kept."""

DEEPEST = 20
"""Answers within answers."""

ANSWERS = "answers"
"""The kind of rows that say who is on call: they follow from the rest and are not imported."""


@dataclass(frozen=True)
class Form:
    """How the answers of one vendor are told apart.

    `sections`: the key of a list, or of one row, to the kind of its rows. `kinds`: what a bare row must look like, the
    first that fits counts. `ignored`: keys that carry no configuration. `expected`: the sentence about a right export.
    """

    name: str
    sections: Mapping[str, str]
    kinds: Mapping[str, Callable[[Row], bool]]
    ignored: frozenset[str]
    expected: str


@dataclass
class Export:
    """The rows of each kind, in the order of the export, each once. `left_out`: what was not understood; `more`: the
    kinds of which further pages are missing."""

    form: Form
    rows: dict[str, list[Row]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    more: dict[str, bool] = field(default_factory=dict)
    places: dict[tuple[str, str], int] = field(default_factory=dict)
    """Where the row of a kind and an id stands."""

    def of(self, kind: str) -> list[Row]:
        return self.rows.get(kind, [])


def parsed(text: str, form: Form) -> Export:
    """The rows of `text`: one JSON document, a list of answers, or several answers one after another.

    Raises Refused where it is no JSON, or nothing in it is known.
    """
    export = Export(form)
    for document in _documents(text, form):
        _take(document, export, None, {})
    if not any(rows for kind, rows in export.rows.items() if kind != ANSWERS):
        raise Refused(f"that is no export of {form.name}: {form.expected}")
    for kind in (kind for kind, is_missing in export.more.items() if is_missing):
        export.left_out.append(
            f"{kind.replace('_', ' ')}: the last answer says that there are more; add the pages that follow"
        )
    return export


_BETWEEN = re.compile(r"[\s,]*")


def _documents(text: str, form: Form) -> Iterator[Any]:
    text, decoder, at = text.removeprefix("\ufeff"), json.JSONDecoder(), 0
    if not text.strip():
        raise Refused(f"the file is empty: {form.expected}")
    while at < len(text):
        blank = _BETWEEN.match(text, at)
        at = blank.end() if blank else at
        if at == len(text):
            return
        try:
            document, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            raise Refused(
                f"line {error.lineno}, column {error.colno} is no JSON ({error.msg}): {form.expected}"
            ) from None
        except (ValueError, RecursionError):
            raise Refused(
                f"that JSON is nested too deeply or holds too large a number: {form.expected}"
            ) from None
        yield document


def _take(found: Any, export: Export, kind: str | None, parent: Row, depth: int = 0) -> None:
    """Sort what was found into `export`. `kind` is what the key above said; `parent` whose rows these are."""
    if isinstance(found, list):
        for item in found:
            _take(item, export, kind, parent, depth + 1)
        return
    if not isinstance(found, dict) or depth > DEEPEST:
        if found is not None:
            export.left_out.append(f"{kind or 'the export'}: “{shown(found)}” is no entry of an export")
        return
    parent = inner(found, "_parent") or parent
    inside = next((key for key in ("data", "results") if isinstance(found.get(key), list | dict)), None)
    opened = _sections(found, export.form, kind)
    if inside and not _is_row(found):
        _take(found[inside], export, kind, parent, depth + 1)
        _note_more(found, export, kind or _kind(found[inside], export.form))
    elif opened:
        for key in opened:
            _take(found[key], export, export.form.sections[key], parent, depth + 1)
            _note_more(found, export, export.form.sections[key])
        for key, value in found.items():
            if (
                key not in opened
                and key not in export.form.ignored
                and isinstance(value, list | dict)
                and value
            ):
                export.left_out.append(f"“{shown(key)}” ({_counted(value)}): not read from an export")
    elif kind and _is_by_owner(found, kind, export.form):
        for key, value in found.items():
            _take(value, export, kind, {"id": key}, depth + 1)
    else:
        _keep({**found, "_parent": parent} if parent else found, export, kind)


def _sections(found: Row, form: Form, kind: str | None) -> list[str]:
    """The keys under which an answer holds rows. Rows too have such keys, as a PagerDuty user has its teams."""
    if _is_row(found) or (kind is None and "id" in found and _kind(found, form)):
        return []
    keys = (key for key in found if key in form.sections and isinstance(found[key], list | dict))
    return [key for key in keys if kind is None or form.sections[key] == kind]


def _is_by_owner(found: Row, kind: str, form: Form) -> bool:
    """Whether these are rows by the id of what they belong to, such as the overrides of each schedule."""
    values = list(found.values())
    is_one = form.kinds.get(kind, _is_row)(found)
    return bool(values) and not is_one and all(isinstance(value, list | dict) for value in values)


def _keep(row: Row, export: Export, kind: str | None) -> None:
    """Add a row, or what a second answer about it (a list's, or its own) says more."""
    kind = kind or _kind(row, export.form)
    if kind is None:
        if not row.keys() <= export.form.ignored:
            export.left_out.append(f"an entry with {_keys(row)}: it is not known what this is")
        return
    rows, id = export.rows.setdefault(kind, []), identity(row)
    if not id:
        row = {**row, "id": f"{kind} {len(rows) + 1}"}
    at = len(rows) if not id or kind == "overrides" else export.places.setdefault((kind, id), len(rows))
    if at == len(rows):
        rows.append(row)
    else:
        said = {name: value for name, value in row.items() if value not in (None, [], {})}
        rows[at] = {**rows[at], **said}


def _kind(found: Any, form: Form) -> str | None:
    """What a row, or the first of several, looks like."""
    one = found[0] if isinstance(found, list) and found else found
    return (
        next((kind for kind, is_one in form.kinds.items() if is_one(one)), None)
        if isinstance(one, dict)
        else None
    )


def _note_more(answer: Row, export: Export, kind: str | None) -> None:
    """Whether the last answer about a kind says that there are further pages."""
    if kind and any(key in answer for key in ("more", "next", "paging")):
        later = inner(answer, "paging").get("next")
        export.more[kind] = bool(answer.get("more") or answer.get("next") or later)


def _is_row(found: Row) -> bool:
    return isinstance(found.get("id"), str) and isinstance(found.get("name", found.get("summary")), str)


def _counted(value: list[Any] | dict[str, Any]) -> str:
    count = len(value) if isinstance(value, list) else 1
    return "1 entry" if count == 1 else f"{count} entries"


def _keys(found: Row) -> str:
    names = [f"“{shown(key)}”" for key in list(found)[:3]]
    return ", ".join(names) + (", …" if len(found) > 3 else "") if names else "nothing in it"


# ---- values ------------------------------------------------------------------------------------


def shown(value: object) -> str:
    """A value of the export in a sentence: on one line, short, nothing that a file can't hold."""
    text = (
        value if isinstance(value, str) else "…" if isinstance(value, list | dict) else str(value)[:LONGEST]
    )
    kept = "".join(" " if unicodedata.category(sign) in _UNSEEN else sign for sign in text[: LONGEST * 4])
    kept = " ".join(kept.split())
    return kept if len(kept) <= LONGEST else kept[: LONGEST - 1] + "…"


_UNSEEN = {"Cc", "Cs", "Zl", "Zp", "Zs", "Co", "Cn"}


def text(row: Row, *keys: str) -> str:
    """The first of `keys` that holds text, in one line; "" if none does."""
    for key in keys:
        value = row.get(key)
        if isinstance(value, str) and shown(value):
            return shown(value)
    return ""


def identity(row: Row) -> str:
    """The vendor's id of a row or of a reference to one; numbers count as text."""
    value = row.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)[:LONGEST]
    return shown(value) if isinstance(value, str) else ""


def inner(row: Row, key: str) -> Row:
    """The table at `key`, empty if there is none."""
    value = row.get(key)
    return value if isinstance(value, dict) else {}


def items(row: Row, key: str) -> list[Any]:
    """The list at `key`, empty if there is none."""
    value = row.get(key)
    return value if isinstance(value, list) else []


def whole(row: Row, key: str) -> int | None:
    """The whole number at `key`, None if there is none that can be worked with."""
    value = row.get(key)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 10**10:
        return None
    return value


def moment(row: Row, key: str) -> datetime | None:
    """The instant at `key`, in UTC; a time without an offset is none."""
    found = wall(row, key)
    return found.astimezone(UTC) if found and found.tzinfo else None


def wall(row: Row, key: str) -> datetime | None:
    """The date and time at `key` as it is written, with or without an offset."""
    value = row.get(key)
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    # Years at which arithmetic with offsets can't overflow, and that a rotation may begin in.
    return found if found and 1970 <= found.year <= 2800 else None
