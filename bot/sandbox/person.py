"""People: what they type, press and fill in, and what they then see."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.sandbox import api_people, api_views, forms
from bot.sandbox.blockkit import option_problems
from bot.sandbox.delivery import Delivery, Kind
from bot.sandbox.forms import Field
from bot.sandbox.records import (
    Channel,
    Json,
    Message,
    SlackError,
    User,
    View,
)
from bot.sandbox.rendering import buttons, escaped, visible_text
from bot.sandbox.responses import acknowledged, words
from bot.sandbox.screen import NotThere, Screen, Seen, Shown, Widget

if TYPE_CHECKING:
    from bot.sandbox.slack import Slack

FAILURES = {"http_timeout": "operation_timeout"}
TROUBLE = "We had some trouble connecting. Try again?"
TYPED = re.compile(r"(https?://[^\s<>]+)|(?<![\w@.])@([\w.-]*\w)|(?<![\w#])#([\w-]+)")


class Person(Screen):
    """One person at the keyboard. `in_` takes a channel, its id or its name."""

    def __init__(self, slack: "Slack", user: User) -> None:
        super().__init__(slack, user)
        self._pressed: tuple[Widget, Json] | None = None
        self._submitted: tuple[View, Json] | None = None

    def __repr__(self) -> str:
        return f"Person({self.user.name})"

    @property
    def mention(self) -> str:
        return f"<@{self.user.id}>"

    # ---- writing ---------------------------------------------------------------------------

    async def type(self, typed: str, in_: Channel | str = "general") -> Shown:
        """Send a slash command; `@name` and `#name` become mentions as in Slack's editor."""
        channel = self._place(in_)
        command, _, text = typed.partition(" ")
        if not command.startswith("/"):
            raise ValueError(f"{typed!r} is not a slash command; use say()")
        known = self.slack.installed.commands
        if "commands" not in self._w.scopes or (known is not None and command not in known):
            return Shown(f"{command} is not a valid command.", error="not_a_command")
        payload = {
            **self.slack.common(),
            "team_id": self._w.team_id,
            "team_domain": self._w.domain,
            "channel_id": channel.id,
            "channel_name": _payload_name(channel),
            "user_id": self.id,
            "user_name": self.name,
            "command": command,
            "text": self._typed(text.strip(), command=True, links=known is None or known[command]),
            "is_enterprise_install": "false",
            "response_url": self._w.new_response_url(channel, self.id),
            "trigger_id": self._w.new_trigger(self.id),
        }
        before = self._ephemerals()
        delivery = await self.slack.courier.deliver(Kind.COMMAND, payload)
        error = _failure(delivery)
        posted = None
        if error is None:
            try:
                posted = acknowledged(self._w, channel, self.id, delivery.attempts[-1].answer)
            except SlackError as refused:
                error = words(refused)
        if error is not None:
            return Shown(f'{command} failed with the error "{error}"', error=error, view=self.modal)
        return self._shown(before, posted)

    async def say(
        self, words: str, in_: Channel | str = "general", *, thread: Message | Seen | None = None
    ) -> Message:
        """Write a message; done when the bot was told of it."""
        channel = self._place(in_)
        parent = self._message(thread) if thread else None
        more: dict[str, Any] = {"thread_ts": (parent.thread_ts or parent.ts) if parent else None}
        text = self._typed(words)
        message: Message = await self.slack.courier.after(
            lambda: self._w.post(channel, self.id, text, client_msg_id=self._w.uuid(), **more)
        )
        return message

    async def tell_bot(self, words: str, in_: Channel | str = "general") -> Message:
        """Write a message that mentions the bot."""
        return await self.say(f"@{self._w.bot.name} {words}", in_)

    async def edit(self, message: Message | Seen, words: str) -> None:
        mine = self._own(message)
        await self.slack.courier.after(lambda: self._w.edit(mine, self.id, text=self._typed(words)))

    async def delete(self, message: Message | Seen) -> None:
        mine = self._own(message)
        await self.slack.courier.after(lambda: self._w.delete(mine))

    async def react(self, emoji: str, message: Message | Seen | str) -> None:
        """`message` may be some of its words: the newest in sight that has them."""
        found = self._message(message)
        await self.slack.courier.after(lambda: self._w.react(found, self.id, emoji.strip(":")))

    async def unreact(self, emoji: str, message: Message | Seen | str) -> None:
        found = self._message(message)
        await self.slack.courier.after(lambda: self._w.unreact(found, self.id, emoji.strip(":")))

    async def pin(self, message: Message | Seen | str) -> None:
        found = self._message(message)
        await self.slack.courier.after(lambda: self._w.pin(found, self.id))

    async def unpin(self, message: Message | Seen | str) -> None:
        found = self._message(message)
        await self.slack.courier.after(lambda: self._w.unpin(found, self.id))

    # ---- channels --------------------------------------------------------------------------

    async def join(self, channel: Channel | str) -> None:
        found = self.slack.place(channel)
        if self.id not in found.members:
            await self.slack.courier.after(lambda: self._w.join(found, self.id))

    async def leave(self, channel: Channel | str) -> None:
        found = self.slack.place(channel)
        await self.slack.courier.after(lambda: self._w.part(found, self.id))

    async def invite(self, who: "Person | User", channel: Channel | str) -> None:
        """Bring somebody in; the bot is `slack.workspace.bot`."""
        found = self.slack.place(channel)
        await self.slack.courier.after(lambda: self._w.join(found, who.id, inviter=self.id))

    async def remove(self, who: "Person | User", channel: Channel | str) -> None:
        found = self.slack.place(channel)
        await self.slack.courier.after(lambda: self._w.part(found, who.id))

    async def set_topic(self, channel: Channel | str, topic: str) -> None:
        found = self.slack.place(channel)
        await self.slack.courier.after(lambda: self._w.set_topic(found, topic, self.id))

    async def archive(self, channel: Channel | str) -> None:
        found = self.slack.place(channel)
        await self.slack.courier.after(lambda: self._w.archive(found, self.id))

    async def unarchive(self, channel: Channel | str) -> None:
        found = self.slack.place(channel)
        await self.slack.courier.after(lambda: self._w.unarchive(found, self.id))

    async def rename(self, channel: Channel | str, name: str) -> None:
        found = self.slack.place(channel)
        await self.slack.courier.after(lambda: self._w.rename(found, name, self.id))

    async def delete_channel(self, channel: Channel | str) -> None:
        found = self.slack.place(channel)
        await self.slack.courier.after(lambda: self._w.delete_channel(found))

    async def deactivate(self) -> None:
        """As an admin does when somebody leaves the company."""
        self.user.deactivated = True
        event = {
            "type": "user_change",
            "user": api_people.shown(self._w, self.user),
            "event_ts": self._w.next_ts(),
        }
        await self.slack.courier.after(lambda: self._w.announce(event, None))

    # ---- pressing and choosing -------------------------------------------------------------

    async def press(
        self, label: str, in_: Channel | str | None = None, *, on: Message | Seen | View | None = None
    ) -> Shown:
        """Press the button (or overflow entry) of these words.

        On `on`; else the newest in `in_`; else in the open modal, then the newest anywhere in sight. A question
        "are you sure?" is answered with yes.
        """
        widget, option = self._find_button(label, in_, on)
        action: Json = {"type": widget.element["type"]}
        if option is not None:
            action["selected_option"] = option
        else:
            action |= {"text": widget.element["text"]}
            action |= {key: widget.element[key] for key in ("value", "style") if key in widget.element}
        return await self._act(widget, action)

    async def press_again(self) -> Shown:
        """The same press once more: a double click, or a click on a screen that has not caught up."""
        if self._pressed is None:
            raise NotThere(f"{self.name} has pressed nothing yet")
        return await self._act(*self._pressed)

    async def select(
        self,
        label: str,
        option: Any,
        in_: Channel | str | None = None,
        *,
        on: Message | Seen | View | None = None,
    ) -> Shown:
        """Choose in a menu, found by its label, placeholder or the text beside it."""
        for surface in self._surfaces(in_, on):
            for found in forms.fields(surface.blocks):
                if label in found.names:
                    return await self._put(surface, found, option)
        raise NotThere(f"{self.name} sees no menu {label!r}{self._instead(in_, on)}")

    async def _put(self, surface: Message | View, found: Field, value: Any) -> Shown:
        if found.element["type"].endswith("external_select"):
            # What is offered is the client's: it never comes back to the bot with the view.
            options = await self._ask_for_options(surface, found, value)
            found = replace(found, element={**found.element, "options": options})
        state = self._state_of(surface)
        given = forms.filled(found, value, option=self._option, person=self._id_of)
        state.setdefault(found.block["block_id"], {})[found.element["action_id"]] = given
        if found.tells_at_once:
            return await self._act(Widget(surface, found.block, found.element), dict(given))
        return Shown(view=self.modal)

    async def suggestions(self, label: str, words: str) -> list[str]:
        """What a menu of the open modal offers while `words` stand in it."""
        view = self._open_modal()
        found = next((f for f in forms.fields(view.blocks) if label in f.names), None)
        if found is None:
            raise NotThere(f"the modal {view.title!r} has no field {label!r}")
        return [str(o["text"]["text"]) for o in await self._ask_for_options(view, found, words)]

    async def _ask_for_options(self, surface: Message | View, found: Field, value: Any) -> list[Json]:
        """Nothing is offered for fewer words than `min_query_length`, nor when the answer breaks Slack's limits.

        https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element/#external_select
        """
        words = value if isinstance(value, str) else " ".join(map(str, value))
        if len(words) < found.element.get("min_query_length", 3):
            return []
        payload = {
            **self._base("block_suggestion"),
            **self._container(surface),
            "value": words,
            "action_id": found.element["action_id"],
            "block_id": found.block["block_id"],
        }
        delivery = await self.slack.courier.deliver(Kind.INTERACTIVE, payload)
        answer = delivery.attempts[-1].answer
        return [] if option_problems(answer) else forms.offered(answer)

    async def _act(self, widget: Widget, action: Json) -> Shown:
        self._pressed = (widget, action)
        full = {
            "action_id": widget.element["action_id"],
            "block_id": widget.block["block_id"],
            **action,
            "action_ts": self._w.next_ts(),
        }
        payload = {
            **self._base("block_actions"),
            **self._container(widget.on),
            "trigger_id": self._w.new_trigger(self.id),
            "actions": [full],
        }
        if isinstance(widget.on, Message):
            payload["state"] = {"values": self._state_of(widget.on)}
            payload["response_url"] = self._w.new_response_url(widget.on.channel, self.id, widget.on)
        before = self._ephemerals()
        error = _failure(await self.slack.courier.deliver(Kind.INTERACTIVE, payload))
        return self._shown(before, error=error)

    async def shortcut(self, name: str) -> Shown:
        """A global shortcut, by its visible name or callback id."""
        payload = {
            **self._base("shortcut"),
            "callback_id": self._callback(name, on_message=False),
            "trigger_id": self._w.new_trigger(self.id),
            "action_ts": self._w.next_ts(),
        }
        before = self._ephemerals()
        error = _failure(await self.slack.courier.deliver(Kind.INTERACTIVE, payload))
        return self._shown(before, error=error)

    async def message_shortcut(self, name: str, message: Message | Seen | str) -> Shown:
        """A shortcut from a message's menu, by its visible name or callback id."""
        found = self._message(message)
        payload = {
            **self._base("message_action"),
            "callback_id": self._callback(name, on_message=True),
            "trigger_id": self._w.new_trigger(self.id),
            "action_ts": self._w.next_ts(),
            "message_ts": found.ts,
            "message": found.payload(),
            "channel": {"id": found.channel.id, "name": _payload_name(found.channel)},
            "response_url": self._w.new_response_url(found.channel, self.id, found),
        }
        before = self._ephemerals()
        error = _failure(await self.slack.courier.deliver(Kind.INTERACTIVE, payload))
        return self._shown(before, error=error)

    async def open_home(self) -> Shown:
        """Open the app's Home tab."""
        event: Json = {
            "type": "app_home_opened",
            "user": self.id,
            "channel": self.dm.id,
            "tab": "home",
            "event_ts": self._w.next_ts(),
        }
        if self.home:
            event["view"] = api_views.shown(self._w, self.home)
        await self.slack.courier.after(lambda: self._w.announce(event, None))
        blocks = self.home.blocks if self.home else []
        words = visible_text({"blocks": blocks}, tz=self.user.tz)
        return Shown(words, blocks, view=self.home, buttons=tuple(buttons(blocks)))

    # ---- modals ----------------------------------------------------------------------------

    async def fill(self, values: Mapping[str, Any]) -> Shown:
        """Fill fields of the open modal by label; options by their words, people by name or as Person."""
        shown = Shown(view=self.modal)
        for label, value in values.items():
            view = self._open_modal()
            found = next((f for f in forms.fields(view.blocks) if label in f.names), None)
            if found is None:
                labels = ", ".join(repr(f.label) for f in forms.fields(view.blocks))
                raise NotThere(f"the modal {view.title!r} has no field {label!r}; it has {labels or 'none'}")
            shown = await self._put(view, found, value)
        return shown

    async def fill_and_submit(self, values: Mapping[str, Any] | None = None) -> Shown:
        """Fill the open modal and submit it. What Slack refuses by itself stands in `errors`."""
        await self.fill(values or {})
        view = self._open_modal()
        state = self._state_of(view)
        wrong = forms.mistakes(view.blocks, state)
        if wrong:
            return Shown("\n".join(wrong.values()), errors=wrong, view=view)
        self._submitted = (view, api_views.shown(self._w, view, state))
        return await self._submit(*self._submitted)

    async def submit_again(self) -> Shown:
        """The last submission once more, as when somebody is impatient."""
        if self._submitted is None:
            raise NotThere(f"{self.name} has submitted nothing yet")
        return await self._submit(*self._submitted)

    async def _submit(self, view: View, sent: Json) -> Shown:
        """`sent` is the view as it stood on the screen then: a second click knows nothing of what came meanwhile."""
        payload = {
            **self._base("view_submission"),
            "trigger_id": self._w.new_trigger(self.id),
            "view": sent,
            "response_urls": [],
        }
        before = self._ephemerals()
        delivery = await self.slack.courier.deliver(Kind.INTERACTIVE, payload)
        error = _failure(delivery)
        if error is None:
            try:
                self._apply(view, delivery.attempts[-1].answer)
            except SlackError as refused:
                error = words(refused)
        if error is not None:
            return Shown(TROUBLE, error=error, view=view)
        errors = self._labelled(view)
        if errors:
            return Shown("\n".join(errors.values()), errors=errors, view=view)
        return self._shown(before)

    async def close(self) -> Shown:
        """Close the open modal with its cross."""
        view = self._open_modal()
        self._w.modals[self.id].remove(view)
        if view.given.get("notify_on_close"):
            shown = api_views.shown(self._w, view, self._state_of(view))
            payload = {**self._base("view_closed"), "view": shown, "is_cleared": False}
            await self.slack.courier.deliver(Kind.INTERACTIVE, payload)
        return Shown(view=self.modal)

    def _apply(self, view: View, answer: Json) -> None:
        """https://docs.slack.dev/surfaces/modals#response_actions"""
        stack = self._w.modals.get(self.id, [])
        view.errors = {}
        match answer.get("response_action"):
            case "errors":
                given = answer.get("errors") or {}
                inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
                if not given or not set(given) <= inputs:
                    raise SlackError("invalid_errors")
                view.errors = {str(k): str(v) for k, v in given.items()}
            case "update":
                api_views.replace(self._w, view, api_views.checked(answer.get("view"), "modal"))
                self._state.pop(view.id, None)
            case "push":
                api_views.put_on_top(self._w, self.id, api_views.checked(answer.get("view"), "modal"))
            case "clear":
                stack.clear()
            case None:
                if view in stack:
                    stack.remove(view)
            case other:
                raise SlackError(f"unknown response_action {other}")

    def _labelled(self, view: View) -> dict[str, str]:
        labels = {f.block["block_id"]: f.label for f in forms.fields(view.blocks)}
        return {labels.get(block, block): said for block, said in view.errors.items()}

    def _open_modal(self) -> View:
        view = self.modal
        if view is None:
            raise NotThere(f"{self.name} has no modal open")
        return view

    # ---- payloads --------------------------------------------------------------------------

    def _base(self, kind: str) -> Json:
        return {
            **self.slack.common(),
            "type": kind,
            "user": {"id": self.id, "username": self.name, "name": self.name, "team_id": self._w.team_id},
            "team": {"id": self._w.team_id, "domain": self._w.domain},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _container(self, surface: Message | View) -> Json:
        if isinstance(surface, View):
            shown = api_views.shown(self._w, surface, self._state_of(surface))
            return {"container": {"type": "view", "view_id": surface.id}, "view": shown}
        container = {
            "type": "message",
            "message_ts": surface.ts,
            "channel_id": surface.channel.id,
            "is_ephemeral": bool(surface.only_for),
        }
        place = {"id": surface.channel.id, "name": _payload_name(surface.channel)}
        # Of an ephemeral message the bot is told no more than where it was.
        message = {} if surface.only_for else {"message": surface.payload(metadata=True)}
        return {"container": container, "channel": place, **message}

    def _typed(self, words: str, *, command: bool = False, links: bool = True) -> str:
        """What Slack makes of what is typed: `&` escaped, names turned into mentions."""
        pieces, at = [], 0
        for found in TYPED.finditer(words):
            pieces += [
                escaped(words[at : found.start()]),
                self._link(found, command) if links else escaped(found[0]),
            ]
            at = found.end()
        return "".join([*pieces, escaped(words[at:])])

    def _link(self, found: re.Match[str], command: bool) -> str:
        url, name, channel_name = found.groups()
        if url:
            return f"<{escaped(url)}>"
        if name:
            user = next((u for u in self._w.users.values() if u.name == name), None)
            if user:
                return f"<@{user.id}|{user.name}>" if command else f"<@{user.id}>"
            group = next((g for g in self._w.groups.values() if g.handle == name), None)
            if group:
                return f"<!subteam^{group.id}|@{group.handle}>"
            return f"<!{name}>" if name in {"here", "channel", "everyone"} else escaped(found[0])
        channel = self._w.channel_by_name(channel_name)
        return f"<#{channel.id}|{channel.name}>" if channel else escaped(found[0])


def _failure(delivery: Delivery) -> str | None:
    failed = delivery.attempts[-1].failed
    return FAILURES.get(failed, "dispatch_failed") if failed else None


def _payload_name(channel: Channel) -> str:
    return "directmessage" if channel.im else "privategroup" if channel.private else channel.name
