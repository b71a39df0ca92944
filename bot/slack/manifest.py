"""The Slack app's manifest: made from what the code listens to and calls, so that the two stay in step."""

from typing import Any

SCOPES = (
    "app_mentions:read",
    "bookmarks:read",
    "bookmarks:write",
    "canvases:read",
    "canvases:write",
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "channels:write.invites",
    "channels:write.topic",
    "chat:write",
    "chat:write.public",
    "commands",
    "groups:history",
    "groups:read",
    "groups:write",
    "groups:write.invites",
    "groups:write.topic",
    "im:history",
    "im:read",
    "im:write",
    "metadata.message:read",
    "pins:read",
    "pins:write",
    "reactions:read",
    "team:read",
    "usergroups:read",
    "usergroups:write",
    "users:read",
    "users:read.email",
)
"""What the bot's token must be granted; `writeback check` compares."""

EVENTS = (
    "app_home_opened",
    "app_mention",
    "channel_archive",
    "channel_deleted",
    "channel_left",
    "channel_rename",
    "channel_unarchive",
    "group_archive",
    "group_deleted",
    "group_left",
    "group_rename",
    "group_unarchive",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "pin_added",
    "pin_removed",
    "reaction_added",
    "reaction_removed",
    "team_join",
    "user_change",
)


def manifest(base_url: str, *, socket_mode: bool) -> dict[str, Any]:
    """What is pasted into Slack's “Create an app from a manifest”. In Socket Mode no address is needed.

    https://docs.slack.dev/reference/app-manifest
    """
    url = f"{base_url.rstrip('/')}/slack/events"
    address: dict[str, Any] = {} if socket_mode else {"request_url": url}
    menus: dict[str, Any] = {} if socket_mode else {"message_menu_options_url": url}

    def command(name: str, about: str, hint: str) -> dict[str, Any]:
        row: dict[str, Any] = {
            "command": name,
            "description": about,
            "usage_hint": hint,
            "should_escape": True,
        }
        return row if socket_mode else row | {"url": url}

    return {
        "display_information": {
            "name": "Writeback",
            "description": "You write it, you support it: pages the owner, runs the incident, closes the loop.",
            "background_color": "#1d3557",
        },
        "features": {
            "shortcuts": [
                {
                    "name": "Start an incident",
                    "type": "global",
                    "callback_id": "start_incident",
                    "description": "Wake the owner of what is broken",
                },
                {
                    "name": "Start an incident from this",
                    "type": "message",
                    "callback_id": "start_from_message",
                    "description": "This message becomes the first evidence",
                },
                {
                    "name": "Add to timeline",
                    "type": "message",
                    "callback_id": "add_to_timeline",
                    "description": "Take this message into the incident's timeline",
                },
                {
                    "name": "Make it an action item",
                    "type": "message",
                    "callback_id": "action_from_message",
                    "description": "What should be different next time, with this as evidence",
                },
            ],
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Writeback", "always_online": True},
            "slash_commands": [
                command("/incident", "Start and run an incident", "start [service] [sev1…sev4] title | help"),
                command(
                    "/oncall",
                    "Who owns it, who is on call",
                    "[team|service|path] | schedule | override | swap | cover | help",
                ),
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS), **address},
            "interactivity": {"is_enabled": True, **address, **menus},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket_mode,
            "token_rotation_enabled": False,
        },
    }
