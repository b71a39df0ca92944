"""A Jira at the wire: Cloud (REST v3, Atlassian Documents) or Data Center (REST v2, text).

It keeps state and refuses what Jira refuses.

https://developer.atlassian.com/cloud/jira/platform/rest/v3/  ·  https://docs.atlassian.com/software/jira/docs/api/REST/9.12.0/
"""

import asyncio
import base64
import re
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from aiohttp import web

from bot.sandbox.jira_hooks import Hooks
from bot.sandbox.jira_workflow import SIMPLE, Workflow

Json = dict[str, Any]
Fault = Literal["429", "500", "503", "hang", "drop", "lost", "500 after"]
"""`drop`: the connection breaks before the effect; `lost` and `500 after`: after it."""


@dataclass(eq=False)
class User:
    id: str
    email: str
    name: str
    active: bool = True
    shows_email: bool = True


@dataclass(eq=False)
class Project:
    key: str
    components: list[str] = field(default_factory=list)
    issue_types: list[str] = field(default_factory=lambda: ["Task", "Bug", "Story"])
    archived: bool = False
    forbidden: bool = False
    """The account may see it but not create there."""
    hidden: bool = False
    """The account may not see it, nor any issue of it: Jira then answers as if there were none."""
    required: dict[str, str] = field(default_factory=dict)
    """Custom fields that a new issue must have: id → name as people see it."""
    refuses: dict[str, str] = field(default_factory=dict)
    """Fields that are not on the create screen: id → Jira's sentence."""
    assignable: set[str] | None = None
    """E-mails of those who can be assigned; None: everyone."""
    levels: list[str] = field(default_factory=list)
    """Issue security levels; without a scheme the field is not there at all."""
    priorities: list[str] = field(
        default_factory=lambda: ["Highest", "High", "Medium", "Low", "Lowest"],
    )
    """The highest first; with none the field stands on no screen."""
    workflow: Workflow = SIMPLE
    count: int = 0


@dataclass(eq=False)
class Issue:
    """`once`: the keys that it had before it was moved, by which Jira finds it still."""

    key: str
    project: Project
    summary: str
    issue_type: str
    description: str
    """As plain text, however it came."""
    document: Any
    labels: list[str]
    components: list[str]
    due: str | None
    reporter: User | None
    assignee: User | None
    status: str = "To Do"
    links: list[Json] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    """The comments as they were given."""
    others: Json = field(default_factory=dict)
    security: str = ""
    """The level that hides it from everybody else; "": whoever sees the project reads it."""
    created: float = field(default_factory=time.monotonic)
    resolution: str | None = None
    priority: str = "Medium"
    updated: datetime = field(default_factory=lambda: datetime.now(UTC))
    once: list[str] = field(default_factory=list)


@dataclass
class Call:
    method: str
    path: str
    body: Json
    status: int = 0


class Refusal(Exception):
    def __init__(self, status: int, *messages: str, **errors: str) -> None:
        super().__init__(messages, errors)
        self.status = status
        self.body = {"errorMessages": list(messages), "errors": errors}


