"""Our only door to Jira, through the `jira` library, in threads of its own: Cloud in v3, Data Center in v2."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from bot.config import Config
from bot.core.documents import Document, Paragraph, Run
from bot.engine import GiveUp, Retry

if TYPE_CHECKING:
    from jira import JIRA, JIRAError

T = TypeVar("T")

TIMEOUT = (3, 10)
"""Seconds to connect and to read; the library has none by itself."""

OPTIONAL = ("assignee", "reporter", "components", "duedate", "security")
"""Fields that an item can do without: one that Jira refuses is left out and named, rather than the item lost."""


@dataclass(frozen=True)
class NewIssue:
    project: str
    issue_type: str
    summary: str
    description: Document
    labels: tuple[str, ...]
    components: tuple[str, ...] = ()
    due: date | None = None
    reporter_email: str | None = None
    assignee_email: str | None = None
    security: str = ""
    """The level without which it must not exist."""


@dataclass(frozen=True)
class Created:
    """`notes`: what had to be left out, in sentences for people."""

    key: str
    notes: tuple[str, ...] = ()


class Jira:
    """One Jira. Every call raises Retry when another try can help, and GiveUp with the fix when none can."""

    def __init__(
        self,
        url: str,
        *,
        user: str,
        token: str,
        api: str,
        fields: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self._user, self._token = user, token
        self._cloud = api != "server"
        self._fields = fields or {}
        self._client: JIRA | None = None
        self._accounts: dict[str, dict[str, str]] = {}
        # Its own threads: a Jira that hangs must not take those that anything else waits for.
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="jira")

    @classmethod
    def configured(cls, config: "Config") -> "Jira | None":
        """None where no Jira is configured."""
        jira = config.jira
        if not jira.url:
            return None
        return cls(jira.url, user=jira.user, token=jira.token.reveal(), api=jira.api, fields=jira.fields)

    def browse(self, key: str) -> str:
        return f"{self.url}/browse/{key}"

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        if self._client is not None:
            self._client._session.close()

    # ---- what is asked -------------------------------------------------------------------------

    async def find(self, label: str, project: str) -> str | None:
        """The issue that carries `label`; None: there is none."""
        jql = f'project = "{project}" AND labels = "{label}"'

        def look(client: "JIRA") -> str | None:
            search = client.enhanced_search_issues if self._cloud else client.search_issues
            found = search(jql, maxResults=1, fields="summary")
            return str(found[0].key) if found else None

        return await self._do(look, f"look for {label} in {project}")

    async def create(self, issue: NewIssue) -> Created:
        """Create it once. What Jira refuses and the item can do without is left out and named."""
        fields, notes = await self._as_fields(issue)
        optional = [name for name in OPTIONAL if not (issue.security and name == "security")]
        for _ in range(len(optional) + 1):
            try:
                key = await self._do(
                    lambda client: _create(client, fields),
                    f"create an issue in {issue.project}",
                    creates=True,
                )
                return Created(key, tuple(notes))
            except FieldsRefused as refused:
                if issue.security and "security" in refused.errors:
                    raise GiveUp(_no_level(issue.security, issue.project, refused)) from refused
                dropped = [name for name in refused.errors if name in optional and name in fields]
                if not dropped or len(dropped) < len(refused.errors):
                    raise GiveUp(refused.sentence(issue.project)) from refused
                for name in dropped:
                    del fields[name]
                    notes.append(f"without {NAMED.get(name, name)}: {refused.errors[name]}")
        raise GiveUp(f"Jira went on refusing fields in {issue.project}")

    async def _as_fields(self, issue: NewIssue) -> tuple[dict[str, Any], list[str]]:
        notes: list[str] = []
        fields: dict[str, Any] = {
            "project": {"key": issue.project},
            "issuetype": {"name": issue.issue_type},
            "summary": issue.summary,
            "description": issue.description.atlassian() if self._cloud else issue.description.wiki(),
            "labels": list(issue.labels),
        }
        if issue.components:
            fields["components"] = [{"name": name} for name in issue.components]
        if issue.due:
            fields["duedate"] = issue.due.isoformat()
        for field, email in (("reporter", issue.reporter_email), ("assignee", issue.assignee_email)):
            account = await self._account(email) if email else None
            if account:
                fields[field] = account
            elif email:
                notes.append(f"without {NAMED[field]}: Jira knows no {email}")
        fields |= {name: _plain(value) for name, value in self._fields.get(issue.project, {}).items()}
        # After what is configured for every issue: a private one's level is not to be replaced.
        return fields | ({"security": {"name": issue.security}} if issue.security else {}), notes

    async def _account(self, email: str) -> dict[str, str] | None:
        """The account behind an e-mail address, as Cloud and Data Center name it; None: nobody, or not ours to see."""
        if email in self._accounts:
            return self._accounts[email]

        def look(client: "JIRA") -> dict[str, str] | None:
            found = client.search_users(
                None if self._cloud else email, query=email if self._cloud else None, maxResults=5
            )
            for user in found:
                if str(getattr(user, "emailAddress", "")).lower() == email.lower() or (
                    self._cloud and len(found) == 1
                ):
                    return {"accountId": user.accountId} if self._cloud else {"name": user.name}
            return None

        try:
            account = await self._do(look, f"look for {email}")
        except GiveUp:
            return None  # browsing people may be forbidden: the issue matters more
        if account:
            self._accounts[email] = account
        return account

    async def secure(self, key: str, level: str) -> None:
        """Give an issue a security level; its whole history is hidden with it."""
        body = {"fields": {"security": {"name": level}}}

        def change(client: "JIRA") -> None:
            # Not through the library's `update`: it reads the issue again, which may be hidden from us by then.
            client._session.put(client._get_url(f"issue/{key}"), data=json.dumps(body))

        try:
            await self._do(change, f"give {key} the security level {level}", creates=True)
        except FieldsRefused as refused:
            raise GiveUp(_no_level(level, key.partition("-")[0], refused)) from refused

    async def comment(self, key: str, text: str, *, look_first: bool) -> None:
        """Add a comment; with `look_first` only if none of these words stands there."""
        document = Document((Paragraph((Run(text),)),))
        body = document.atlassian() if self._cloud else document.wiki()

        def add(client: "JIRA") -> None:
            url = client._get_url(f"issue/{key}/comment")
            if look_first:
                asked: dict[str, Any] = {"maxResults": 100, "orderBy": "-created"}
                there = client._session.get(url, params=asked).json().get("comments", [])
                if any(_texts(each.get("body")) == _texts(body) for each in there):
                    return
            client._session.post(url, data=json.dumps({"body": body}))

        await self._do(add, f"comment on {key}")

    async def open_again(self, key: str) -> None:
        """Bring a done issue to a status that isn't, whatever it is called; one that isn't done stays as it is."""

        def act(client: "JIRA") -> None:
            shown = client._session.get(client._get_url(f"issue/{key}"), params={"fields": "status"}).json()
            if _category(shown["fields"]["status"]) != "done":
                return
            url = client._get_url(f"issue/{key}/transitions")
            ways = client._session.get(url).json().get("transitions", [])
            leading = [way for way in ways if _category(way.get("to") or {}) != "done"]
            if not leading:
                raise GiveUp(
                    f"{key} can't be reopened: its workflow has no transition from {shown['fields']['status']['name']} "
                    "to a status that counts as open. Move it in Jira"
                )
            client._session.post(url, data=json.dumps({"transition": {"id": leading[0]["id"]}}))

        await self._do(act, f"reopen {key}")

    async def link(self, key: str, url: str, title: str) -> None:
        """A link from the issue to `url`; the same address again replaces it."""
        body = {"globalId": url, "object": {"url": url, "title": title}}

        def add(client: "JIRA") -> None:
            client._session.post(client._get_url(f"issue/{key}/remotelink"), data=json.dumps(body))

        await self._do(add, f"link {key}")

    async def relabel(self, key: str, *, prefix: str, labels: Sequence[str]) -> None:
        """Make those of `labels` that begin with `prefix` the only such labels of the issue; others stay."""

        def change(client: "JIRA") -> None:
            issue = client.issue(key, fields="labels")
            kept = [label for label in issue.fields.labels if not label.startswith(prefix)]
            wanted = kept + [label for label in labels if label.startswith(prefix)]
            if sorted(wanted) != sorted(issue.fields.labels):
                issue.update(fields={"labels": wanted}, jira=client)

        await self._do(change, f"label {key}")

    async def check(self, projects: Sequence[str]) -> list[str]:
        """What stands in the way of filing in `projects`, each with its fix."""
        found: list[str] = []
        try:
            await self._do(lambda client: client.myself(), "say who we are")
        except (Retry, GiveUp) as error:
            return [f"{error}"]
        for project in projects:
            try:
                await self._do(lambda client, key=project: client.project(key), f"read the project {project}")  # type: ignore[misc]
            except (Retry, GiveUp) as error:
                found.append(
                    f"{error}; correct `jira_project` of its team, or let the account see the project"
                )
        return found

    # ---- how it is called ----------------------------------------------------------------------

    def _connected(self) -> "JIRA":
        if self._client is None:
            import jira

            auth: dict[str, Any] = (
                {"basic_auth": (self._user, self._token)} if self._user else {"token_auth": self._token}
            )
            self._client = jira.JIRA(
                self.url,
                options={"rest_api_version": "3" if self._cloud else "2", "check_update": False},
                timeout=TIMEOUT,
                # Its own repeats include a POST whose answer was lost: four issues for one call.
                max_retries=0,
                logging=False,
                **auth,
            )
        return self._client

    async def _do(self, act: "Callable[[JIRA], T]", what: str, *, creates: bool = False) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: self._act(act, what, creates=creates))

    def _act(self, act: "Callable[[JIRA], T]", what: str, *, creates: bool) -> T:
        import requests
        from jira import JIRAError

        connected = False
        try:
            client = self._connected()
            connected = True
            return act(client)
        except JIRAError as error:
            raise _meaning(error, what, creates=creates) from error
        except requests.ConnectTimeout as error:
            raise Retry(f"Jira can't be reached to {what}") from error
        except requests.ConnectionError as error:
            refused = "refused" in str(error) or not connected
            raise Retry(f"Jira can't be reached to {what}", unknown=creates and not refused) from error
        except requests.RequestException as error:
            raise Retry(
                f"Jira did not answer when asked to {what} ({type(error).__name__})",
                unknown=creates and connected,
            ) from error


NAMED = {
    "duedate": "the due date",
    "components": "the component",
    "assignee": "the assignee",
    "reporter": "the reporter",
}


def _no_level(level: str, project: str, refused: "FieldsRefused") -> str:
    return (
        f"Jira refused the security level “{level}” in {project} ({refused}): "
        f"correct [jira] private_level, or give {project} that level and the account of JIRA_USER the right to set it"
    )


def _plain(value: Any) -> Any:
    """A configured field as JSON can carry it."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _create(client: "JIRA", fields: dict[str, Any]) -> str:
    return str(client.create_issue(fields=fields, prefetch=False).key)


