"""Our only door to Jira, through the `jira` library, in threads of its own: Cloud in v3, Data Center in v2."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from bot.config import Config
from bot.core import Refused
from bot.core.documents import Document, Paragraph, Run
from bot.core.issues import CLOSED, Asked, Issue, Transition, way
from bot.engine import GiveUp, Retry
from bot.models import ActionState

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
class Changed:
    """An issue that a search has found, by what tells whether it has to be read. `updated` is Jira's time."""

    key: str
    labels: tuple[str, ...]
    updated: datetime


@dataclass(frozen=True)
class Created:
    """`notes`: what had to be left out, in sentences for people. `assignee` and `due` are what Jira took of them."""

    key: str
    notes: tuple[str, ...] = ()
    assignee: str = ""
    due: str = ""


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
        """The issue that carries `label`, in `project` or anywhere; None: there is none."""
        jql = f'project = "{project}" AND labels = "{label}"' if project else f'labels = "{label}"'

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
                whom = fields.get("assignee") or {}
                account = str(whom.get("accountId") or whom.get("name") or "")
                return Created(key, tuple(notes), account, str(fields.get("duedate") or ""))
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

    async def link(self, key: str, url: str, title: str) -> None:
        """A link from the issue to `url`; the same address again replaces it."""
        body = {"globalId": url, "object": {"url": url, "title": title}}

        def add(client: "JIRA") -> None:
            client._session.post(client._get_url(f"issue/{key}/remotelink"), data=json.dumps(body))

        await self._do(add, f"link {key}")

    async def relabel(self, key: str, *, prefix: str, labels: Sequence[str]) -> Issue | None:
        """Make those of `labels` that begin with `prefix` the only such labels of the issue; others stay.

        The issue as it is afterwards; None: it is gone.
        """

        def change(client: "JIRA") -> Issue | None:
            issue = _there(client, key)
            if issue is None:
                return None
            kept = [label for label in issue.labels if not label.startswith(prefix)]
            wanted = kept + [label for label in labels if label.startswith(prefix)]
            if sorted(wanted) == sorted(issue.labels):
                return issue
            body = {"fields": {"labels": wanted}}
            client._session.put(client._get_url(f"issue/{issue.key}"), data=json.dumps(body))
            return _there(client, issue.key)

        return await self._do(change, f"label {key}")

    # ---- following and moving ------------------------------------------------------------------

    async def read(self, key: str) -> Issue | None:
        """The issue as it is now, under its key of now where it was moved; None: it is gone, or out of our sight.

        Raises GiveUp when its whole project is out of sight: then nothing is known of the issue.
        """

        def look(client: "JIRA") -> Issue | None:
            found = _there(client, key)
            if found is None:
                _must_see(client, key.rpartition("-")[0])
            return found

        try:
            return await self._do(look, f"read {key}")
        except Refused as why:
            raise GiveUp(str(why)) from why

    async def move(self, key: str, to: ActionState) -> Issue | None:
        """Bring the issue to a status that counts as `to`, whatever it is called; one that is there stays as it is.

        The issue as it is afterwards; None: it is gone.
        """

        def act(client: "JIRA") -> Issue | None:
            issue = _there(client, key)
            if issue is None or (issue.state in CLOSED) == (to in CLOSED):
                return issue
            there = f"issue/{issue.key}/transitions"
            url = client._get_url(there)
            answer = client._session.get(url, params={"expand": "transitions.fields"}).json()
            chosen = way(issue.key, [_transition(row) for row in answer.get("transitions", [])], to)
            body = {"transition": {"id": chosen.transition}}
            if chosen.fields:
                body["fields"] = dict(chosen.fields)
            client._session.post(url, data=json.dumps(body))
            return _there(client, issue.key)

        try:
            return await self._do(act, f"move {key}")
        except Refused as why:
            raise GiveUp(str(why)) from why

    async def assign(self, key: str, account: Mapping[str, str] | None) -> Issue | None:
        """Give the issue to an account, or to nobody; the issue afterwards."""
        name = "accountId" if self._cloud else "name"

        def act(client: "JIRA") -> Issue | None:
            url = client._get_url(f"issue/{key}/assignee")
            client._session.put(url, data=json.dumps(dict(account) if account else {name: None}))
            return _there(client, key)

        return await self._do(act, f"assign {key}")

    async def set_due(self, key: str, due: date | None) -> Issue | None:
        def act(client: "JIRA") -> Issue | None:
            fields = {"duedate": due.isoformat() if due else None}
            client._session.put(client._get_url(f"issue/{key}"), data=json.dumps({"fields": fields}))
            return _there(client, key)

        return await self._do(act, f"set the due date of {key}")

    async def next_priority(self, key: str) -> tuple[str, str] | None:
        """The issue's priority and the one above it; None where there is none, or where it is not ours to set.

        Only what stands on the screen for editing, and what we may edit, is told of; the highest comes first.
        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-editmeta-get
        """

        def look(client: "JIRA") -> tuple[str, str] | None:
            url = client._get_url(f"issue/{key}")
            field = client._session.get(f"{url}/editmeta").json().get("fields", {}).get("priority") or {}
            names = [str(value["name"]) for value in field.get("allowedValues") or []]
            now = _priority(client, key)
            return (now, names[names.index(now) - 1]) if now in names[1:] else None

        return await self._do(look, f"read the priorities of {key}")

    async def prioritise(self, key: str, *, was: str, to: str) -> bool:
        """Whether the issue has the priority `to` now; one that is not `was` any more is somebody else's choice."""

        def change(client: "JIRA") -> bool:
            now = _priority(client, key)
            if now == was:
                body = {"fields": {"priority": {"name": to}}}
                client._session.put(client._get_url(f"issue/{key}"), data=json.dumps(body))
            return now in {was, to}

        return await self._do(change, f"set the priority of {key}")

    async def comment(self, key: str, text: str, *, look_first: bool) -> None:
        """Add a comment; with `look_first` only if none of these words stands there."""
        document = Document((Paragraph((Run(text),)),))
        body = document.atlassian() if self._cloud else document.wiki()

        def add(client: "JIRA") -> None:
            url = client._get_url(f"issue/{key}/comment")
            if look_first:
                asked = {"maxResults": "100", "orderBy": "-created"}
                there = client._session.get(url, params=asked).json().get("comments", [])
                if any(_same(each.get("body"), body) for each in there):
                    return
            client._session.post(url, data=json.dumps({"body": body}))

        await self._do(add, f"comment on {key}")

    async def search(self, jql: str, page: str) -> tuple[list[Changed], str]:
        """One page of what `jql` finds, and the name of the next page; "" is the first, and after the last."""

        def look(client: "JIRA") -> tuple[list[Changed], str]:
            asked: dict[str, Any] = {"jql": jql, "maxResults": PAGE, "fields": "labels,updated"}
            if page:
                asked["nextPageToken" if self._cloud else "startAt"] = page
            there = "search/jql" if self._cloud else "search"
            answer = client._session.get(client._get_url(there), params=asked).json()
            found = [
                Changed(
                    str(row["key"]),
                    tuple(row["fields"].get("labels") or ()),
                    _moment(row["fields"]["updated"]),
                )
                for row in answer.get("issues", [])
            ]
            if self._cloud:
                return found, str(answer.get("nextPageToken") or "")
            end = int(answer.get("startAt", 0)) + len(found)
            return found, str(end) if found and end < int(answer.get("total", 0)) else ""

        return await self._do(look, "look for issues that changed")

    async def account(self, email: str, id: str = "") -> dict[str, str] | None:
        """How Jira names somebody: by the `id` that is configured, else found by e-mail; None: it knows nobody."""
        if id:
            return {"accountId" if self._cloud else "name": id}
        return await self._account(email) if email else None

    async def check(
        self, projects: Sequence[str], level_of: Callable[[str], str] = lambda project: ""
    ) -> list[str]:
        """What stands in the way of filing in `projects`, each with its fix.

        `level_of` a project: the security level of what is filed there from private incidents, "" for none.
        """
        found: list[str] = []
        try:
            await self._do(lambda client: client.myself(), "say who we are")
        except Retry as error:
            return [f"{error}; check [jira] url ({self.url}) and the network"]
        except GiveUp as error:
            return [f"{error}"]
        for project in projects:
            try:
                await self._do(partial(_project, project), f"read the project {project}")
            except (Retry, GiveUp) as error:
                found.append(
                    f"{error}; correct `jira_project` of its team, or let the account see the project"
                )
                continue
            level = level_of(project)
            if level and (missing := await self._no_such_level(project, level)):
                found.append(missing)
        return found

    async def _no_such_level(self, project: str, level: str) -> str:
        """What is wrong with a security level, "" when nothing is: of one that is missing a private item would tell late.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-security-levels/
        """

        def look(client: "JIRA") -> list[str]:
            url = client._get_url(f"project/{project}/securitylevel")
            return [str(each.get("name")) for each in client._session.get(url).json().get("levels") or []]

        try:
            known = await self._do(look, f"read the security levels of {project}")
        except (Retry, GiveUp) as error:
            return f"{error}; nothing of a private incident can be filed in {project} until then"
        if level in known:
            return ""
        fix = (
            f"set [jira] private_level to one of {', '.join(known)}"
            if known
            else f"give {project} a security scheme with that level, and the account of JIRA_USER the right to set it"
        )
        return f"{project} has no security level “{level}” that the account of JIRA_USER may set: {fix}"

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


