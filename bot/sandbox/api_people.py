"""Web API: who the bot is, the people, their groups and the team."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.sandbox.args import Args
from bot.sandbox.records import Json, SlackError, User, UserGroup
from bot.sandbox.web_api import method, page
from bot.sandbox.workspace import Workspace, keep


@method("api.test", tier=4)
def api_test(w: Workspace, a: Args) -> Json:
    if "error" in a:
        raise SlackError(a.text("error"), args=dict(a.given))
    return {"args": dict(a.given)} if a.given else {}


@method("auth.test", tier=5)
def auth_test(w: Workspace, a: Args) -> Json:
    return {
        "url": f"https://{w.domain}.slack.com/",
        "team": w.name,
        "user": w.bot.name,
        "team_id": w.team_id,
        "user_id": w.bot.id,
        "bot_id": w.bot_id,
        "is_enterprise_install": False,
    }


@method("apps.connections.open", tier=1, app_token=True)
def apps_connections_open(w: Workspace, a: Args) -> Json:
    ticket = w.uuid()
    keep(w.tickets, ticket, True)
    return {"url": f"{w.origin.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={w.app_id}"}


@method("bots.info", "users:read", takes_json=False)
def bots_info(w: Workspace, a: Args) -> Json:
    if a.text("bot", w.bot_id) != w.bot_id:
        raise SlackError("bot_not_found")
    known = {
        "id": w.bot_id,
        "app_id": w.app_id,
        "user_id": w.bot.id,
        "name": w.bot.real_name,
        "deleted": False,
    }
    return {"bot": known | {"updated": 0, "icons": {}}}


@method("team.info", "team:read", takes_json=False)
def team_info(w: Workspace, a: Args) -> Json:
    url = f"https://{w.domain}.slack.com/"
    return {"team": {"id": w.team_id, "name": w.name, "domain": w.domain, "email_domain": "", "url": url}}


@method("users.info", "users:read", tier=4, takes_json=False)
def users_info(w: Workspace, a: Args) -> Json:
    return {"user": shown(w, w.user(a.text("user")))}


@method("users.list", "users:read", tier=2, takes_json=False)
def users_list(w: Workspace, a: Args) -> Json:
    people = [shown(w, user) for user in w.users.values()]
    return page(people, a, "members", default=1000) | {"cache_ts": int(w.now())}


@method("users.lookupByEmail", "users:read.email", tier=3, takes_json=False)
def users_lookup_by_email(w: Workspace, a: Args) -> Json:
    wanted = a.text("email").lower()
    for user in w.users.values():
        if user.email and user.email.lower() == wanted and not user.deactivated:
            return {"user": shown(w, user)}
    raise SlackError("users_not_found")


@method("users.profile.get", "users.profile:read", tier=4, takes_json=False)
def users_profile_get(w: Workspace, a: Args) -> Json:
    return {"profile": profile(w, w.user(a.text("user", w.bot.id)))}


@method("usergroups.list", "usergroups:read", tier=2, takes_json=False)
def usergroups_list(w: Workspace, a: Args) -> Json:
    groups = [g for g in w.groups.values() if not g.disabled or a.flag("include_disabled")]
    return {"usergroups": [group_shown(w, g, users=a.flag("include_users")) for g in groups]}


@method("usergroups.users.list", "usergroups:read", tier=2, takes_json=False)
def usergroups_users_list(w: Workspace, a: Args) -> Json:
    return {"users": list(_group(w, a).users)}


@method("usergroups.users.update", "usergroups:write", tier=2)
def usergroups_users_update(w: Workspace, a: Args) -> Json:
    group, users = _group(w, a), a.words("users")
    if not users:
        raise SlackError("no_users_provided")
    for user_id in users:
        if w.user(user_id, "invalid_users").is_bot:
            raise SlackError("invalid_users")
    if group.disabled:
        raise SlackError("usergroup_disabled")
    group.users = list(dict.fromkeys(users))
    event = {"type": "subteam_updated", "subteam": group_shown(w, group, users=True), "event_ts": w.next_ts()}
    w.announce(event, None)
    return {"usergroup": group_shown(w, group, users=True)}


def shown(w: Workspace, user: User) -> Json:
    """A user as the Web API and events show one."""
    offset = datetime.fromtimestamp(w.now(), ZoneInfo(user.tz)).utcoffset()
    return {
        "id": user.id,
        "team_id": w.team_id,
        "name": user.name,
        "deleted": user.deactivated,
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": profile(w, user),
        "is_admin": False,
        "is_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": 0,
    }


def profile(w: Workspace, user: User) -> Json:
    known = {
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "team": w.team_id,
    }
    return known | ({"email": user.email} if user.email and "users:read.email" in w.scopes else {})


def group_shown(w: Workspace, group: UserGroup, *, users: bool) -> Json:
    known = {
        "id": group.id,
        "team_id": w.team_id,
        "is_usergroup": True,
        "name": group.name,
        "handle": group.handle,
        "date_delete": 1 if group.disabled else 0,
        "user_count": len(group.users),
        "prefs": {"channels": [], "groups": []},
    }
    return known | ({"users": list(group.users)} if users else {})


def _group(w: Workspace, a: Args) -> UserGroup:
    group = w.groups.get(a.text("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return group
