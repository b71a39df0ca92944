"""What `writeback check` says without the network: a configuration that loads can still leave people unpaged."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.config.values import Config
from bot.core import oncall
from bot.models import Team, TeamKind

LOOK_AHEAD = timedelta(days=14)


def missing(config: Config, *, web: bool = True) -> Iterator[str]:
    """The secrets without which nothing starts; what only does the work (not `web`) needs no way in."""
    if not config.slack.bot_token:
        yield "SLACK_BOT_TOKEN is not set: copy it from the app's “OAuth & Permissions” page"
    if web and not (config.slack.app_token or config.slack.signing_secret):
        yield "neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (HTTP) is set: set one, or Slack can't reach us"


def problems(config: Config, now: datetime) -> Iterator[str]:
    """What will go wrong, each with its fix: gaps of the next 14 days, people nobody can reach, teams without a backlog."""
    catalog = config.catalog
    for person in catalog.people.values():
        if not (person.slack or person.email or person.notify):
            yield f"[[person]] {person.id}: can't be reached; set 'email', 'slack' or 'notify'"
        for way in person.notify:
            if way.env not in config.notify:
                yield f"[[person]] {person.id}: {way.env} is not set; set it in the environment"
    for team in catalog.teams.values():
        if team.kind is TeamKind.DEV and config.jira.url and not team.jira_project:
            yield f"[[team]] {team.id}: its action items can't be filed; set 'jira_project'"
    if config.jira.url and config.jira.api == "cloud" and config.jira.token and not config.jira.user:
        yield "JIRA_USER is not set: Jira Cloud wants the e-mail of the account whose token JIRA_TOKEN is"
    yield from _misplaced_tokens(config)


def advice(config: Config, now: datetime) -> Iterator[str]:
    """What would make the next incident easier."""
    catalog = config.catalog
    if not config.jira.url:
        yield "[jira] url is not set: action items stay here until it is"
    elif not config.jira.token:
        yield "JIRA_TOKEN is not set: action items stay here until it is"
    elif not config.jira.webhook_secret:
        yield "JIRA_WEBHOOK_SECRET is not set: what people do in Jira is seen at the next look ([jira] poll), not at once"
    if config.slack.bot_token and not config.web.secret:
        yield "WEB_SECRET is not set: no calendar links, and no page is answered without Slack; set it to a long random text"
    if config.slack.bot_token and not config.web.alert_token and config.web.base_url.startswith("https://"):
        yield "ALERT_TOKEN is not set: monitoring can't open incidents; set it to a long random text, here and there"
    for team in catalog.teams.values():
        if team.kind is TeamKind.DEV:
            if not _schedule(team).layers:
                yield f"[[team]] {team.id}: has no 'layers', so {team.fallback} is paged every time"
            if not team.channel:
                yield f"[[team]] {team.id}: has no 'channel', so nobody can be told when a page stays unanswered"
        elif not (_schedule(team).layers or team.channel or team.fallback):
            yield f"[[team]] {team.id}: has no 'layers', 'channel' or 'lead', so nobody can be asked for advice"
    for service in catalog.services.values():
        if not service.runbook:
            yield f"[[service]] {service.id}: has no 'runbook'; one page on how to tell what is wrong is a good start"
        if not service.switches:
            yield f"[[service]] {service.id}: has no 'switches'; what can be turned off without a deploy?"


def _schedule(team: Team) -> oncall.Schedule:
    return oncall.Schedule.parse(json.loads(team.schedule))


def _misplaced_tokens(config: Config) -> Iterator[str]:
    for name, token, begins in (
        ("SLACK_BOT_TOKEN", config.slack.bot_token, "xoxb-"),
        ("SLACK_APP_TOKEN", config.slack.app_token, "xapp-"),
    ):
        if token and not token.reveal().startswith(begins):
            yield f"{name}: does not begin with {begins}, so it is another kind of token; copy the right one"
