"""Our only door to Confluence, through `atlassian-python-api`, in a thread of its own: Cloud in v2, Data Center in v1.

The library is used for its session and its requests. Its methods for pages swallow errors and differ from release to
release, and a page must neither be lost nor made twice.

https://developer.atlassian.com/cloud/confluence/rest/v2/api-group-page/
https://developer.atlassian.com/server/confluence/confluence-rest-api-examples/
"""

import asyncio
import html
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from bot.config import Config
from bot.engine import GiveUp, Retry

if TYPE_CHECKING:
    from atlassian.rest_client import AtlassianRestAPI

T = TypeVar("T")

TIMEOUT = 5
"""Seconds of one call: the few that a page needs fit into one lease."""

TITLE = 255
"""Characters of a page's title."""


@dataclass(frozen=True)
class Page:
    """`body` is in Confluence's storage format and ends with `mark`, by which a page is known as ours."""

    title: str
    body: str
    mark: str
    label: str


@dataclass(frozen=True)
class Written:
    id: str
    url: str


@dataclass(frozen=True)
class _Found:
    id: str
    title: str
    version: int
    body: str
    url: str


class Confluence:
    """One space. Every call raises Retry when another try can help, and GiveUp with the fix when none can."""

    def __init__(self, url: str, *, api: str, space: str, parent: str, user: str, token: str) -> None:
        self.url = url.rstrip("/")
        self.space, self.parent = space, parent
        self._cloud = api != "server"
        self._user, self._token = user, token
        self._client: AtlassianRestAPI | None = None
        self._space_id = ""
        # Its own thread: a Confluence that hangs takes nothing that anything else waits for.
        self._threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="confluence")

    @classmethod
    def configured(cls, config: Config) -> "Confluence | None":
        """None where none is configured."""
        c = config.confluence
        if not c.url:
            return None
        return cls(c.url, api=c.api, space=c.space, parent=c.parent, user=c.user, token=c.token.reveal())

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        if self._client is not None:
            self._client.close()

    async def write(self, page: Page, *, known: str = "") -> Written:
        """Make the page, or bring it up to date: the one with the id `known`, else one of ours with its title.

        Once: a page that an earlier try made is found by its title, which is unique in a space, and by our mark in it.
        A title that somebody else's page has gets our mark behind it.
        """
        return await self._do(lambda: self._write(page, known))

    async def check(self) -> list[str]:
        """What stands in the way of writing pages, with its fix."""

        def look() -> None:
            if self._cloud:
                self._space()
            else:
                self._ask("GET", f"rest/api/space/{self.space}")

        try:
            await self._do(look)
        except (Retry, GiveUp) as error:
            return [str(error)]
        return []

    def _write(self, page: Page, known: str) -> Written:
        found = self._by_id(known) if known else None
        title = found.title if found else page.title[:TITLE]
        if found is None:
            found = self._by_title(title)
            if found is not None and not self._is_ours(found, page):
                title = f"{page.title[: TITLE - len(page.mark) - 3]} ({page.mark})"
                found = self._by_title(title)
        if found is None:
            found = self._create(title, page.body)
        elif not _same(found.body, page.body):
            found = self._update(found, page)
        self._label(found.id, page.label)
        return Written(found.id, found.url)

    def _is_ours(self, found: _Found, page: Page) -> bool:
        return html.escape(page.mark) in found.body

    # ---- the two interfaces --------------------------------------------------------------------

    def _by_id(self, page: str) -> _Found | None:
        """None when it is not there any more: people may take a page away."""
        if self._cloud:
            answer = self._ask("GET", f"api/v2/pages/{page}", {"body-format": "storage"}, missing=True)
        else:
            answer = self._ask(
                "GET", f"rest/api/content/{page}", {"expand": "body.storage,version"}, missing=True
            )
        if not answer or answer.get("status", "current") != "current":
            return None
        return self._read(answer)

    def _by_title(self, title: str) -> _Found | None:
        if self._cloud:
            params = {
                "space-id": self._space(),
                "title": title,
                "status": "current",
                "body-format": "storage",
            }
            answer = self._ask("GET", "api/v2/pages", params)
        else:
            params = {
                "spaceKey": self.space,
                "title": title,
                "type": "page",
                "expand": "body.storage,version",
            }
            answer = self._ask("GET", "rest/api/content", params)
        results = answer.get("results") or []
        return self._read(results[0]) if results else None

    def _create(self, title: str, body: str) -> _Found:
        content = {"representation": "storage", "value": body}
        if self._cloud:
            given: dict[str, Any] = {
                "spaceId": self._space(),
                "status": "current",
                "title": title,
                "body": content,
            }
            if self.parent:
                given["parentId"] = self.parent
            return self._read(self._ask("POST", "api/v2/pages", body=given))
        given = {"type": "page", "title": title, "space": {"key": self.space}, "body": {"storage": content}}
        if self.parent:
            given["ancestors"] = [{"id": self.parent}]
        return self._read(self._ask("POST", "rest/api/content", body=given))

    def _update(self, found: _Found, page: Page) -> _Found:
        content = {"representation": "storage", "value": page.body}
        version = {"number": found.version + 1, "message": "Kept by Writeback"}
        if self._cloud:
            given: dict[str, Any] = {
                "id": found.id,
                "status": "current",
                "title": found.title,
                "body": content,
                "version": version,
            }
            return self._read(self._ask("PUT", f"api/v2/pages/{found.id}", body=given))
        given = {
            "id": found.id,
            "type": "page",
            "title": found.title,
            "body": {"storage": content},
            "version": version,
        }
        return self._read(self._ask("PUT", f"rest/api/content/{found.id}", body=given))

    def _label(self, page: str, label: str) -> None:
        """v2 reads labels and can't add one, so both interfaces take it from v1; the same one again changes nothing."""
        self._ask("POST", f"rest/api/content/{page}/label", body=[{"prefix": "global", "name": label}])

    def _space(self) -> str:
        if not self._space_id:
            results = self._ask("GET", "api/v2/spaces", {"keys": self.space}).get("results") or []
            if not results:
                raise GiveUp(
                    f"Confluence has no space {self.space}, or the account may not see it: correct [confluence] space"
                )
            self._space_id = str(results[0]["id"])
        return self._space_id

    def _read(self, answer: Mapping[str, Any]) -> _Found:
        links = answer.get("_links") or {}
        url = f"{links.get('base') or self.url}{links.get('webui', '')}"
        body = ((answer.get("body") or {}).get("storage") or {}).get("value") or ""
        number = int((answer.get("version") or {}).get("number") or 1)
        return _Found(str(answer["id"]), str(answer.get("title") or ""), number, str(body), url)

    # ---- how it is called ----------------------------------------------------------------------

    def _connected(self) -> "AtlassianRestAPI":
        if self._client is None:
            try:
                from atlassian.rest_client import AtlassianRestAPI
            except ImportError:
                raise GiveUp(
                    'pages in Confluence need one more package: pip install "writeback[confluence]"'
                ) from None
            logging.getLogger("atlassian").setLevel(logging.WARNING)
            who: dict[str, Any] = (
                {"username": self._user, "password": self._token} if self._user else {"token": self._token}
            )
            # Its own repeats would sleep in our thread, and send a page again whose answer was lost.
            self._client = AtlassianRestAPI(
                self.url, timeout=TIMEOUT, backoff_and_retry=False, retry_with_header=False, **who
            )
        return self._client

    async def _do(self, act: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, act)

    def _ask(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        body: Any = None,
        missing: bool = False,
    ) -> dict[str, Any]:
        """One call. `missing`: what is not there is an empty answer and no failure."""
        import requests

        writes = method != "GET"
        client = self._connected()
        try:
            answer = client.request(
                method=method,
                path=path,
                params=dict(params) if params else None,
                data=body,
                advanced_mode=True,
            )
        except requests.ConnectTimeout as error:
            raise Retry("Confluence can't be reached") from error
        except requests.RequestException as error:
            refused = "refused" in str(error)
            raise Retry(
                f"Confluence did not answer ({type(error).__name__})", unknown=writes and not refused
            ) from error
        if answer.status_code == 404 and missing:
            return {}
        if answer.status_code >= 400:
            raise self._meaning(answer, method)
        with suppress(ValueError):
            found = answer.json()
            return found if isinstance(found, dict) else {"results": found}
        raise Retry("Confluence answered something that is no JSON", unknown=writes)

    def _meaning(self, answer: Any, method: str) -> Exception:
        status = int(answer.status_code)
        if status == 429:
            after = str(answer.headers.get("Retry-After") or "5")
            seconds = float(after) if after.replace(".", "", 1).isdigit() else 5.0
            return Retry(
                "Confluence asks to be called less often",
                after=timedelta(seconds=seconds),
                throttle="confluence",
            )
        if status >= 500 or status in {408, 409}:
            # 409: somebody saved the page between our look and our change; the next try looks again.
            return Retry(f"Confluence answered with status {status}", unknown=method != "GET")
        return GiveUp(f"Confluence refused it ({status}): {_said(answer)}; {self._fix(status)}")

    def _fix(self, status: int) -> str:
        if status == 401:
            return "set CONFLUENCE_USER and CONFLUENCE_TOKEN (or JIRA_USER and JIRA_TOKEN) to an account that may log in"
        if status in {403, 404}:
            return f"let the account add pages to the space {self.space}, and correct [confluence] url, space and parent"
        return "`/incident postmortem page` tries again once that is mended"


def _said(answer: Any) -> str:
    """Its own sentence: v2 has a list of errors, v1 a message."""
    with suppress(ValueError):
        data = answer.json()
        if isinstance(data, dict):
            errors = data.get("errors") or []
            titles = [str(e.get("title") or "") for e in errors if isinstance(e, dict)]
            return ("; ".join(filter(None, titles)) or str(data.get("message") or ""))[
                :300
            ] or "no reason given"
    return "no reason given"


def _same(stored: str, body: str) -> bool:
    """Confluence gives back what it was sent, but for spaces: a page that says so already gets no new version."""
    return "".join(stored.split()) == "".join(body.split())
