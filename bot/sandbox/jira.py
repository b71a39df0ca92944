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
from datetime import date
from typing import Any, Literal

from aiohttp import web

Json = dict[str, Any]
Fault = Literal["429", "500", "503", "hang", "drop", "lost", "500 after"]
"""`drop`: the connection breaks before the effect; `lost` and `500 after`: after it."""


@dataclass(eq=False)
class User:
    id: str
    email: str
    name: str
    active: bool = True


@dataclass(eq=False)
class Project:
    key: str
    components: list[str] = field(default_factory=list)
    issue_types: list[str] = field(default_factory=lambda: ["Task", "Bug", "Story"])
    archived: bool = False
    forbidden: bool = False
    """The account may see it but not create there."""
    required: dict[str, str] = field(default_factory=dict)
    """Custom fields that a new issue must have: id → name as people see it."""
    refuses: dict[str, str] = field(default_factory=dict)
    """Fields that are not on the create screen: id → Jira's sentence."""
    assignable: set[str] | None = None
    """E-mails of those who can be assigned; None: everyone."""
    levels: list[str] = field(default_factory=list)
    """Issue security levels; without a scheme the field is not there at all."""
    count: int = 0


@dataclass(eq=False)
class Issue:
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
    others: Json = field(default_factory=dict)
    security: str = ""
    """The level that hides it from everybody else; "": whoever sees the project reads it."""
    created: float = field(default_factory=time.monotonic)


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
    """`latency`: seconds a call, the effect at half of it. `lag`: seconds until a new issue is found by search."""

    def __init__(
        self, kind: Literal["cloud", "server"] = "cloud", *, latency: float = 0.0, lag: float = 0.0
    ) -> None:
        self.kind = kind
        self.latency = latency
        self.lag = lag
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

    def down(self) -> None:
        self._down = True

    def up(self) -> None:
        self._down = False

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
            if request.method == "POST" and not request.path.endswith("/search/jql"):
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
            ("POST", r"issue/([A-Z]+-\d+)/remotelink", self._link),
            ("POST", r"issue/([A-Z]+-\d+)/comment", self._comment),
            ("GET", r"issue/([A-Z]+-\d+)/comment", self._comments),
            ("GET", r"issue/([A-Z]+-\d+)/transitions", self._transitions),
            ("POST", r"issue/([A-Z]+-\d+)/transitions", self._transition),
            ("GET", "user/search", self._users),
            ("GET", r"project/([A-Z0-9]+)", self._project),
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
        )
        self.issues[issue.key] = issue
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
        if key not in self.issues:
            raise Refusal(404, "Issue does not exist or you do not have permission to see it.")
        return self.issues[key]

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
                "status": _status(issue.status),
                "components": [{"name": name} for name in issue.components],
                "duedate": issue.due,
            },
        }

    def _edit(self, query: Mapping[str, str], body: Json, key: str) -> None:
        issue = self._issue(key)
        fields = body.get("fields", {})
        wrong = self._wrong_level(issue.project, fields)
        if wrong:
            raise Refusal(400, **wrong)
        issue.security = str((fields.get("security") or {"name": issue.security}).get("name") or "")
        issue.labels = list(fields.get("labels", issue.labels))
        issue.summary = fields.get("summary", issue.summary)

    def _link(self, query: Mapping[str, str], body: Json, key: str) -> Json:
        issue = self._issue(key)
        issue.links = [link for link in issue.links if link.get("globalId") != body.get("globalId")] + [body]
        return {"id": len(issue.links), "self": ""}

    def _comment(self, query: Mapping[str, str], body: Json, key: str) -> Json:
        self._issue(key).comments.append(plain(body.get("body")))
        return {"id": "1"}

    def _comments(self, query: Mapping[str, str], body: Json, key: str) -> Json:
        return {"comments": [{"body": text} for text in self._issue(key).comments]}

    def _transitions(self, query: Mapping[str, str], body: Json, key: str) -> Json:
        here = self._issue(key).status
        return {
            "transitions": [
                {"id": name, "name": name, "to": _status(name)} for name in STATUSES if name != here
            ]
        }

    def _transition(self, query: Mapping[str, str], body: Json, key: str) -> None:
        issue, to = self._issue(key), str((body.get("transition") or {}).get("id"))
        if to not in STATUSES or to == issue.status:
            raise Refusal(
                400,
                "It seems that you have tried to perform an operation which you are not permitted to perform.",
            )
        issue.status = to

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
        if key not in self.projects:
            raise Refusal(404, f"No project could be found with key '{key}'.")
        return {"id": key, "key": key, "name": key, "self": ""}

    # ---- search --------------------------------------------------------------------------------

    def _search(self, query: Mapping[str, Any], body: Json) -> Json:
        jql = str(query.get("jql", ""))
        tests = [
            self._clause(part)
            for part in re.split(r"\s+AND\s+", jql.split(" ORDER BY ")[0], flags=re.IGNORECASE)
        ]
        now = time.monotonic()
        found = [
            i for i in self.issues.values() if now - i.created >= self.lag and all(test(i) for test in tests)
        ]
        issues = [self._shown(issue) for issue in found]
        if self.kind == "cloud":
            return {"issues": issues, "isLast": True}
        return {"issues": issues, "startAt": 0, "maxResults": 50, "total": len(issues)}

    def _clause(self, part: str) -> Callable[[Issue], bool]:
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


STATUSES = {"To Do": "new", "In Progress": "indeterminate", "Done": "done"}
"""The statuses of an issue and Jira's own category of each."""


def _status(name: str) -> Json:
    return {"name": name, "statusCategory": {"key": STATUSES.get(name, "undefined")}}


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
