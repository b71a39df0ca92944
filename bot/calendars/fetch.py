"""Gets a calendar from a file or an address: once, bounded, and with a sentence when it can't be had."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

LARGEST = 5_000_000
"""Bytes of a calendar; ten years of shifts are far below."""

PATIENCE = aiohttp.ClientTimeout(total=10, connect=5)


class Unreachable(Exception):
    """Why there is no calendar, in a sentence. The address's path can be a secret, so only its host is named."""


@dataclass(frozen=True)
class Fetched:
    """`text` is None when the other side says that nothing has changed since `etag`."""

    text: str | None
    etag: str = ""


async def fetch(source: str, *, session: aiohttp.ClientSession, folder: Path, etag: str = "") -> Fetched:
    """The calendar at an http, https or webcal address, or in a file named from `folder`. Raises Unreachable."""
    if "://" in source:
        return await _from_web(source.replace("webcal://", "https://", 1), session, etag)
    return await asyncio.to_thread(_from_file, folder / source)


def _from_file(path: Path) -> Fetched:
    try:
        if path.stat().st_size > LARGEST:
            raise Unreachable(f"{path.name} is larger than {LARGEST // 1_000_000} MB")
        return Fetched(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Unreachable(f"{path} can't be read ({error.strerror or error})") from error
    except UnicodeDecodeError as error:
        raise Unreachable(f"{path.name} is no text in UTF-8") from error


async def _from_web(url: str, session: aiohttp.ClientSession, etag: str) -> Fetched:
    parts = urlsplit(url)
    where = f"{parts.scheme}://{parts.hostname or ''}"
    headers = {"Accept": "text/calendar, text/plain;q=0.5", **({"If-None-Match": etag} if etag else {})}
    try:
        async with session.get(url, headers=headers, timeout=PATIENCE, max_redirects=5) as answer:
            if answer.status == 304:
                return Fetched(None, etag)
            if answer.status != 200:
                raise Unreachable(f"{where} answered with status {answer.status}")
            body = await answer.content.read(LARGEST + 1)
            while len(body) <= LARGEST and (more := await answer.content.read(LARGEST + 1 - len(body))):
                body += more
            if len(body) > LARGEST:
                raise Unreachable(f"{where} sends more than {LARGEST // 1_000_000} MB")
            return Fetched(body.decode("utf-8-sig"), answer.headers.get("ETag", ""))
    except TimeoutError as error:
        raise Unreachable(f"{where} did not answer within {PATIENCE.total:g} s") from error
    except UnicodeDecodeError as error:
        raise Unreachable(f"{where} sends no text in UTF-8") from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise Unreachable(f"{where} can't be reached ({type(error).__name__})") from error
