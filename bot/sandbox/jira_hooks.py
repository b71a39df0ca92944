"""The webhooks of the sandbox's Jira: signed, and on demand lost, sent twice, or held and sent in another order.

https://developer.atlassian.com/cloud/jira/platform/webhooks/
"""

import asyncio
import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass, field
from typing import Any

import aiohttp

Json = dict[str, Any]


@dataclass
class Hooks:
    """`sent`: what was delivered, with the status it was answered with; 0: nobody answered."""

    url: str = ""
    secret: str = ""
    losing: int = 0
    doubling: bool = False
    held: list[Json] | None = None
    sent: list[tuple[Json, int]] = field(default_factory=list)
    _tasks: set[asyncio.Task[int]] = field(default_factory=set)

    def tell(self, body: Json) -> None:
        """Something happened; Jira waits for nobody's answer."""
        if not self.url:
            return
        if self.losing:
            self.losing -= 1
            return
        if self.held is not None:
            self.held.append(body)
            return
        for _ in range(2 if self.doubling else 1):
            self._start(body)

    def hold(self) -> None:
        self.held = []

    def release(self, *, backwards: bool = False) -> None:
        held, self.held = self.held or [], None
        for body in reversed(held) if backwards else held:
            self._start(body)

    def _start(self, body: Json) -> None:
        task = asyncio.get_running_loop().create_task(self.send(body))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def send(self, body: Json, *, signature: str | None = None) -> int:
        """Deliver once and at once. `signature`: another one than the right one."""
        raw = json.dumps(body).encode()
        mark = hmac.new(self.secret.encode(), raw, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json; charset=UTF-8",
            "User-Agent": "Atlassian Webhook HTTP Client",
            "X-Atlassian-Webhook-Identifier": uuid.uuid4().hex,
            "X-Hub-Signature": f"sha256={mark}" if signature is None else signature,
        }
        if not self.secret and signature is None:
            del headers["X-Hub-Signature"]
        status = 0
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(10)) as link,
                link.post(self.url, data=raw, headers=headers) as answer,
            ):
                status = answer.status
        except (aiohttp.ClientError, TimeoutError):
            pass
        self.sent.append((body, status))
        return status

    async def settled(self) -> None:
        """All that was told has been delivered."""
        while self._tasks:
            await asyncio.gather(*self._tasks)
