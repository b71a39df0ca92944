"""What the world can be asked to do: frozen orders with imperative names, each one outside effect.

An order is a row committed with the change that asked for it. `key` makes asking twice harmless (None:
ask as often as you like); `lane` keeps an order that people see; a smaller `priority` goes first.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar

PAGES, SOON, USUAL, LATER = 0, 3, 5, 8


@dataclass(frozen=True)
class Order:
    """What every order can say of itself; a subclass says what differs."""

    priority: ClassVar[int] = USUAL

    @property
    def kind(self) -> str:
        return type(self).__name__

    @property
    def key(self) -> str | None:
        return None

    @property
    def lane(self) -> str | None:
        return None

    def payload(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Later:
    """An order for a time to come: a timer."""

    order: Order
    at: datetime
