"""Bodies of requests from outside: read within bounds, and refused in a sentence."""

import asyncio
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

READING = 15.0
"""Seconds that a body may take to arrive."""

AGAIN = {"Retry-After": "10"}
"""Beside a 503: senders that keep what they could not deliver come again."""


class Turned(Exception):
    """Why a request is turned away, in a sentence. `outcome` is a word for it, for those who count."""

    def __init__(
        self, status: int, outcome: str, sentence: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(sentence)
        self.status, self.outcome = status, outcome
        self.headers = dict(headers or (AGAIN if status == 503 else {}))

    def response(self) -> Response:
        return JSONResponse({"error": str(self)}, status_code=self.status, headers=self.headers)


async def read(request: Request, largest: int) -> bytes:
    """The body, whatever its sender says of its length: no more than `largest` bytes of it are read.

    Raises Turned with 413 or 408.
    """
    too_large = Turned(413, "too_large", f"The body is too large: send at most {largest} bytes.")
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > largest:
        raise too_large
    found = bytearray()
    try:
        async with asyncio.timeout(READING):
            async for chunk in request.stream():
                found += chunk
                if len(found) > largest:
                    raise too_large
    except TimeoutError as error:
        raise Turned(408, "slow", "The body did not arrive in time.") from error
    return bytes(found)
