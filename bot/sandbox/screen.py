"""What stands on a person's screen, and finding things there by their words."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.sandbox import forms
from bot.sandbox.blockkit import elements
from bot.sandbox.forms import Field, State
from bot.sandbox.records import Channel, Json, Message, User, View
from bot.sandbox.rendering import buttons, visible_text
from bot.sandbox.workspace import Workspace

if TYPE_CHECKING:
    from bot.sandbox.slack import Slack


class NotThere(LookupError):
    """A person looked for something that is not on the screen; the message says what is."""


@dataclass(frozen=True)
class Seen:
    """A message on somebody's screen. `by` is a name; `only_me`: nobody else sees it."""

    text: str
    by: str
    ts: str
    buttons: tuple[str, ...]
    only_me: bool
    message: Message = field(repr=False)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Shown:
    """What appeared in front of a person in answer to what they did.

    `error` is what Slack says when the bot failed, `errors` what stands beside the fields of a form, `view` the
    modal now in front of them.
    """

    text: str = ""
    blocks: list[Json] = field(default_factory=list, repr=False)
    error: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    view: View | None = None
    messages: tuple[Message, ...] = field(default=(), repr=False)
    buttons: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Widget:
    """Something that can be pressed or chosen, and what it stands on."""

    on: Message | View
    block: Json
    element: Json