def _project(key: str, client: "JIRA") -> object:
    return client.project(key)


def _no_level(level: str, project: str, refused: "FieldsRefused") -> str:
    return (
        f"Jira refused the security level “{level}” in {project} ({refused}): "
        f"correct [jira] private_level, or give {project} that level and the account of JIRA_USER the right to set it"
    )


PAGE = 100
"""Issues on a page of what is searched for; Jira gives no more."""


def _there(client: "JIRA", key: str) -> Issue | None:
    """The issue as it is now; None: not there for us."""
    from jira import JIRAError

    fields = "summary,status,resolution,assignee,duedate,updated,labels"
    try:
        row = client._session.get(client._get_url(f"issue/{key}"), params={"fields": fields}).json()
    except JIRAError as error:
        if error.status_code == 404:
            return None
        raise
    found = row["fields"]
    status, who = found.get("status") or {}, found.get("assignee") or {}
    return Issue(
        key=str(row["key"]),
        summary=str(found.get("summary") or ""),
        status=str(status.get("name") or ""),
        category=str((status.get("statusCategory") or {}).get("key") or ""),
        resolution=str((found.get("resolution") or {}).get("name") or ""),
        assignee=str(who.get("accountId") or who.get("name") or ""),
        due=date.fromisoformat(found["duedate"]) if found.get("duedate") else None,
        updated=_moment(found["updated"]),
        assignee_name=str(who.get("displayName") or ""),
        assignee_email=str(who.get("emailAddress") or "").lower(),
        labels=tuple(found.get("labels") or ()),
    )