class FieldsRefused(Exception):
    """Jira refused an issue. `errors`: its sentence for each field; `messages`: what it says of the whole."""

    def __init__(self, errors: Mapping[str, str], messages: Sequence[str]) -> None:
        super().__init__("; ".join([*messages, *errors.values()]))
        self.errors = errors
        self.messages = messages

    def sentence(self, project: str) -> str:
        said = "; ".join([*self.messages, *(f"{name}: {why}" for name, why in self.errors.items())])
        if "project" in self.errors or any("archived" in m.lower() for m in self.messages):
            return f"Jira refused the project {project} ({said}): correct `jira_project` of the team, or unarchive it"
        if "issuetype" in self.errors:
            return f"Jira refused the issue type in {project} ({said}): set [jira] issue_type to one that {project} has"
        fields = [name for name in self.errors if name not in {"summary", "description", "labels"}]
        if fields:
            fix = f"set it in [jira.fields.{project}] of the configuration, or make it optional in Jira"
            return f"Jira refused the issue in {project} ({said}): {fix}"
        return f"Jira refused the issue in {project}: {said or 'it did not say why'}"


def _meaning(error: "JIRAError", what: str, *, creates: bool) -> Exception:
    status, response = error.status_code, error.response
    if status == 429:
        after: timedelta | None = None
        if response is not None:
            with suppress(KeyError, ValueError):
                after = timedelta(seconds=float(response.headers["Retry-After"]))
        return Retry(f"Jira asks to {what} later", after=after or timedelta(seconds=5), throttle="jira")
    if status is None or status >= 500:
        return Retry(f"Jira answered {status or 'nothing'} when asked to {what}", unknown=creates)
    errors, messages = _said(response)
    said = "; ".join([*messages, *errors.values()]) or error.text or ""
    if status == 401:
        return GiveUp("Jira does not accept JIRA_USER and JIRA_TOKEN: make a new API token and set them")
    if status == 403:
        return GiveUp(
            f"Jira forbids to {what} ({said or 'no permission'}): give the account of JIRA_USER that permission"
        )
    if status == 400 and creates:
        return FieldsRefused(errors, messages)
    if status == 404:
        return GiveUp(
            f"Jira could not {what}: {said or 'it is not there, or the account of JIRA_USER may not see it'}"
        )
    return GiveUp(f"Jira could not {what}: {said or status}")


def _category(status: Mapping[str, Any]) -> str:
    """Jira's own category of a status: new, indeterminate, done or undefined."""
    return str((status.get("statusCategory") or {}).get("key") or "")


def _texts(body: Any) -> str:
    """The words of a comment, without the marks that Jira adds to what it is given."""
    if isinstance(body, Mapping):
        return str(body.get("text") or "") + "".join(map(_texts, body.get("content") or []))
    return str(body or "").strip()


def _said(response: Any) -> tuple[dict[str, str], list[str]]:
    """What stands in an error of Jira's: a sentence for each field, and those about the whole."""
    with suppress(AttributeError, ValueError, TypeError):
        body = response.json()
        errors = {str(name): str(why) for name, why in (body.get("errors") or {}).items()}
        return errors, [str(message) for message in body.get("errorMessages") or []]
    return {}, []
