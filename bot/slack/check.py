"""Whether Slack is as the configuration says: token, scopes, channels, people. For `writeback check`."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.config import Config
from bot.engine import Retry
from bot.models import Person
from bot.slack.client import FIXES, SlackRefused, listed, look
from bot.slack.link import OPEN, refused, with_token
from bot.slack.manifest import SCOPES


async def problems(config: Config, client: AsyncWebClient) -> list[str]:
    """Each problem with its fix; empty when all is well."""
    try:
        response = await client.api_call("auth.test")
        granted = {
            scope.strip() for scope in response.headers.get("x-oauth-scopes", "").split(",") if scope.strip()
        }
        await look(client, "auth.test")
    except SlackRefused as error:
        return [f"Slack: {error.error}; {FIXES.get(error.error, 'check SLACK_BOT_TOKEN')}"]
    except Retry as error:
        return [f"{error}; check [slack] api_url ({config.slack.api_url}) and the network"]
    except Exception as error:  # slack_sdk raises its own kind for a refused token before `look` can name it
        word = getattr(error, "response", {}).get("error", type(error).__name__)
        return [f"Slack: {word}; {FIXES.get(str(word), 'check SLACK_BOT_TOKEN and [slack] api_url')}"]
    found: list[str] = []
    missing = [scope for scope in SCOPES if scope not in granted]
    if granted and missing:
        found.append(
            f"Slack: the app lacks {', '.join(missing)}; reinstall it with what `writeback manifest` prints"
        )
    found += await _link(client, config)
    for person in config.catalog.people.values():
        found += await _person(client, person)
    return [*found, *await _channels(client, config), *await _groups(client, config)]


async def _link(client: AsyncWebClient, config: Config) -> list[str]:
    """Whether Socket Mode lets us in; asking opens no link."""
    if not config.slack.app_token:
        return []
    try:
        await look(with_token(client, config.slack.app_token.reveal()), OPEN)
    except SlackRefused as error:
        return [refused(error)]
    except Retry as error:
        return [f"{error}; check the network"]
    return []


async def _channels(client: AsyncWebClient, config: Config) -> list[str]:
    named = {"[slack] announce_channel": config.slack.announce_channel}
    named["[slack] digest_channel"] = config.slack.digest_channel
    named |= {f"[[team]] {team.id}: channel": team.channel for team in config.catalog.teams.values()}
    wanted = {where: channel.removeprefix("#") for where, channel in named.items() if channel}
    unseen = set(wanted.values())
    try:
        # Ours first: a whole workspace's channels can be thousands.
        for method in ("users.conversations", "conversations.list"):
            if unseen:
                async for channel in listed(client, method):
                    unseen -= {channel.get("name"), channel.get("id")}
    except SlackRefused as error:
        return [error.sentence("list the channels")]
    except Retry as error:
        return [f"the channels could not be listed: {error}"]
    return [
        f"{where}: Writeback sees no Slack channel #{channel}; make it, correct the name, or, where it is private,"
        " invite Writeback to it"
        for where, channel in wanted.items()
        if channel in unseen
    ]


async def _groups(client: AsyncWebClient, config: Config) -> list[str]:
    wanted = {team.id: team.usergroup for team in config.catalog.teams.values() if team.usergroup}
    if not wanted:
        return []
    try:
        listed = (await look(client, "usergroups.list", include_disabled="true")).get("usergroups", [])
    except SlackRefused as error:
        return [error.sentence("list the user groups")]
    except Retry as error:
        return [f"the user groups could not be listed: {error}"]
    live = {name for g in listed if not g.get("date_delete") for name in (g.get("handle"), g.get("id"))}
    return [
        f"[[team]] {team}: there is no Slack user group @{group}; make it, or correct 'usergroup'"
        for team, group in wanted.items()
        if group not in live
    ]


async def _person(client: AsyncWebClient, person: Person) -> list[str]:
    if not person.slack and not person.email:
        return [f"[[person]] {person.id}: neither `slack` nor `email` is set, so no page can reach them"]
    try:
        if person.slack:
            user = (await look(client, "users.info", user=person.slack))["user"]
        else:
            user = (await look(client, "users.lookupByEmail", email=person.email))["user"]
    except SlackRefused as error:
        where = person.slack or person.email
        return [
            f"[[person]] {person.id}: Slack does not know {where} ({error.error}); {FIXES.get(error.error, 'correct it')}"
        ]
    except Retry as error:
        return [f"[[person]] {person.id}: {error}"]
    if user.get("deleted"):
        return [
            f"[[person]] {person.id}: the Slack account is deactivated; take the person out of the catalog"
        ]
    return []
