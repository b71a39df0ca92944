"""A Confluence at the wire: Cloud (REST v2, and v1 for labels) or Data Center (REST v1).

It keeps state and refuses what Confluence refuses: a title that another page of the space has, a version that is not
the next, a body that is no XHTML.

https://developer.atlassian.com/cloud/confluence/rest/v2/  ·  https://developer.atlassian.com/server/confluence/rest/
"""

import asyncio
import base64
import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from xml.etree import ElementTree

from aiohttp import web

Json = dict[str, Any]
Fault = Literal["429", "503", "hang", "drop", "lost"]
"""`drop`: the connection breaks before the effect; `lost`: after it."""

ENTITIES = '<!DOCTYPE page [<!ENTITY nbsp "&#160;">]>'


@dataclass(eq=False)
class Page:
    id: str
    space: str
    title: str
    body: str
    parent: str | None
    version: int = 1
    labels: list[str] = field(default_factory=list)
    trashed: bool = False


@dataclass
class Call:
    method: str
    path: str
    body: Any
    status: int = 0


class Refusal(Exception):
    def __init__(self, status: int, title: str) -> None:
        super().__init__(title)
        self.status, self.title = status, title


class Confluence:
    def __init__(self, kind: Literal["cloud", "server"] = "cloud") -> None:
        self.kind = kind
        self.token = "confluence-sandbox-token"  # noqa: S105  # it guards nothing
        self.spaces: dict[str, str] = {}
        """By key, the number of each space."""
        self.readonly: set[str] = set()
        self.pages: dict[str, Page] = {}
        self.calls: list[Call] = []
        self.url = ""
        self._faults: list[tuple[str, Fault]] = []
        self._down = False

    @asynccontextmanager
    async def serve(self) -> AsyncIterator["Confluence"]:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._serve)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}" + ("/wiki" if self.kind == "cloud" else "")
        try:
            yield self
        finally:
            await runner.cleanup()

    def space(self, key: str) -> None:
        self.spaces[key] = str(98_300 + len(self.spaces))

    def add(self, space: str, title: str, body: str = "<p>by hand</p>") -> Page:
        """A page that somebody wrote."""
        return self._new(space, title, body, None)

    def fail(self, what: str, how: Fault, *, times: int = 1) -> None:
        """The next `times` calls whose `METHOD path` contains `what` go wrong."""
        self._faults += [(what, how)] * times

    def down(self) -> None:
        self._down = True

    def up(self) -> None:
        self._down = False

    # ---- the wire ------------------------------------------------------------------------------

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        body = await request.json() if request.can_read_body and request.content_length else None
        call = Call(request.method, request.path, body)
        self.calls.append(call)
        fault = self._fault(f"{request.method} {request.path}")
        if self._down or fault == "503":
            return web.Response(status=503, text="<html>Service Unavailable</html>")
        if fault == "429":
            return web.json_response(
                {"message": "Rate limit exceeded"}, status=429, headers={"Retry-After": "1"}
            )
        if fault == "hang":
            await asyncio.sleep(60)
        if fault == "drop":
            _break(request)
        try:
            self._authorised(request)
            call.status, answer = 200, self._answer(request, body)
        except Refusal as refusal:
            call.status, answer = refusal.status, self._refused(refusal)
        if fault == "lost":
            _break(request)
        return web.json_response(answer, status=call.status)

    def _fault(self, what: str) -> Fault | None:
        for number, (where, how) in enumerate(self._faults):
            if where in what:
                del self._faults[number]
                return how
        return None

    def _refused(self, refusal: Refusal) -> Json:
        if self.kind == "cloud":
            error = {"status": refusal.status, "code": "INVALID", "title": refusal.title, "detail": None}
            return {"errors": [error]}
        return {"statusCode": refusal.status, "data": {}, "message": refusal.title}

    def _authorised(self, request: web.Request) -> None:
        given = request.headers.get("Authorization", "")
        if given.startswith("Basic "):
            _, _, token = base64.b64decode(given[6:]).decode().partition(":")
        else:
            token = given.removeprefix("Bearer ")
        if token != self.token:
            raise Refusal(401, "Unauthorized")

    def _routes(self) -> Iterable[tuple[str, str, Callable[..., Json]]]:
        yield "POST", r"rest/api/content/(\d+)/label", self._label
        if self.kind == "cloud":
            yield "GET", "api/v2/spaces", self._spaces
            yield "GET", "api/v2/pages", self._search
            yield "POST", "api/v2/pages", self._create
            yield "GET", r"api/v2/pages/(\d+)", self._get
            yield "PUT", r"api/v2/pages/(\d+)", self._update
        else:
            yield "GET", r"rest/api/space/(\w+)", self._one_space
            yield "GET", "rest/api/content", self._search
            yield "POST", "rest/api/content", self._create
            yield "GET", r"rest/api/content/(\d+)", self._get
            yield "PUT", r"rest/api/content/(\d+)", self._update

    def _answer(self, request: web.Request, body: Any) -> Json:
        path = request.path.lstrip("/")
        if self.kind == "cloud":
            if not path.startswith("wiki/"):
                raise Refusal(404, "Not Found")
            path = path.removeprefix("wiki/")
        for method, pattern, act in self._routes():
            match = re.fullmatch(pattern, path)
            if match and method == request.method:
                return act(request.query, body, *match.groups())
        raise Refusal(404, f"No resource at {request.method} {request.path}")

    # ---- pages ---------------------------------------------------------------------------------

    def _spaces(self, query: Mapping[str, str], body: Any) -> Json:
        wanted = (query.get("keys") or "").split(",")
        return {"results": [{"id": n, "key": k} for k, n in self.spaces.items() if k in wanted], "_links": {}}

    def _one_space(self, query: Mapping[str, str], body: Any, key: str) -> Json:
        if key not in self.spaces:
            raise Refusal(404, f"No space with key : {key}")
        return {"id": int(self.spaces[key]), "key": key, "type": "global"}

    def _search(self, query: Mapping[str, str], body: Any) -> Json:
        space = query.get("spaceKey") or next(
            (k for k, n in self.spaces.items() if n == query.get("space-id")), ""
        )
        found = [
            p
            for p in self.pages.values()
            if p.space == space and p.title == query.get("title") and not p.trashed
        ]
        return {"results": [self._shown(p) for p in found]}

    def _page(self, number: str) -> Page:
        page = self.pages.get(number)
        if page is None or (page.trashed and self.kind == "server"):
            raise Refusal(404, "No content found with id")
        return page

    def _get(self, query: Mapping[str, str], body: Any, number: str) -> Json:
        return self._shown(self._page(number))

    def _create(self, query: Mapping[str, str], body: Json) -> Json:
        if self.kind == "cloud":
            space = next((k for k, n in self.spaces.items() if n == str(body.get("spaceId"))), "")
            content, parent = body.get("body") or {}, body.get("parentId")
        else:
            space = str((body.get("space") or {}).get("key") or "")
            content = (body.get("body") or {}).get("storage") or {}
            parent = next((a["id"] for a in body.get("ancestors") or []), None)
        if space not in self.spaces:
            raise Refusal(404, "Could not find space")
        if space in self.readonly:
            raise Refusal(403, "User not permitted to create content in this space")
        if parent and parent not in self.pages:
            raise Refusal(404, "Could not find the parent")
        self._check(space, body.get("title"), content, None)
        return self._shown(self._new(space, body["title"], content["value"], parent))

    def _new(self, space: str, title: str, body: str, parent: str | None) -> Page:
        number = str(163_900 + len(self.pages))
        self.pages[number] = Page(number, space, title, body, parent)
        return self.pages[number]

    def _update(self, query: Mapping[str, str], body: Json, number: str) -> Json:
        page = self._page(number)
        content = body.get("body") or {}
        content = content if self.kind == "cloud" else content.get("storage") or {}
        if (body.get("version") or {}).get("number") != page.version + 1:
            raise Refusal(409, f"Version must be incremented on update. Current version is: {page.version}")
        self._check(page.space, body.get("title"), content, page)
        page.title, page.body, page.version = body["title"], content["value"], page.version + 1
        return self._shown(page)

    def _check(self, space: str, title: Any, content: Json, page: Page | None) -> None:
        if not title or len(str(title)) > 255:
            raise Refusal(400, "Title must be between 1 and 255 characters")
        same = [p for p in self.pages.values() if p.space == space and p.title == title and not p.trashed]
        if any(other is not page for other in same):
            raise Refusal(400, "A page with this title already exists: A page already exists in this space")
        if content.get("representation") != "storage":
            raise Refusal(400, "Unsupported representation")
        try:
            ElementTree.fromstring(  # noqa: S314  # our own words
                f'{ENTITIES}<page xmlns:ac="ac" xmlns:ri="ri">{content.get("value")}</page>'
            )
        except ElementTree.ParseError as error:
            raise Refusal(400, f"Error parsing xhtml: {error}") from error

    def _label(self, query: Mapping[str, str], body: list[Json], number: str) -> Json:
        page = self._page(number)
        for label in body:
            if not re.fullmatch(r"[^\s,;:?!()\[\]{}<>&|*#^@'\"A-Z]{1,255}", label["name"]):
                raise Refusal(400, "The label is not valid")
            if label["name"] not in page.labels:
                page.labels.append(label["name"])
        return {"results": [{"prefix": "global", "name": name} for name in page.labels]}

    def _shown(self, page: Page) -> Json:
        links = {"webui": f"/spaces/{page.space}/pages/{page.id}", "base": self.url}
        return {
            "id": page.id,
            "status": "trashed" if page.trashed else "current",
            "title": page.title,
            "version": {"number": page.version},
            "body": {"storage": {"representation": "storage", "value": page.body}},
            "_links": links,
        }


def _break(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
    raise asyncio.CancelledError
