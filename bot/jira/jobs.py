"""What jobs do in Jira: file an action item once, link it back, keep its label true."""

from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import actions as core
from bot.core import timeline
from bot.core.jobs import FileIssue, LinkIssue, Order, RaiseIssue, RelabelIssue, SecureIssue
from bot.engine import Context, Done, GiveUp, Handler
from bot.flows import World, actions, privacy, team_of
from bot.jira.client import Jira, NewIssue
from bot.models import Action, ActionState, Incident, Team

SUMMARY = 250
"""Characters of an issue's summary; Jira takes 255."""


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
        key, notes = "", tuple[str, ...]()
        # Only a try that may have reached Jira has to be looked for; a second request of a person is such a one too.
        if ctx.uncertain or ctx.attempts > 1 or order.attempt > 1:
            key = await jira.find(label, team.jira_project) or ""
        if not key:
            created = await jira.create(await self._issue(action, incident, team))
            key, notes = created.key, created.notes
        url = jira.browse(key)

        async def then(session: AsyncSession) -> None:
            await actions.filed(
                self.world, session, order, key=key, url=url, notes=notes, openly=not incident.private
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
            summary=" ".join(action.title.split())[:SUMMARY],
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
        await self._jira().relabel(
            str(action.jira), prefix="operability-", labels=core.labels(action, incident)
        )
        return Done()

    async def raise_issue(self, order: RaiseIssue, ctx: Context) -> Done:
        """The new evidence, once; and open again what was done, unless somebody has closed the item meanwhile.

        Nothing is said of an incident that has become private.
        """
        found = await self._item(order.action)
        async with self.world.db.reading() as session:
            incident = await store.incident(session, order.incident)
        if found is None or not found[0].jira or incident is None or incident.private:
            return Done()
        key = str(found[0].jira)
        await self._jira().comment(key, order.text, look_first=ctx.uncertain or ctx.attempts > 1)
        if order.reopen and found[0].state is ActionState.OPEN:
            await self._jira().open_again(key)
        return Done({"key": key})
