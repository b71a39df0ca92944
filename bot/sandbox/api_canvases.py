"""Web API: canvases, as far as an app can make, read and replace them."""

from typing import Any

from bot.sandbox.args import Args
from bot.sandbox.records import Canvas, Json, SlackError
from bot.sandbox.web_api import channel_of, method, writable
from bot.sandbox.workspace import Workspace

CHARACTERS = 1_048_576
"""https://docs.slack.dev/reference/methods/conversations.canvases.create"""

ALONE = frozenset({"insert_at_start", "insert_at_end", "replace", "rename"})
BESIDE = frozenset({"insert_after", "insert_before", "delete"})
"""The operations of canvases.edit, and those that need a section.  https://docs.slack.dev/reference/methods/canvases.edit"""


@method("conversations.canvases.create", "canvases:write", tier=2)
def create(w: Workspace, a: Args) -> Json:
    channel = writable(channel_of(w, a, name="channel_id"))
    _allowed(w)
    markdown = _markdown(a.structure("document_content", "invalid_arguments"))
    if channel.id in {canvas.channel for canvas in w.canvases.values()}:
        raise SlackError("channel_canvas_already_exists")
    canvas = Canvas(w.id("F"), channel.id, a.text("title"), markdown)
    w.canvases[canvas.id] = canvas
    channel.properties["canvas"] = {
        "file_id": canvas.id,
        "is_empty": not markdown,
        "quip_thread_id": canvas.id,
    }
    return {"canvas_id": canvas.id}


@method("canvases.edit", "canvases:write", tier=3)
def edit(w: Workspace, a: Args) -> Json:
    canvas = _canvas(w, a)
    changes = a.structure("changes", "invalid_arguments")
    if not isinstance(changes, list) or len(changes) != 1:
        raise SlackError("invalid_arguments")
    [change] = changes
    operation = change.get("operation")
    if operation not in ALONE | BESIDE or (operation in BESIDE and not change.get("section_id")):
        raise SlackError("canvas_editing_failed", detail=f"unknown operation {operation}")
    if operation != "replace" or change.get("section_id"):
        raise SlackError("canvas_editing_failed", detail="this workspace only replaces whole canvases")
    canvas.markdown = _markdown(change.get("document_content"))
    return {}


@method("canvases.getContent", "canvases:read", tier=3)
def get_content(w: Workspace, a: Args) -> Json:
    canvas = _canvas(w, a)
    if a.text("content_type", "markdown") not in {"markdown", "html"}:
        raise SlackError("invalid_arguments")
    return {"content": canvas.markdown}


def _allowed(w: Workspace) -> None:
    if w.canvas_refusal:
        raise SlackError(w.canvas_refusal)


def _canvas(w: Workspace, a: Args) -> Canvas:
    _allowed(w)
    found = w.canvases.get(a.text("canvas_id"))
    if found is None:
        raise SlackError("canvas_not_found")
    return found


def _markdown(content: Any) -> str:
    if content is None:
        return ""
    if not isinstance(content, dict) or content.get("type") != "markdown":
        raise SlackError("invalid_arguments")
    markdown = str(content.get("markdown") or "")
    if len(markdown) > CHARACTERS:
        raise SlackError("invalid_arguments")
    return markdown
