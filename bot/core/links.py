"""Links that let somebody do one thing without Slack: signed, so that nobody can make one, and checked in constant time."""

from collections.abc import Sequence

from itsdangerous import BadSignature, URLSafeSerializer


def _page(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="page")


def _feed(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="feed")


def page(base_url: str, secret: str, incident: int, number: int) -> str:
    """Where the person of page `number` answers it. The link is spent with the page: an answered one only says so."""
    return f"{base_url}/page/{_page(secret).dumps([incident, number])}"


def paged(secret: str, token: str) -> tuple[int, int] | None:
    """The incident and the number of the page that `token` is for; None when it is not one of ours."""
    found = _opened(_page(secret), token)
    return (found[0], found[1]) if len(found) == 2 else None


def feed(base_url: str, secret: str, path: str, number: int) -> str:
    """The address of calendar feed `number`; it answers until it is revoked."""
    return f"{base_url}/oncall/{path}.ics?key={_feed(secret).dumps([number])}"


def fed(secret: str, token: str) -> int | None:
    """The feed that `token` opens; None when it is not one of ours."""
    found = _opened(_feed(secret), token)
    return found[0] if len(found) == 1 else None


def _opened(serializer: URLSafeSerializer, token: str) -> Sequence[int]:
    try:
        found = serializer.loads(token)
    except BadSignature:
        return ()
    return found if isinstance(found, list) and all(isinstance(n, int) for n in found) else ()