class Screen:
    """One person's view of the workspace."""

    def __init__(self, slack: "Slack", user: User) -> None:
        self.slack = slack
        self.user = user
        self._state: dict[str, State] = {}

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def name(self) -> str:
        return self.user.name

    @property
    def _w(self) -> Workspace:
        return self.slack.workspace

    # ---- seeing ----------------------------------------------------------------------------

    @property
    def dm(self) -> Channel:
        """The direct message between this person and the bot."""
        return self._w.dm(self._w.bot.id, self.id)

    @property
    def modal(self) -> View | None:
        """The modal in front of this person."""
        stack = self._w.modals.get(self.id)
        return stack[-1] if stack else None

    @property
    def home(self) -> View | None:
        """The App Home that the bot published for this person."""
        return self._w.homes.get(self.id)

    def dms(self) -> list[Seen]:
        """The bot's direct messages, oldest first."""
        return [seen for seen in self.sees(self.dm) if seen.message.bot_id]

    def sees(self, channel: Channel | str) -> list[Seen]:
        """A channel as it stands on this person's screen, oldest first, with what only they see."""
        return [self._seen(message) for message in self._visible(self.slack.place(channel))]

    def _visible(self, channel: Channel) -> list[Message]:
        if channel.kind != "channel" and self.id not in channel.members:
            return []
        mine = [m for m in channel.ephemerals if m.only_for == self.id and not m.deleted]
        return sorted([*channel.messages, *mine], key=lambda message: float(message.ts))

    def _seen(self, message: Message) -> Seen:
        author = self._w.users[message.user]
        name = message.posted_as or (author.real_name if author.is_bot else author.name)
        words = visible_text(message, tz=self.user.tz)
        return Seen(words, name, message.ts, tuple(buttons(message.blocks)), bool(message.only_for), message)

    def _channels(self) -> list[Channel]:
        return [c for c in self._w.channels.values() if self.id in c.members]

    # ---- finding ---------------------------------------------------------------------------

    def _place(self, where: Channel | str) -> Channel:
        """Where this person is about to write."""
        channel = self.slack.place(where)
        if channel.archived:
            raise NotThere(f"#{channel.name} is archived: nobody can write there")
        if self.id not in channel.members:
            raise NotThere(f"{self.name} is not in #{channel.name or channel.id}")
        return channel

    def _message(self, wanted: Message | Seen | str) -> Message:
        if isinstance(wanted, Seen):
            return wanted.message
        if isinstance(wanted, Message):
            return wanted
        for message in self._newest(None):
            if wanted in visible_text(message, tz=self.user.tz):
                return message
        raise NotThere(f"{self.name} sees no message with {wanted!r}")

    def _own(self, wanted: Message | Seen) -> Message:
        message = self._message(wanted)
        if message.user != self.id:
            raise NotThere(f"{self.name} can only change own messages")
        return message

    def _newest(self, in_: Channel | str | None) -> list[Message]:
        places = self._channels() if in_ is None else [self.slack.place(in_)]
        found = [message for channel in places for message in self._visible(channel)]
        return sorted(found, key=lambda message: float(message.ts), reverse=True)

    def _surfaces(self, in_: Channel | str | None, on: Message | Seen | View | None) -> list[Message | View]:
        """Where to look, the most likely place first."""
        if on is not None:
            return [on.message if isinstance(on, Seen) else on]
        found: list[Message | View] = []
        if in_ is None and self.modal:
            found.append(self.modal)
        found += self._newest(in_)
        if in_ is None and self.home:
            found.append(self.home)
        return found

    def _find_button(
        self, label: str, in_: Channel | str | None, on: Message | Seen | View | None
    ) -> tuple[Widget, Json | None]:
        for surface in self._surfaces(in_, on):
            for block in surface.blocks:
                for element in elements([block]):
                    if element["type"] == "button" and element["text"]["text"] == label:
                        return Widget(surface, block, element), None
                    if element["type"] == "overflow":
                        for option in element["options"]:
                            if option["text"]["text"] == label:
                                return Widget(surface, block, element), option
        raise NotThere(f"{self.name} sees no button {label!r}{self._instead(in_, on)}")

    def _instead(self, in_: Channel | str | None, on: Message | Seen | View | None) -> str:
        seen = [f"[{word}]" for surface in self._surfaces(in_, on)[:20] for word in buttons(surface.blocks)]
        where = f" in #{self.slack.place(in_).name or 'the direct message'}" if in_ is not None else ""
        return f"{where}; there {'is ' + ' '.join(dict.fromkeys(seen)) if seen else 'are no buttons'}"

    def _option(self, found: Field, words: str) -> Json:
        options = forms.offered(found.element)
        for option in options:
            if words in {option["text"]["text"], option.get("value")}:
                return {key: option[key] for key in ("text", "value", "description") if key in option}
        known = ", ".join(repr(option["text"]["text"]) for option in options)
        raise NotThere(
            f"{found.label or found.element['action_id']!r} offers no {words!r}; it offers {known}"
        )

    def _id_of(self, wanted: Any) -> str:
        """A person or channel by object, name or id."""
        if isinstance(wanted, Screen | User | Channel):
            return wanted.id
        name = str(wanted).removeprefix("@")
        if name in self.slack.people:
            return self.slack.people[name].id
        channel = self._w.channel_by_name(name)
        return channel.id if channel else name

    def _state_of(self, surface: Message | View) -> State:
        key = surface.id if isinstance(surface, View) else f"{surface.channel.id} {surface.ts}"
        known = self._state.get(key, {})
        # Fields that an update brought come with their initial value; those that it took away are gone.
        state = {
            block: {action: known.get(block, {}).get(action, value) for action, value in values.items()}
            for block, values in forms.initial(surface.blocks).items()
        }
        self._state[key] = state
        return state

    def _callback(self, name: str, *, on_message: bool) -> str:
        for known in self.slack.installed.shortcuts:
            if known.on_message == on_message and name in {known.name, known.callback_id}:
                return known.callback_id
        if self.slack.installed.shortcuts:
            offered = ", ".join(
                repr(s.name) for s in self.slack.installed.shortcuts if s.on_message == on_message
            )
            raise NotThere(f"the app has no such shortcut {name!r}; it has {offered or 'none'}")
        return name

    # ---- results ---------------------------------------------------------------------------

    def _ephemerals(self) -> int:
        """How many messages only this person was shown so far."""
        return len(self._w.ephemerals.get(self.id, []))

    def _shown(self, before: int, posted: Message | None = None, *, error: str | None = None) -> Shown:
        """What appeared for this person since `before`; `posted` is what everybody sees."""
        new = self._w.ephemerals.get(self.id, [])[before:]
        everybody = [posted] if posted and not posted.only_for else []
        messages = tuple(message for message in [*everybody, *new] if not message.deleted)
        view = self.modal
        words = [visible_text(message, tz=self.user.tz) for message in messages]
        blocks = [block for message in messages for block in message.blocks]
        if not messages and view:
            words, blocks = [visible_text({"blocks": view.blocks}, tz=self.user.tz)], view.blocks
        return Shown("\n".join(words), blocks, error, {}, view, messages, tuple(buttons(blocks)))
