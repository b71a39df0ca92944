"""What each block and element of Block Kit may hold, and where it may stand.

https://docs.slack.dev/reference/block-kit
"""

SELECTS = {f"{kind}_select" for kind in ("static", "external", "users", "conversations", "channels")}
MULTI_SELECTS = {f"multi_{kind}" for kind in SELECTS}
PICKERS = (
    {"datepicker", "timepicker", "datetimepicker", "checkboxes", "radio_buttons"} | SELECTS | MULTI_SELECTS
)
WRITTEN = {
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "rich_text_input",
    "file_input",
}
PRESSED = {"button", "overflow", "workflow_button"}

IN_ACTIONS = PRESSED | PICKERS
IN_SECTION = PRESSED | PICKERS | {"image"}
IN_INPUT = PICKERS | WRITTEN
IN_CONTEXT_ACTIONS = {"feedback_buttons", "icon_button"}

COMMON = {"type", "block_id"}
BLOCK_KEYS = {
    "actions": {"elements"},
    "alert": {"text", "level"},
    "context": {"elements"},
    "context_actions": {"elements"},
    "data_visualization": {"title", "chart"},
    "divider": set(),
    "header": {"text", "level"},
    "image": {"image_url", "slack_file", "alt_text", "title"},
    "input": {"label", "element", "hint", "optional", "dispatch_action"},
    "markdown": {"text"},
    "rich_text": {"elements"},
    "table": {"rows", "column_settings"},
    "section": {"text", "fields", "accessory", "expand"},
}
"""What each block may hold; other known blocks are taken as they come."""

MESSAGE_ONLY = {"context_actions", "data_visualization", "markdown", "table"}

OTHER_BLOCKS = {
    "message": {
        "card", "carousel", "container", "data_table", "file", "plan",
        "task_card", "video",
    },
    "modal": {"card", "video"},
    "home": {"card", "video"},
}  # fmt: skip

PLACEHOLDER = {"action_id", "placeholder", "focus_on_load"}
OPTIONS = {"options", "option_groups"}
ELEMENT_KEYS = {
    "button": {"action_id", "text", "value", "url", "style", "confirm", "accessibility_label"}
    | {"agent_prompt", "agent_prompt_display"},
    "overflow": {"action_id", "options", "confirm"},
    "workflow_button": {"action_id", "text", "workflow", "style", "confirm", "accessibility_label"},
    "image": {"image_url", "slack_file", "alt_text"},
    "checkboxes": {"action_id", "options", "initial_options", "confirm", "focus_on_load"},
    "radio_buttons": {"action_id", "options", "initial_option", "confirm", "focus_on_load"},
    "datepicker": PLACEHOLDER | {"initial_date", "confirm"},
    "timepicker": PLACEHOLDER | {"initial_time", "confirm", "timezone"},
    "datetimepicker": {"action_id", "initial_date_time", "confirm", "focus_on_load"},
    "plain_text_input": PLACEHOLDER
    | {"initial_value", "multiline", "min_length", "max_length", "dispatch_action_config"},
    "email_text_input": PLACEHOLDER | {"initial_value", "dispatch_action_config"},
    "url_text_input": PLACEHOLDER | {"initial_value", "dispatch_action_config"},
    "number_input": PLACEHOLDER
    | {"is_decimal_allowed", "initial_value", "min_value", "max_value", "dispatch_action_config"},
    "rich_text_input": PLACEHOLDER | {"initial_value", "dispatch_action_config", "min_lines", "max_lines"},
    "file_input": {"action_id", "filetypes", "max_files"},
    "static_select": PLACEHOLDER | OPTIONS | {"initial_option", "confirm"},
    "external_select": PLACEHOLDER | {"initial_option", "min_query_length", "confirm"},
    "users_select": PLACEHOLDER | {"initial_user", "confirm"},
    "channels_select": PLACEHOLDER | {"initial_channel", "confirm", "response_url_enabled"},
    "conversations_select": PLACEHOLDER
    | {
        "initial_conversation",
        "default_to_current_conversation",
        "confirm",
        "response_url_enabled",
        "filter",
    },
    "multi_static_select": PLACEHOLDER | OPTIONS | {"initial_options", "max_selected_items", "confirm"},
    "multi_external_select": PLACEHOLDER
    | {"initial_options", "min_query_length", "max_selected_items", "confirm"},
    "multi_users_select": PLACEHOLDER | {"initial_users", "max_selected_items", "confirm"},
    "multi_channels_select": PLACEHOLDER | {"initial_channels", "max_selected_items", "confirm"},
    "multi_conversations_select": PLACEHOLDER
    | {"initial_conversations", "default_to_current_conversation", "max_selected_items", "confirm", "filter"},
}

RICH_TEXT_INSIDE = {
    "text": ["text"],
    "link": ["url"],
    "emoji": ["name"],
    "user": ["user_id"],
    "usergroup": ["usergroup_id"],
    "channel": ["channel_id"],
    "team": ["team_id"],
    "broadcast": ["range"],
    "color": ["value"],
    "date": ["format"],
}
"""What each smallest part of rich text needs."""

RICH_TEXT = {
    "rich_text_section": set(RICH_TEXT_INSIDE),
    "rich_text_quote": set(RICH_TEXT_INSIDE),
    "rich_text_preformatted": {"text", "link"},
    "rich_text_list": {"rich_text_section"},
}
"""What each part of rich text may hold."""
