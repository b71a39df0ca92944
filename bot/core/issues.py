"""What closing and opening again mean for an item's row."""

from datetime import datetime
from typing import Any

from bot.models import Action, ActionState

CLOSED = frozenset({ActionState.DONE, ActionState.WONT_DO})


def closing(state: ActionState, now: datetime, *, by: str = "", why: str = "") -> dict[str, Any]:
    return {"state": state, "closed_at": now, "closed_by": by, "closed_why": why, "later": None}


def reopening(action: Action) -> dict[str, Any]:
    return {
        "state": ActionState.OPEN,
        "closed_at": None,
        "closed_by": "",
        "closed_why": "",
        "reopened": action.reopened + 1,
    }
