"""The arguments of one Web API call, read the way Slack reads them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.records import SlackError


@dataclass(frozen=True)
class Args:
    """`given` holds strings (form, query) or JSON values (JSON body); both mean the same."""

    given: Mapping[str, Any]
    at: float = 0.0
    """When the call arrived, by the workspace's clock."""
    user: str = ""

    def __contains__(self, name: str) -> bool:
        return self.given.get(name) is not None

    def text(self, name: str, default: str = "") -> str:
        value = self.given.get(name)
        return default if value is None else value if isinstance(value, str) else json.dumps(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.given.get(name)
        if value is None:
            return default
        return value if isinstance(value, bool) else str(value).lower() in {"1", "true"}

    def number(self, name: str, default: int) -> int:
        try:
            return int(self.text(name) or default)
        except ValueError:
            raise SlackError("invalid_arguments") from None

    def words(self, name: str) -> list[str]:
        """A list, or words with commas between."""
        value = self.given.get(name)
        if isinstance(value, list):
            return [str(item) for item in value]
        return [word.strip() for word in self.text(name).split(",") if word.strip()]

    def structure(self, name: str, error: str) -> Any:
        """A JSON value, or a string that holds one; None when absent. Raises SlackError(error)."""
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(error) from None