class Jira:
    """`latency`: seconds a call, the effect at half of it. `lag`: seconds until a new issue is found by search.

    `clock` is what Jira takes for the time, which may differ from everybody else's.
    """

    def __init__(
        self,
        kind: Literal["cloud", "server"] = "cloud",
        *,
        latency: float = 0.0,
        lag: float = 0.0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.kind = kind
        self.latency = latency
        self.lag = lag
        self.clock = clock
        self.hooks = Hooks()
        self.token = "jira-sandbox-token"  # noqa: S105  # it guards nothing
        self.account = "writeback@acme.example"
        self.projects: dict[str, Project] = {}
        self.users: list[User] = []
        self.issues: dict[str, Issue] = {}
        self.calls: list[Call] = []
        self._faults: list[tuple[str, Fault, float]] = []
        self._down = False
        self._runner: web.AppRunner | None = None
        self.url = ""

    # ---- life ----------------------------------------------------------------------------------

    @asynccontextmanager
    async def serve(self, port: int = 0) -> AsyncIterator["Jira"]:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await self.hooks.settled()
            await self._runner.cleanup()

    def project(self, key: str, **more: Any) -> Project:
        self.projects[key] = Project(key, **more)
        return self.projects[key]

    def user(self, email: str, name: str) -> User:
        user = User(f"acc-{len(self.users) + 1}", email, name)
        self.users.append(user)
        return user

    def fail(self, what: str, how: Fault, *, times: int = 1, after: float = 1.0) -> None:
        """The next `times` calls whose `METHOD path` contains `what` go wrong; `after`: seconds of Retry-After."""
        self._faults += [(what, how, after)] * times

    def heal(self) -> None:
        """Nothing that was to go wrong does any more."""
        self._faults.clear()

    def down(self) -> None:
        self._down = True

    def up(self) -> None:
        self._down = False

    # ---- what people do there --------------------------------------------------------------------

    def move(self, key: str, status: str, resolution: str | None = None) -> None:
        """Somebody moves the issue; `resolution` where its workflow sets none by itself."""
        self._to_status(self._issue(key), status, resolution)
        self._changed(key, "jira:issue_updated")

    def edit(self, key: str, **fields: Any) -> None:
        """Somebody changes `summary`, `due`, `labels`, `priority` or `assignee` (a User, or None)."""
        for name, value in fields.items():
            setattr(self._issue(key), name, value)
        self._changed(key, "jira:issue_updated")

    def transfer(self, key: str, project: str) -> str:
        """Somebody moves the issue to another project; its new key. The old one leads to it still."""
        issue, there = self._issue(key), self.projects[project]
        there.count += 1
        del self.issues[issue.key]
        issue.once.append(issue.key)
        issue.key, issue.project = f"{project}-{there.count}", there
        if issue.status not in {status.name for status in there.workflow.statuses}:
            issue.status = there.workflow.first().name
        self.issues[issue.key] = issue
        self._changed(issue.key, "jira:issue_updated")
        return issue.key

    def delete(self, key: str) -> None:
        issue = self._issue(key)
        self._changed(key, "jira:issue_deleted")
        del self.issues[issue.key]

    def _to_status(self, issue: Issue, status: str, resolution: str | None) -> None:
        flow = issue.project.workflow
        issue.status = status
        if flow.status(status).category != "done":
            issue.resolution = None
        elif resolution or (flow.resolves and not issue.resolution):
            issue.resolution = resolution or "Done"

    def _changed(self, key: str, event: str) -> None:
        issue = self._issue(key)
        now = self.clock()
        # Two changes within a millisecond are two changes.
        issue.updated = max(now, issue.updated + timedelta(milliseconds=1))
        body = {
            "timestamp": int(issue.updated.timestamp() * 1000),
            "webhookEvent": event,
            "issue_event_type_name": "issue_generic" if event.endswith("updated") else None,
            "issue": self._shown(issue),
        }
        self.hooks.tell(body)

    # ---- the wire ------------------------------------------------------------------------------

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        body = await request.json() if request.can_read_body and request.content_length else {}
        call = Call(request.method, request.path, body)
        self.calls.append(call)
        await asyncio.sleep(self.latency / 2)
        fault = self._fault(f"{request.method} {request.path}")
        if self._down or (fault and fault[0] in {"500", "503"}):
            return web.json_response({"errorMessages": ["Service unavailable"]}, status=503)
        if fault and fault[0] == "429":
            return web.json_response({}, status=429, headers={"Retry-After": str(int(fault[1]))})
        if fault and fault[0] == "hang":
            await asyncio.sleep(60)
        if fault and fault[0] == "drop":
            _break(request)
        try:
            self._authorised(request)
            status, answer = 200, self._answer(request, body)
            if request.method == "POST" and not request.path.endswith("/search/jql") and answer is not None:
                status = 201
            if answer is None:
                status = 204
        except Refusal as refusal:
            status, answer = refusal.status, refusal.body
        call.status = status
        if fault and fault[0] == "lost":
            _break(request)
        if fault and fault[0] == "500 after":
            return web.json_response({"errorMessages": ["Internal server error"]}, status=500)
        await asyncio.sleep(self.latency / 2)
        return web.Response(status=204) if answer is None else web.json_response(answer, status=status)

    def _fault(self, what: str) -> tuple[Fault, float] | None:
        for n, (where, how, after) in enumerate(self._faults):
            if where in what:
                del self._faults[n]
                return how, after
        return None

    def _authorised(self, request: web.Request) -> None:
        given = request.headers.get("Authorization", "")
        if given.startswith("Basic "):
            _, _, token = base64.b64decode(given[6:]).decode().partition(":")
        else:
            token = given.removeprefix("Bearer ")
        if token != self.token:
            raise Refusal(401, "Client must be authenticated to access this resource.")

    def _answer(self, request: web.Request, body: Json) -> Any:
        version = "3" if self.kind == "cloud" else "2"
        path = request.path.removeprefix(f"/rest/api/{version}/")
        for method, pattern, act in self._routes():
            match = re.fullmatch(pattern, path)
            if match and method == request.method:
                return act(request.query, body, *match.groups())
        if path == "search" and self.kind == "cloud":
            raise Refusal(
                410, "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API."
            )
        raise Refusal(404, f"No resource at {request.method} {request.path}")

    def _routes(self) -> Iterable[tuple[str, str, Callable[..., Any]]]:
        search = (
            ("GET", "search/jql", self._search) if self.kind == "cloud" else ("GET", "search", self._search)
        )
        return (
            ("GET", "serverInfo", self._server_info),
            (
                "GET",
                "myself",
                lambda q, b: {"accountId": "bot", "name": "writeback", "emailAddress": self.account},
            ),
            ("GET", "field", lambda q, b: []),
            ("POST", "issue", self._create),
            ("GET", r"issue/([A-Z]+-\d+)", self._get),
            ("PUT", r"issue/([A-Z]+-\d+)", self._edit),
            ("GET", r"issue/([A-Z]+-\d+)/editmeta", self._editable),
            ("POST", r"issue/([A-Z]+-\d+)/remotelink", self._link),
            ("POST", r"issue/([A-Z]+-\d+)/comment", self._comment),
            ("GET", r"issue/([A-Z]+-\d+)/comment", self._comments),
            ("GET", r"issue/([A-Z]+-\d+)/transitions", self._transitions),
            ("POST", r"issue/([A-Z]+-\d+)/transitions", self._transition),
            ("PUT", r"issue/([A-Z]+-\d+)/assignee", self._assign),
            ("GET", "user/search", self._users),
            ("GET", r"project/([A-Z0-9]+)", self._project),
            ("GET", r"project/([A-Z0-9]+)/securitylevel", self._levels),
            search,
            ("POST", "search/jql", lambda q, b: self._search(b, b)),
        )

    def _server_info(self, query: Mapping[str, str], body: Json) -> Json:
        cloud = self.kind == "cloud"
        return {
            "baseUrl": self.url,
            "version": "1001.0.0" if cloud else "9.12.0",
            "versionNumbers": [1001, 0, 0] if cloud else [9, 12, 0],
            "deploymentType": "Cloud" if cloud else "Server",
        }

    # ---- issues --------------------------------------------------------------------------------

    def _create(self, query: Mapping[str, str], body: Json) -> Json:
        fields: Json = body.get("fields", {})
        project = self.projects.get(str((fields.get("project") or {}).get("key", "")))
        if project is None:
            raise Refusal(400, project="valid project is required")
        if project.archived:
            raise Refusal(
                400, f"The project '{project.key}' is archived.", project="valid project is required"
            )
        if project.forbidden:
            raise Refusal(403, "You do not have permission to create issues in this project.")
        wrong = self._wrong(project, fields)
        if wrong:
            raise Refusal(400, **wrong)
        project.count += 1
        known = {
            "project",
            "summary",
            "issuetype",
            "description",
            "labels",
            "components",
            "duedate",
            "reporter",
            "assignee",
            "security",
        }
        issue = Issue(
            key=f"{project.key}-{project.count}",
            project=project,
            summary=fields["summary"],
            issue_type=fields["issuetype"]["name"],
            description=plain(fields.get("description")),
            document=fields.get("description"),
            labels=list(fields.get("labels", [])),
            components=[c["name"] for c in fields.get("components", [])],
            due=fields.get("duedate"),
            reporter=self._person(fields.get("reporter")),
            assignee=self._person(fields.get("assignee")),
            security=str((fields.get("security") or {}).get("name") or ""),
            others={name: value for name, value in fields.items() if name not in known},
            status=project.workflow.first().name,
            updated=self.clock(),
        )
        self.issues[issue.key] = issue
        self._changed(issue.key, "jira:issue_created")
        return {
            "id": str(10000 + len(self.issues)),
            "key": issue.key,
            "self": f"{self.url}/rest/api/3/issue/{issue.key}",
        }

    def _wrong(self, project: Project, fields: Json) -> dict[str, str]:
        wrong: dict[str, str] = {}
        summary = fields.get("summary")
        if not summary or not str(summary).strip():
            wrong["summary"] = "You must specify a summary of the issue."
        elif len(summary) > 255:
            wrong["summary"] = "Summary must be less than 255 characters."
        elif "\n" in summary:
            wrong["summary"] = "The summary is invalid because it contains newline characters."
        if (fields.get("issuetype") or {}).get("name") not in project.issue_types:
            wrong["issuetype"] = "Specify a valid issue type"
        wrong |= {n: f"{name} is required." for n, name in project.required.items() if n not in fields}
        wrong |= {n: why for n, why in project.refuses.items() if n in fields}
        if any(c.get("name") not in project.components for c in fields.get("components", [])):
            wrong["components"] = "Component name is not valid"
        wrong |= self._wrong_level(project, fields)
        bad = next((label for label in fields.get("labels", []) if " " in label or len(label) > 255), None)
        if bad is not None:
            wrong["labels"] = f"The label '{bad}' contains spaces which is invalid."
        if fields.get("duedate"):
            try:
                date.fromisoformat(fields["duedate"])
            except ValueError:
                wrong["duedate"] = "Error parsing date string: " + fields["duedate"]
        for name in ("assignee", "reporter"):
            if fields.get(name) and self._person(fields[name]) is None:
                wrong[name] = f"Specify a valid value for {name}"
        assignee = self._person(fields.get("assignee"))
        if assignee and (
            not assignee.active
            or (project.assignable is not None and assignee.email not in project.assignable)
        ):
            wrong["assignee"] = f"User '{assignee.name}' cannot be assigned issues."
        text = fields.get("description")
        if (
            text is not None
            and self.kind == "cloud"
            and not (isinstance(text, dict) and text.get("type") == "doc")
        ):
            wrong["description"] = (
                "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
            )
        elif isinstance(text, dict) and self.kind == "cloud":
            wrong |= {"description": "INVALID_INPUT"} if not _valid_document(text) else {}
        elif text is not None and self.kind == "server" and not isinstance(text, str):
            wrong["description"] = "Operation value must be a string"
        return wrong

    def _wrong_level(self, project: Project, fields: Json) -> dict[str, str]:
        if not fields.get("security"):
            return {}
        if not project.levels:
            screen = "It is not on the appropriate screen, or unknown."
            return {"security": f"Field 'security' cannot be set. {screen}"}
        name = fields["security"].get("name")
        return {} if name in project.levels else {"security": f"Security level name '{name}' is not valid."}

    def _person(self, given: Json | None) -> User | None:
        if not given:
            return None
        wanted = given.get("accountId") if self.kind == "cloud" else given.get("name")
        return next((u for u in self.users if wanted and wanted in {u.id, self._login(u)}), None)

    def _login(self, user: User) -> str:
        return user.email.split("@")[0]

    def _issue(self, key: str) -> Issue:
        found = self.issues.get(key) or next((i for i in self.issues.values() if key in i.once), None)
        if found is None or found.project.hidden:
            raise Refusal(404, "Issue does not exist or you do not have permission to see it.")
        return found

    def _get(self, query: Mapping[str, str], body: Json, key: str) -> Json:
        return self._shown(self._issue(key))

    def _shown(self, issue: Issue) -> Json:
        return {
            "id": issue.key,
            "key": issue.key,
            "self": f"{self.url}/rest/api/{'3' if self.kind == 'cloud' else '2'}/issue/{issue.key}",
            "fields": {
                "summary": issue.summary,
                "labels": issue.labels,
                "status": issue.project.workflow.status(issue.status).shown(),
                "resolution": {"name": issue.resolution} if issue.resolution else None,
                "priority": {"name": issue.priority},
                "components": [{"name": name} for name in issue.components],
                "duedate": issue.due,
                "assignee": self._user(issue.assignee) if issue.assignee else None,
                "updated": f"{issue.updated:%Y-%m-%dT%H:%M:%S}.{issue.updated.microsecond // 1000:03d}+0000",
            },
        }

    def _user(self, user: User) -> Json:
        """Cloud shows an e-mail address only where its owner lets everybody see it."""
        shown: Json = {"displayName": user.name, "active": user.active, "self": ""}
        if self.kind == "cloud":
            return shown | {"accountId": user.id} | ({"emailAddress": user.email} if user.shows_email else {})
        return shown | {"name": self._login(user), "emailAddress": user.email}

    def _editable(self, query: Mapping[str, str], body: Json, key: str) -> Json:
        """Only what stands on the screen for editing is in it."""
        there = self._issue(key).project.priorities
        values = [{"id": str(n), "name": name} for n, name in enumerate(there, 1)]
        asked = {"name": "Priority", "required": False, "operations": ["set"], "allowedValues": values}
        return {"fields": {"summary": {"name": "Summary"}} | ({"priority": asked} if values else {})}

    def _wrong_priority(self, project: Project, fields: Json) -> dict[str, str]:
        if "priority" not in fields:
            return {}
        if not project.priorities:
            screen = "It is not on the appropriate screen, or unknown."
            return {"priority": f"Field 'priority' cannot be set. {screen}"}
        name = (fields["priority"] or {}).get("name")
        return {} if name in project.priorities else {"priority": "The priority selected is invalid."}

    def _edit(self, query: Mapping[str, str], body: Json, key: str) -> None:
        issue = self._issue(key)
        fields = body.get("fields", {})
        wrong = self._wrong_level(issue.project, fields) | self._wrong_priority(issue.project, fields)
        wrong |= {n: why for n, why in issue.project.refuses.items() if n in fields}
        if wrong:
            raise Refusal(400, **wrong)
        issue.security = str((fields.get("security") or {"name": issue.security}).get("name") or "")
        issue.labels = list(fields.get("labels", issue.labels))
        issue.summary = fields.get("summary", issue.summary)
        issue.due = fields.get("duedate", issue.due)
        issue.priority = str((fields.get("priority") or {"name": issue.priority})["name"])
        self._changed(key, "jira:issue_updated")

    def _assign(self, query: Mapping[str, str], body: Json, key: str) -> None:
        issue = self._issue(key)
        nobody = (body.get("accountId") if self.kind == "cloud" else body.get("name")) is None
        user = None if nobody else self._person(body)
        if not nobody and user is None:
            raise Refusal(400, assignee="Specify a valid value for assignee")
        assignable = issue.project.assignable
        if user and (not user.active or (assignable is not None and user.email not in assignable)):
            raise Refusal(400, assignee=f"User '{user.name}' cannot be assigned issues.")
        issue.assignee = user
        self._changed(key, "jira:issue_updated")

    def _transitions(self, query: Mapping[str, str], body: Json, key: str) -> Json:
        issue = self._issue(key)
        with_fields = "transitions.fields" in str(query.get("expand", ""))
        flow = issue.project.workflow
        return {
            "expand": "transitions",
            "transitions": flow.shown(issue.status, with_fields=with_fields),
        }

    def _transition(self, query: Mapping[str, str], body: Json, key: str) -> None:
        issue = self._issue(key)
        id, given = str((body.get("transition") or {}).get("id", "")), body.get("fields") or {}
        flow = issue.project.workflow
        found = next((t for t in flow.open_from(issue.status) if t.id == id), None)
        if found is None:
            raise Refusal(
                400,
                f"It seems that you have tried to perform a workflow operation ({id}) that is not valid for the "
                "current state of this issue.",
            )
        off = "cannot be set. It is not on the appropriate screen, or unknown."
        wrong = {n: f"Field '{n}' {off}" for n in given if n not in found.screen}
        for name, asked in found.screen.items():
            if name not in given and asked.required and not asked.has_default:
                wrong[name] = f"{asked.name} is required."
            if asked.values and name in given and _named(given[name], asked.values) is None:
                wrong[name] = f"Option '{given[name]}' is not valid."
        if wrong:
            raise Refusal(400, **wrong)
        resolution = (
            _named(given["resolution"], found.screen["resolution"].values) if "resolution" in given else None
        )
        self._to_status(issue, found.to, resolution)
        self._changed(key, "jira:issue_updated")

    def _link(self, query: Mapping[str, str], body: Json, key: str) -> Json:
        issue = self._issue(key)
        issue.links = [link for link in issue.links if link.get("globalId") != body.get("globalId")] + [body]
        return {"id": len(issue.links), "self": ""}

    def _comment(self, query: Mapping[str, str], body: Json, key: str) -> Json:
        issue, given = self._issue(key), body.get("body")
        right = isinstance(given, dict) and _valid_document(given) if self.kind == "cloud" else given
        if not right or (self.kind == "server" and not isinstance(given, str)):
            raise Refusal(400, comment="Comment body is not valid!")
        issue.comments.append(plain(given))
        issue.bodies.append(given)
        self._changed(key, "jira:issue_updated")
        return {"id": str(len(issue.comments))}

    def _comments(self, query: Mapping[str, str], body: Json, key: str) -> Json:
        bodies = self._issue(key).bodies
        return {"comments": [{"id": str(n), "body": each} for n, each in enumerate(bodies, 1)]}

    def _users(self, query: Mapping[str, str], body: Json) -> list[Json]:
        words = (query.get("query") or query.get("username") or "").lower()
        found = [u for u in self.users if words and (words in u.email.lower() or words in u.name.lower())]
        return [
            {
                "accountId": u.id,
                "name": self._login(u),
                "displayName": u.name,
                "emailAddress": u.email,
                "active": u.active,
                "self": "",
            }
            for u in found
        ]

    def _project(self, query: Mapping[str, str], body: Json, key: str) -> Json:
        if key not in self.projects or self.projects[key].hidden:
            raise Refusal(404, f"No project could be found with key '{key}'.")
        return {"id": key, "key": key, "name": key, "self": ""}

    def _levels(self, query: Mapping[str, str], body: Json, key: str) -> Json:
        """Those that our account may set.  …/rest/v3/api-group-project-security-levels/"""
        self._project(query, body, key)
        return {"levels": [{"id": level, "name": level} for level in self.projects[key].levels]}

    # ---- search --------------------------------------------------------------------------------

    def _search(self, query: Mapping[str, Any], body: Json) -> Json:
        jql = str(query.get("jql", ""))
        tests = [
            self._clause(part)
            for part in re.split(
                r"\s+AND\s+", re.split(r" ORDER BY ", jql, flags=re.IGNORECASE)[0], flags=re.IGNORECASE
            )
        ]
        now = time.monotonic()
        found = [
            i for i in self.issues.values() if now - i.created >= self.lag and all(test(i) for test in tests)
        ]
        found = [issue for issue in found if not issue.project.hidden]
        if "order by updated" in jql.lower():
            found.sort(key=lambda issue: issue.updated)
        size = min(int(query.get("maxResults") or 50), 100)
        start = int(query.get("nextPageToken" if self.kind == "cloud" else "startAt") or 0)
        issues = [self._shown(issue) for issue in found[start : start + size]]
        last = start + size >= len(found)
        if self.kind == "cloud":
            return {"issues": issues, "isLast": last} | ({} if last else {"nextPageToken": str(start + size)})
        return {"issues": issues, "startAt": start, "maxResults": size, "total": len(found)}

    def _clause(self, part: str) -> Callable[[Issue], bool]:
        since = re.fullmatch(r"\s*updated\s*>=\s*\"?-(\d+)m\"?\s*", part, flags=re.IGNORECASE)
        if since:
            # Jira's own time counts, and it forgets the seconds.
            start = self.clock() - timedelta(minutes=int(since[1]))
            return lambda issue: issue.updated >= start.replace(second=0, microsecond=0)
        match = re.fullmatch(r"\s*(\w+)\s*(=|in)\s*(.+?)\s*", part, flags=re.IGNORECASE)
        if not match:
            raise Refusal(400, f"Error in the JQL Query: '{part}'")
        name = match[1].lower()
        values = {value.strip().strip("\"'") for value in match[3].strip("()").split(",")}
        tests: dict[str, Callable[[Issue], bool]] = {
            "project": lambda issue: issue.project.key in values,
            "labels": lambda issue: bool(values & set(issue.labels)),
            "key": lambda issue: issue.key in values,
            "status": lambda issue: issue.status in values,
        }
        if name not in tests:
            raise Refusal(400, f"Field '{name}' does not exist or you do not have permission to view it.")
        if name == "project" and not values & set(self.projects):
            raise Refusal(400, f"The value '{match[3]}' does not exist for the field 'project'.")
        return tests[name]


def _named(given: Any, values: tuple[str, ...]) -> str | None:
    """The value that a field was given, by its name or its id."""
    if not isinstance(given, Mapping):
        return None
    if given.get("name") in values:
        return str(given["name"])
    number = str(given.get("id", ""))
    return values[int(number) - 1] if number.isdigit() and 0 < int(number) <= len(values) else None


def plain(text: Any) -> str:
    """The words of a description, whether it is text or an Atlassian Document."""
    if text is None or isinstance(text, str):
        return text or ""
    if text.get("type") == "text":
        return str(text.get("text", ""))
    between = "" if text.get("type") in {"paragraph", "heading", "codeBlock"} else "\n"
    return between.join(plain(inner) for inner in text.get("content", []))


def _valid_document(node: Json) -> bool:
    """As far as a document can be wrong in ways that have happened: an empty text node, a mark that is not known."""
    kinds = {
        *(
            "doc",
            "paragraph",
            "heading",
            "bulletList",
            "listItem",
            "text",
            "table",
            "tableRow",
            "tableHeader",
        ),
        *("tableCell", "codeBlock", "rule", "hardBreak"),
    }
    if node.get("type") not in kinds or (node["type"] == "text" and not node.get("text")):
        return False
    marks = {mark.get("type") for mark in node.get("marks", [])}
    if not marks <= {"strong", "code", "link", "em"} or ("code" in marks and "strong" in marks):
        return False
    return all(_valid_document(inner) for inner in node.get("content", []))


def _break(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
    raise asyncio.CancelledError
