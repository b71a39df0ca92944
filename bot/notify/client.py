"""Sends a message to one notification address (SMS, phone push, mail, ntfy, PagerDuty …) through Apprise."""

import asyncio
import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bot.config import Secret

QUIET = logging.getLogger("apprise")


@dataclass(frozen=True)
class Sent:
    """Whether it arrived, by what service, and if not why: without the address, which is a secret."""

    ok: bool
    service: str
    reason: str = ""


def _loud() -> Any:
    # Imported where it is needed: it costs a fifth of a second, and most commands never send anything.
    import apprise

    # Its own log lines can hold addresses.
    QUIET.propagate = False
    return apprise


def warm() -> None:
    """Load every service that Apprise knows: the first message would otherwise wait for it."""
    _loud().Apprise.instantiate("json://localhost")


def _send(address: str, title: str, body: str, link: str) -> Sent:
    apprise = _loud()
    door = apprise.Apprise.instantiate(address, suppress_exceptions=True)
    if door is None:
        return Sent(False, "", "its address is none that Apprise knows; see github.com/caronc/apprise")
    with _heard() as words:
        # Asked itself and not through the collection that Apprise offers, the service works in this very thread.
        ok = bool(door.notify(title=title, body=f"{body}\n{link}".strip(), body_format="text"))
    return Sent(ok, str(door.service_name), "" if ok else _reason("\n".join(words)))


@contextmanager
def _heard() -> Iterator[list[str]]:
    """What Apprise logs in this thread meanwhile: its answer is a mere yes or no."""
    words: list[str] = []
    here = threading.get_ident()

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.thread == here:
                words.append(record.getMessage())

    ear = Ear(logging.WARNING)
    QUIET.addHandler(ear)
    try:
        yield words
    finally:
        QUIET.removeHandler(ear)


def _reason(words: str) -> str:
    """What Apprise said of a failure, as far as it can hold no secret: the status, or that nobody answered."""
    status = re.search(r"error=(\d{3})", words)
    if status:
        return f"it answered with status {status[1]}"
    if re.search(r"[Tt]ime(d )?out", words):
        return "it did not answer in time"
    return "it could not be reached or refused the message"


async def send(address: Secret, *, title: str, body: str, link: str = "") -> Sent:
    """Send one message, once. The other side is given a few seconds; nothing is raised.

    Whether it may have arrived is not known where it did not answer.
    """
    return await asyncio.to_thread(_send, address.reveal(), title, body, link)