def _priority(client: "JIRA", key: str) -> str:
    found = client._session.get(client._get_url(f"issue/{key}"), params={"fields": "priority"}).json()
    return str((found["fields"].get("priority") or {}).get("name") or "")


def _same(one: Any, other: Any) -> bool:
    """Whether two comments say the same words: Jira adds marks of its own to what it is given."""
    return _texts(one) == _texts(other)


def _texts(body: Any) -> str:
    if isinstance(body, Mapping):
        return str(body.get("text") or "") + "".join(map(_texts, body.get("content") or []))
    return str(body or "").strip()


def _must_see(client: "JIRA", project: str) -> None:
    """Raises Refused where Jira shows nothing of the project: its issues may all be there, for others."""
    from jira import JIRAError

    try:
        client.project(project)
    except JIRAError as error:
        if error.status_code not in {403, 404}:
            raise
        raise Refused(
            f"Jira shows nothing of the project {project} any more: let the account of JIRA_USER browse it"
        ) from error


def _moment(written: str) -> datetime:
    """`2026-11-26T09:00:00.000+0100`, as Jira writes a time."""
    return datetime.fromisoformat(re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", written)).astimezone(UTC)


def _transition(row: Mapping[str, Any]) -> Transition:
    to = row.get("to") or {}
    asks = tuple(
        Asked(
            str(id),
            str(field.get("name") or id),
            bool(field.get("required")) and not field.get("hasDefaultValue"),
            tuple(
                (str(v.get("id")), str(v.get("name") or v.get("value") or "")) for v in field["allowedValues"]
            )
            if isinstance(field.get("allowedValues"), list)
            else (),
        )
        for id, field in (row.get("fields") or {}).items()
    )
    category = str((to.get("statusCategory") or {}).get("key") or "undefined")
    return Transition(str(row["id"]), str(row.get("name") or ""), str(to.get("name") or ""), category, asks)


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
    if status == 400 and errors:
        fix = "change it in Jira, or put the field on the screen of that project"
        return GiveUp(f"Jira could not {what} ({said}): {fix}")
    if status == 404:
        return GiveUp(
            f"Jira could not {what}: {said or 'it is not there, or the account of JIRA_USER may not see it'}"
        )
    return GiveUp(f"Jira could not {what}: {said or status}")


def _said(response: Any) -> tuple[dict[str, str], list[str]]:
    """What stands in an error of Jira's: a sentence for each field, and those about the whole."""
    with suppress(AttributeError, ValueError, TypeError):
        body = response.json()
        errors = {str(name): str(why) for name, why in (body.get("errors") or {}).items()}
        return errors, [str(message) for message in body.get("errorMessages") or []]
    return {}, []
