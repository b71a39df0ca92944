"""What jobs do in Jira: file an action item once, link it back, keep its label true; tell it what people decide of an
item, and follow what becomes of it there."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import actions as core
from bot.core import timeline
from bot.core.issues import OPERABILITY, Issue, summary
from bot.core.jobs import (
    AssignIssue,
    CommentIssue,
    FileIssue,
    FollowIssue,
    LinkIssue,
    MoveIssue,
    OfIssue,
    Order,
    PollIssues,
    RaiseIssue,
    RelabelIssue,
    SecureIssue,
    SetDue,
    SweepIssues,
)
from bot.engine import Context, Done, GiveUp, Handler, Retry, enqueue
from bot.flows import World, actions, issues, privacy, team_of, verdicts
from bot.jira.client import Changed, Jira, NewIssue
from bot.models import Action, ActionState, Incident, Team

log = logging.getLogger(__name__)

T = TypeVar("T")

PATIENCE = 4
"""Tries after which Jira is taken to be away: what people decided is then tried for as long as it takes, and the item
says so."""

AWAY, LONGEST = timedelta(minutes=1), timedelta(days=7)
"""How long nothing is asked about an item while Jira is away, and after how long we give up."""


class JiraJobs:
    """The handlers; `jira` is None where no Jira is configured, and items then wait with a sentence that says so."""

    def __init__(self, world: World, jira: Jira | None) -> None:
        self.world = world
        self.jira = jira

    def handlers(self) -> Mapping[type[Order], Handler]:
        return {
            FileIssue: self.file_issue,
            LinkIssue: self.link_issue,
            RelabelIssue: self.relabel_issue,
            SecureIssue: self.secure_issue,
            FollowIssue: self.follow_issue,
            MoveIssue: self.move_issue,
            AssignIssue: self.assign_issue,
            SetDue: self.set_due,
            CommentIssue: self.comment_issue,
            PollIssues: self.poll_issues,
            SweepIssues: self.sweep_issues,
            RaiseIssue: self.raise_issue,
        }

    async def close(self) -> None:
        if self.jira is not None:
            await self.jira.close()

    def _jira(self) -> Jira:
        if self.jira is None:
            raise GiveUp(
                "Jira is not set up: set [jira] url in the configuration, and JIRA_USER and JIRA_TOKEN"
            )
        return self.jira

    async def _item(self, action_id: str) -> tuple[Action, Incident] | None:
        async with self.world.db.reading() as session:
            action = await store.action(session, action_id)
            incident = await store.incident(session, action.incident_id) if action else None
        return (action, incident) if action and incident else None

    async def file_issue(self, order: FileIssue, ctx: Context) -> Done:
        """Create the issue in the owning team's project. Once: an earlier try is found by the item's own label."""
        found = await self._item(order.action)
        if found is None or found[0].jira or found[0].state is not ActionState.OPEN:
            return Done()
        action, incident = found
        team = team_of(incident, self.world.catalog) if incident.team == action.team else self._team(action)
        if incident.test:
            raise GiveUp(f"{incident.key} is a test, of which nothing is filed")
        jira = self._jira()
        if not team.jira_project:
            raise GiveUp(
                f"the team {team.name} has no Jira project: set `jira_project` of [[team]] {team.id}"
            )
        if incident.private and not self.world.config.jira.private_level(team.jira_project):
            raise GiveUp(
                f"{incident.key} is private and {team.jira_project} has no security level for it: "
                "set [jira] private_level, and file it again"
            )
        label = core.issue_label(action.id)
        key, notes, sent = "", tuple[str, ...](), None
        seen: dict[str, str] = {}
        # Only a try that may have reached Jira has to be looked for; a second request of a person is such a one too.
        if ctx.uncertain or ctx.attempts > 1 or order.attempt > 1:
            key = await jira.find(label, team.jira_project) or ""
        if not key:
            created = await jira.create(await self._issue(action, incident, team))
            key, notes, sent = created.key, created.notes, action
            seen = {
                "assignee": created.assignee,
                "due": created.due,
                "category": core.category_label(action),
            }
        url = jira.browse(key)

        async def then(session: AsyncSession) -> None:
            await actions.filed(
                self.world,
                session,
                order,
                key=key,
                url=url,
                notes=notes,
                openly=not incident.private,
                sent=sent,
                seen=seen,
            )

        return Done({"key": key}, then)

    def _team(self, action: Action) -> Team:
        return self.world.catalog.teams.get(action.team) or Team(id=action.team, name=action.team)

    async def _issue(self, action: Action, incident: Incident, team: Team) -> NewIssue:
        catalog = self.world.catalog
        service = catalog.services.get(incident.service)
        async with self.world.db.reading() as session:
            assert incident.id is not None
            entries = await store.entries(session, incident.id)
            name = await store.names(session, catalog)
            us = await store.installation(session)
        links = self._links(incident, us.url if us else "")
        if service and service.runbook:
            links.append(("Runbook", service.runbook))
        lines = timeline.lines(entries, name)
        return NewIssue(
            project=team.jira_project,
            issue_type=team.jira_issue_type or self.world.config.jira.issue_type,
            summary=summary(action.title),
            description=core.description(action, incident, team, service, lines, name=name, links=links),
            labels=core.labels(action, incident),
            components=(
                service.jira_components if service and service.jira_components else team.jira_components
            )[:1],
            due=action.due,
            reporter_email=self._email(action.created_by),
            assignee_email=self._email(action.owner),
            security=self.world.config.jira.private_level(team.jira_project) if incident.private else "",
        )

    def _email(self, person: str) -> str | None:
        found = self.world.catalog.people.get(person)
        return found.email or None if found else None

    def _links(self, incident: Incident, workspace: str) -> list[tuple[str, str]]:
        links = []
        if incident.channel_id and workspace:
            url = f"{workspace.rstrip('/')}/archives/{incident.channel_id}"
            links.append((f"#{incident.channel_name} in Slack", url))
        return links

    async def link_issue(self, order: LinkIssue, ctx: Context) -> Done:
        """The link from the issue back to the incident's channel; Jira keeps one for each global id."""
        found = await self._item(order.action)
        if found is None or not found[0].jira:
            return Done()
        action, incident = found
        async with self.world.db.reading() as session:
            us = await store.installation(session)
        for title, url in self._links(incident, us.url if us else ""):
            await self._jira().link(str(action.jira), url, f"{incident.key}: {title}")
        return Done()

    async def secure_issue(self, order: SecureIssue, ctx: Context) -> Done:
        """The incident became private after its item was filed: a level hides the issue with its history, or nothing does.

        Other words in their place would not: Jira shows everybody what an issue said before.
        """
        found = await self._item(order.action)
        if found is None or not found[0].jira:
            return Done()
        key = str(found[0].jira)
        level = self.world.config.jira.private_level(key.partition("-")[0])
        shut = [f"{key} in Jira, by the security level {level}"] if level else []
        fix = "an admin of its project can give it a security level (and set [jira] private_level for the next time)"
        stays = [] if level else [(f"{key} in Jira", fix)]
        if level:
            await self._jira().secure(key, level)

        async def then(session: AsyncSession) -> None:
            await privacy.closed(self.world, session, order, shut=shut, stays=stays)

        return Done({}, then)

    async def relabel_issue(self, order: RelabelIssue, ctx: Context) -> Done:
        """The row's category of this moment becomes the issue's only operability label."""
        found = await self._item(order.action)
        if found is None or not found[0].jira:
            return Done()
        action, incident = found
        key, jira, labels = str(action.jira), self._jira(), core.labels(action, incident)
        return await self._told(order, ctx, key, lambda: jira.relabel(key, prefix=OPERABILITY, labels=labels))

    # ---- what people decided -------------------------------------------------------------------

    async def move_issue(self, order: MoveIssue, ctx: Context) -> Done:
        """Twice is harmless: an issue that is there stays. A later decision has a job of its own."""
        found = await self._item(order.action)
        if found is None or not found[0].jira or found[0].state != order.to:
            return Done()
        key = str(found[0].jira)
        jira = self._jira()
        return await self._told(order, ctx, key, lambda: jira.move(key, ActionState(order.to)))

    async def assign_issue(self, order: AssignIssue, ctx: Context) -> Done:
        found = await self._item(order.action)
        if found is None or not found[0].jira:
            return Done()
        action, _ = found
        key, jira = str(action.jira), self._jira()

        async def act() -> Issue | None:
            account = None
            if action.owner:
                id, email = await self._known(action.owner)
                account = await jira.account(email, id)
                if account is None:
                    async with self.world.db.reading() as session:
                        name = (await store.names(session, self.world.catalog))(action.owner)
                    whom = f"{name} ({email})" if email else name
                    raise GiveUp(
                        f"Jira knows no {whom}: invite them to Jira, or set `jira` or `email` of [[person]] {action.owner}"
                    )
            return await jira.assign(key, account)

        return await self._told(order, ctx, key, act)

    async def set_due(self, order: SetDue, ctx: Context) -> Done:
        found = await self._item(order.action)
        if found is None or not found[0].jira:
            return Done()
        key, due, jira = str(found[0].jira), found[0].due, self._jira()
        return await self._told(order, ctx, key, lambda: jira.set_due(key, due))

    async def comment_issue(self, order: CommentIssue, ctx: Context) -> Done:
        """Once, observed: a comment of these words that stands there already is an earlier try's."""
        found = await self._item(order.action)
        if found is None or not found[0].jira or found[0].state is not ActionState.WONT_DO:
            return Done()
        try:
            await self._jira().comment(str(found[0].jira), order.text, look_first=ctx.attempts > 1)
        except Retry as error:
            raise await self._patient(order, ctx, error) from error
        return Done()

    async def raise_issue(self, order: RaiseIssue, ctx: Context) -> Done:
        """The new evidence, once, observed: what is read of the priority is kept before anything is changed by it.

        Nothing is said of an incident that has become private, nor what is not so any more.
        """
        found = await self._item(order.action)
        if found is None or not found[0].jira or not await verdicts.stands(self.world, order):
            return Done()
        key = str(found[0].jira)
        try:
            higher = await self._allowed(self._jira().next_priority(key)) if order.higher else None
            if higher is not None:
                was, to = higher
                return Done({}, partial(self._then, replace(order, higher=False, was=was, to=to)))
            moves = self._jira().prioritise(key, was=order.was, to=order.to) if order.to else None
            moved = bool(moves and await self._allowed(moves))
            text = f"{order.text} {verdicts.priority(order, moved=moved)}".strip()
            look_first = ctx.uncertain or ctx.attempts > 1
            await self._jira().comment(key, text, look_first=look_first)
        except Retry as error:
            if error.throttle is not None or ctx.attempts < PATIENCE:
                raise
            raise Retry(str(error), after=AWAY, unknown=error.unknown, throttle="jira") from error

        async def then(session: AsyncSession) -> None:
            if moved:
                await verdicts.prioritised(self.world, session, order, key)

        return Done({"told": key}, then)

    async def _then(self, order: Order, session: AsyncSession) -> None:
        await enqueue(session, order, now=self.world.clock())

    async def _allowed(self, doing: Awaitable[T]) -> T | None:
        """None where Jira refuses for good: a priority is no reason for not saying the rest."""
        try:
            return await doing
        except GiveUp as error:
            log.info("a priority stays as it is: %s", error)
            return None

    async def _known(self, person: str) -> tuple[str, str]:
        """Somebody's account id in Jira as configured, and their e-mail; "" for what is not known."""
        found = self.world.catalog.people.get(person)
        if found:
            return found.jira, found.email
        async with self.world.db.reading() as session:
            account = await store.account(session, person) if store.is_slack_id(person) else None
        return "", account.email if account else ""

    async def _told(
        self, order: OfIssue, ctx: Context, key: str, act: Callable[[], Awaitable[Issue | None]]
    ) -> Done:
        try:
            try:
                issue = await act()
            except GiveUp as error:
                # A change can be refused because the issue is gone, which is another matter.
                if await self._jira().read(key) is not None:
                    raise error from None
                issue = None
            if issue is None:
                issue = await self._jira().read(key)
        except Retry as error:
            raise await self._patient(order, ctx, error) from error
        if issue is None:
            return self._gone(order, key)
        there = issue

        async def then(session: AsyncSession) -> None:
            await issues.told(self.world, session, order, there)

        return Done({"key": there.key, "status": there.status}, then)

    def _gone(self, order: OfIssue, key: str) -> Done:
        async def then(session: AsyncSession) -> None:
            await issues.gone(self.world, session, order, key)

        return Done({"gone": key}, then)

    async def _patient(self, order: OfIssue, ctx: Context, error: Retry) -> Retry:
        """A Jira that is away for longer costs no attempts: what people decided is not lost when it is back after days.

        Only this item waits: it may be one issue alone that Jira fails at.
        """
        if error.throttle is not None or ctx.attempts < PATIENCE:
            return error
        if not isinstance(order, FollowIssue):
            await issues.waits(self.world, order, str(error))
        age = ctx.claimed_at - ctx.created_at
        if age > LONGEST:
            raise GiveUp(f"{error}, for {LONGEST.days} days now")
        after = AWAY if age < timedelta(hours=2) else 10 * AWAY
        return Retry(str(error), after=after, unknown=error.unknown, throttle=order.lane)

    # ---- what becomes of it in Jira --------------------------------------------------------------

    async def follow_issue(self, order: FollowIssue, ctx: Context) -> Done:
        """What was heard is only a hint: what the issue says when it is read is what counts."""
        found = await self._item(order.action)
        if found is None:
            return Done()
        action, _ = found
        jira = self._jira()
        try:
            key = action.jira
            if key is None and action.problem:
                # One that was lost: it may have come back into sight.
                key = await jira.find(core.issue_label(action.id), "")
            if key is None:
                return Done()
            issue = await jira.read(key)
            owner = await self._owner(issue, action) if issue else ""
        except Retry as error:
            raise await self._patient(order, ctx, error) from error
        if issue is None:
            return self._gone(order, key)
        there = issue

        async def then(session: AsyncSession) -> None:
            url = jira.browse(there.key)
            await issues.followed(self.world, session, order, there, owner=owner, url=url)

        return Done({"key": there.key, "status": there.status}, then)

    async def _owner(self, issue: Issue, action: Action) -> str:
        """Who the issue's assignee is here: a catalog id, else what Jira calls them; "" for nobody."""
        if not issue.assignee or issue.assignee == action.jira_seen.get("assignee"):
            return "" if not issue.assignee else action.owner
        people = self.world.catalog.people
        for person in people.values():
            if issue.assignee == person.jira or (
                issue.assignee_email and issue.assignee_email == person.email.lower()
            ):
                return person.id
        if not issue.assignee_email:
            # Cloud shows an address only where its owner lets it: then those who are likely are looked up.
            team = self._team(action)
            for id in dict.fromkeys((action.owner, *team.members, team.lead)):
                email = people[id].email if id in people else ""
                account = await self._jira().account(email) if email else None
                if account and issue.assignee in account.values():
                    return id
        name = issue.assignee_name or issue.assignee
        return f"{name} (Jira)" if name in people or store.is_slack_id(name) else name

    async def poll_issues(self, order: PollIssues, ctx: Context) -> Done:
        """One page of what changed. A Jira that is away is asked again by the next slot, which looks back as far."""
        if self.jira is None:
            return Done()
        minutes = await issues.window(self.world, order)
        jql = f"labels = writeback AND updated >= -{minutes}m ORDER BY updated ASC"
        page = await self._searched(jql, order.page, ctx)
        if page is None:
            return Done({"away": True})
        found, following = page

        async def then(session: AsyncSession) -> None:
            await issues.polled(
                self.world, session, order, _facts(found), minutes=minutes, following=following
            )

        return Done({"found": len(found)}, then)

    async def sweep_issues(self, order: SweepIssues, ctx: Context) -> Done:
        """Open items whose change was never heard of, or whose issue is gone: no search tells of those."""
        asked = await issues.to_sweep(self.world, order) if self.jira is not None else ()
        if not asked:
            return Done()
        labels = ", ".join(f'"{core.issue_label(action.id)}"' for action in asked)
        page = await self._searched(f"labels in ({labels})", "", ctx)
        if page is None:
            return Done({"away": True})

        async def then(session: AsyncSession) -> None:
            await issues.swept(self.world, session, order, asked, _facts(page[0]))

        return Done({"found": len(page[0])}, then)

    async def _searched(self, jql: str, page: str, ctx: Context) -> tuple[list[Changed], str] | None:
        """None: Jira is away for longer than a slot is worth trying."""
        try:
            return await self._jira().search(jql, page)
        except Retry as error:
            if error.throttle is None and ctx.attempts >= PATIENCE:
                return None
            raise
        except GiveUp as error:
            # The next slot asks again; until then `writeback check` says what is wrong.
            log.warning("changes in Jira could not be looked for: %s", error)
            return None


def _facts(found: Sequence[Changed]) -> list[tuple[str, tuple[str, ...], datetime]]:
    return [(each.key, each.labels, each.updated) for each in found]
