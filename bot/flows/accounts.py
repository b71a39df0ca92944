"""Slack accounts: who is who, learnt before it is needed."""

from collections.abc import Mapping
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core.jobs import FindAccount
from bot.engine import enqueue
from bot.flows import World
from bot.models import Account, Installation


async def learn(world: World, session: AsyncSession, user: Mapping[str, Any], *, person: str = "") -> None:
    """Keep what `users.info` or `users.lookupByEmail` said of one account; an e-mail of the catalog names its person."""
    profile = user.get("profile", {})
    email = str(profile.get("email") or user.get("email") or "")
    people = world.catalog.people.values()
    known = next((p.id for p in people if p.email and p.email.lower() == email.lower()), "")
    account = await session.get(Account, str(user["id"])) or Account(
        slack_id=str(user["id"]), seen_at=world.clock()
    )
    account.person = person or known or account.person
    account.name = str(
        profile.get("display_name") or user.get("real_name") or user.get("name") or account.name
    )
    account.email = email or account.email
    account.timezone = str(user.get("tz") or account.timezone)
    account.seen_at = world.clock()
    account.gone_at = (account.gone_at or world.clock()) if user.get("deleted") else None
    session.add(account)


async def look_up_everyone(world: World) -> int:
    """Ask for the Slack account of each catalog person whom we don't know yet; twice a day is harmless."""
    now = world.clock()
    async with world.db.transaction() as session:
        missing = await store.unknown_accounts(session, world.catalog)
        for person in missing:
            email = world.catalog.people[person].email
            await enqueue(session, FindAccount(person, email, f"{now:%Y-%m-%d}"), now=now)
    return len(missing)


async def installed(world: World, identity: Mapping[str, Any]) -> None:
    """Keep what `auth.test` said of ourselves, so that no command has to ask."""
    async with world.db.transaction() as session:
        team = str(identity["team_id"])
        row = await session.get(Installation, team) or Installation(team_id=team, seen_at=world.clock())
        row.bot_id = str(identity.get("bot_id") or "")
        row.bot_user_id = str(identity.get("user_id") or "")
        row.url = str(identity.get("url") or "")
        row.seen_at = world.clock()
        session.add(row)
