"""Web API: modals and the App Home."""

import copy
import json
from typing import Any

from bot.sandbox import blockkit
from bot.sandbox.api_chat import with_ids
from bot.sandbox.args import Args
from bot.sandbox.records import Json, SlackError, View
from bot.sandbox.web_api import method
from bot.sandbox.workspace import Workspace, keep

STACK = 3
"""https://docs.slack.dev/surfaces/modals"""


@method("views.open", tier=4)
def open_(w: Workspace, a: Args) -> Json:
    given = checked(_view(a), "modal")
    trigger = w.take_trigger(_trigger_id(a))
    view = _new(w, trigger.user, given)
    w.modals[trigger.user] = [view]
    return {"view": shown(w, view)}


@method("views.push", tier=4)
def push(w: Workspace, a: Args) -> Json:
    given = checked(_view(a), "modal")
    trigger = w.take_trigger(_trigger_id(a))
    return {"view": shown(w, put_on_top(w, trigger.user, given))}


@method("views.update", tier=4)
def update(w: Workspace, a: Args) -> Json:
    given = checked(_view(a), None)
    view = _named(w, a)
    if "hash" in a and a.text("hash") != view.hash:
        raise SlackError("hash_conflict")
    replace(w, view, given)
    return {"view": shown(w, view)}


@method("views.publish", tier=4)
def publish(w: Workspace, a: Args) -> Json:
    given = checked(_view(a), "home")
    user = w.user(a.text("user_id"))
    view = w.homes.get(user.id)
    if view is None:
        view = w.homes[user.id] = _new(w, user.id, given)
        return {"view": shown(w, view)}
    if "hash" in a and a.text("hash") != view.hash:
        raise SlackError("hash_conflict")
    replace(w, view, given)
    return {"view": shown(w, view)}


def _view(a: Args) -> Any:
    return a.structure("view", "invalid_arguments")


def _trigger_id(a: Args) -> str:
    return a.text("trigger_id") or a.text("interactivity_pointer")


def _named(w: Workspace, a: Args) -> View:
    for view in w.views.values():
        wanted = a.text("view_id") or None
        outside = a.text("external_id") or None
        if view.id == wanted or (outside and view.given.get("external_id") == outside):
            return view
    raise SlackError("not_found")


def checked(given: Any, kind: str | None) -> Json:
    """`given`, if Slack would take it as a view of this kind. Raises SlackError."""
    wrong = blockkit.view_problems(given)
    if not wrong and kind and given["type"] != kind:
        wrong = [f"[ERROR] must be a valid enum value: {kind} [json-pointer:/view/type]"]
    if wrong:
        raise SlackError("invalid_arguments", response_metadata={"messages": wrong})
    if len(json.dumps(given).encode()) > blockkit.VIEW_BYTES:
        raise SlackError("view_too_large")
    view: Json = given
    return view


def _new(w: Workspace, user: str, given: Json, previous: View | None = None) -> View:
    outside = given.get("external_id")
    if outside and any(v.given.get("external_id") == outside for v in w.views.values()):
        raise SlackError("duplicate_external_id")
    view_id = w.id("V")
    root = previous.root if previous else view_id
    view = View(view_id, user, _filled(w, given), _hash(w), root, previous.id if previous else None)
    keep(w.views, view.id, view)
    return view


def put_on_top(w: Workspace, user: str, given: Json) -> View:
    """Push a modal on the stack in front of `user`."""
    stack = w.modals.setdefault(user, [])
    if not stack:
        raise SlackError("not_found")
    if len(stack) >= STACK:
        raise SlackError("push_limit_reached")
    view = _new(w, user, given, stack[-1])
    stack.append(view)
    return view


def replace(w: Workspace, view: View, given: Json) -> None:
    view.given = _filled(w, given)
    view.hash = _hash(w)
    view.errors = {}


def _filled(w: Workspace, given: Json) -> Json:
    filled = copy.deepcopy(given)
    filled["blocks"] = with_ids(w, filled["blocks"])
    return filled


def _hash(w: Workspace) -> str:
    return f"{w.next_ts()}.{w.word(8)}"


def shown(w: Workspace, view: View, values: Json | None = None) -> Json:
    """A view as answers and payloads show it; `values` is what its user has filled in so far."""
    given = copy.deepcopy(view.given)
    return given | {
        "id": view.id,
        "team_id": w.team_id,
        "app_id": w.app_id,
        "app_installed_team_id": w.team_id,
        "bot_id": w.bot_id,
        "title": given.get("title", {"type": "plain_text", "text": "View Title", "emoji": True}),
        "close": given.get("close"),
        "submit": given.get("submit"),
        "private_metadata": given.get("private_metadata", ""),
        "callback_id": given.get("callback_id", ""),
        "external_id": given.get("external_id", ""),
        "clear_on_close": given.get("clear_on_close", False),
        "notify_on_close": given.get("notify_on_close", False),
        "state": {"values": values or {}},
        "hash": view.hash,
        "root_view_id": view.root,
        "previous_view_id": view.previous,
    }
