"""A Jira project's workflow: its statuses, the transitions between them, and what their screens ask for.

https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-transitions-get
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

CATEGORIES = {
    "undefined": (1, "No Category"),
    "new": (2, "To Do"),
    "done": (3, "Done"),
    "indeterminate": (4, "In Progress"),
}
"""What every status belongs to, whatever it is called: key → id and name. Nobody can add one."""


@dataclass(frozen=True)
class Status:
    name: str
    category: str

    def shown(self) -> Json:
        id, name = CATEGORIES[self.category]
        return {
            "id": self.name,
            "name": self.name,
            "statusCategory": {"id": id, "key": self.category, "name": name},
        }


@dataclass(frozen=True)
class Asked:
    """A field of a transition's screen. `values`: what it can be, empty where anything goes."""

    name: str
    required: bool = True
    has_default: bool = False
    values: tuple[str, ...] = ()

    def shown(self, id: str) -> Json:
        kind = "resolution" if id == "resolution" else "option" if self.values else "string"
        shown: Json = {
            "required": self.required,
            "schema": {"type": kind, "system": id},
            "name": self.name,
            "key": id,
            "hasDefaultValue": self.has_default,
            "operations": ["set"],
        }
        if self.values:
            shown["allowedValues"] = [{"id": str(n), "name": name} for n, name in enumerate(self.values, 1)]
        return shown


@dataclass(frozen=True)
class Transition:
    """`sources`: the statuses it can be made from; None: all. `screen`: its fields by id."""

    id: str
    name: str
    to: str
    sources: frozenset[str] | None = None
    screen: Mapping[str, Asked] = field(default_factory=dict)


@dataclass(frozen=True)
class Workflow:
    """`resolves`: a post function sets a resolution when an issue is done, as Cloud's simplified workflows do."""

    statuses: tuple[Status, ...]
    transitions: tuple[Transition, ...]
    resolves: bool = True

    def status(self, name: str) -> Status:
        return next(status for status in self.statuses if status.name == name)

    def first(self) -> Status:
        return self.statuses[0]

    def open_from(self, status: str) -> list[Transition]:
        return [t for t in self.transitions if t.sources is None or status in t.sources]

    def shown(self, status: str, *, with_fields: bool) -> list[Json]:
        return [
            {
                "id": t.id,
                "name": t.name,
                "to": self.status(t.to).shown(),
                "hasScreen": bool(t.screen),
                "isGlobal": t.sources is None,
                "isAvailable": True,
                **(
                    {"fields": {id: asked.shown(id) for id, asked in t.screen.items()}} if with_fields else {}
                ),
            }
            for t in self.open_from(status)
        ]


SIMPLE = Workflow(
    (Status("To Do", "new"), Status("In Progress", "indeterminate"), Status("Done", "done")),
    (
        Transition("11", "To Do", "To Do"),
        Transition("21", "In Progress", "In Progress"),
        Transition("31", "Done", "Done"),
    ),
)
"""What a new project of Jira Cloud has."""

CLASSIC = Workflow(
    (
        Status("Open", "new"),
        Status("In Progress", "indeterminate"),
        Status("Resolved", "done"),
        Status("Closed", "done"),
        Status("Reopened", "new"),
    ),
    (
        Transition("4", "Start Progress", "In Progress", frozenset({"Open", "Reopened"})),
        Transition(
            "5",
            "Resolve Issue",
            "Resolved",
            frozenset({"Open", "In Progress", "Reopened"}),
            {
                "resolution": Asked(
                    "Resolution", values=("Fixed", "Won't Fix", "Duplicate", "Cannot Reproduce")
                )
            },
        ),
        Transition("3", "Reopen Issue", "Reopened", frozenset({"Resolved", "Closed"})),
    ),
    resolves=False,
)
"""Jira's oldest workflow, still found on Data Center: a screen asks for the resolution."""
