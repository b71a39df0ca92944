"""Rows of lists: a row's blocks are named after what it is about, so that a tap says all of it, a week later too. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

LISTED, MINE = "list", "mine"
"""Rows of an incident's list, and what turns the pages of somebody's own list; the kinds of rows in that are
core.chasing's."""

TAPS = ":taps"


@dataclass(frozen=True)
class Ref:
    """What a row is about. `item` is "-" where it is no item; `n` is the row's place in its message, on `page` of the list."""

    kind: str
    item: str
    number: int
    n: int = 1
    page: int = 1

    @property
    def id(self) -> str:
        """The name of the row's words."""
        return f"{self.kind}:{self.item}:{self.number}:{self.n}.{self.page}"

    @property
    def taps(self) -> str:
        """The name of the row's buttons and menus."""
        return self.id + TAPS


def read(block_id: str) -> Ref | None:
    """What a block is about; None for one that belongs to no row."""
    match block_id.removesuffix(TAPS).split(":"):
        case [kind, item, number, place]:
            n, _, page = place.partition(".")
            if number.isdigit() and n.isdigit() and page.isdigit():
                return Ref(kind, item, int(number), int(n), int(page))
    return None


def refs(blocks: Iterable[Mapping[str, Any]], kinds: Iterable[str]) -> list[Ref]:
    """The rows of a message that are of these kinds, in order."""
    wanted = set(kinds)
    found = [read(str(b.get("block_id") or "")) for b in blocks if not is_taps(b)]
    return [ref for ref in found if ref is not None and ref.kind in wanted]


def is_taps(block: Mapping[str, Any]) -> bool:
    return str(block.get("block_id") or "").endswith(TAPS)


@dataclass(frozen=True)
class Place:
    """Where a list stands that somebody taps. `own`: in an answer that nobody else sees; `home`: on their Home tab."""

    user: str
    url: str = ""
    own: bool = False
    home: bool = False
    channel: str = ""
    ts: str = ""

    def carried(self) -> dict[str, Any]:
        """For a form that is opened there."""
        return asdict(self)


def place_of(body: Mapping[str, Any]) -> Place:
    container = body.get("container") or {}
    return Place(
        str(body["user"]["id"]),
        str(body.get("response_url") or ""),
        bool(container.get("is_ephemeral")),
        (body.get("view") or {}).get("type") == "home",
        str(container.get("channel_id") or ""),
        str(container.get("message_ts") or ""),
    )
