"""Excerpts that leave the channel, for a backlog that more people read: secrets and addresses masked, lines bounded."""

import re

LINES, LONGEST = 30, 2_000
"""Lines, and characters, of an excerpt."""

MASK = "•••"

_NAMED = re.compile(
    r"""(?ix)
    (?P<name>["']?[\w.-]{0,40}?(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|
      client[_-]?secret|auth(?:orization)?|credentials?|cookie|session(?:[_-]?id)?|signature|dsn)["']?)
    (?P<sign>\s*(?:=>|[:=])\s*)
    (?P<kind>(?:bearer|basic|token)\s+)?
    (?P<value>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s,;&"'}\])]+)
    """
)
"""`password=…`, `"apiKey": "…"`, `Authorization: Bearer …`: what is named like a secret is one."""

_SHAPED = (
    # What looks like a secret by itself, whoever named it.
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL),
    re.compile(r"\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?"),  # JSON web tokens
    re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),  # AWS
    re.compile(r"\bx(?:ox[abeprs]|app)-[\w-]{8,}"),  # Slack
    re.compile(r"\b(?:gh[opsur]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{15,})"),
    re.compile(r"\b[rsp]k_(?:live|test)_\w{8,}"),  # Stripe
    re.compile(r"\bAIza[\w-]{30,}"),  # Google
    re.compile(r"\bATATT[\w=-]{20,}"),  # Atlassian
    re.compile(r"(?i)\b(?:bearer|basic)\s+[\w.~+/=-]{12,}"),
)
_IN_ADDRESS = re.compile(r"(?i)\b([a-z][a-z0-9+.-]{1,20}://)[^\s/@:]*:[^\s/@]+@")
_EMAIL = re.compile(r"[\w.%+-]+@[\w-]+(?:\.[\w-]+)+")
_DIGITS = re.compile(r"(?<![\w.:-])\d(?:[ -]?\d){12,18}(?![\w.:-])")


def masked(text: str) -> str:
    """`text` with what is or looks like a secret, an address of a person or a card number replaced by MASK.

    It errs on the side of masking: a line that says less can be looked up, a secret in a backlog can't be taken back.
    """
    for shape in _SHAPED:
        text = shape.sub(MASK, text)
    text = _IN_ADDRESS.sub(rf"\1{MASK}@", text)
    text = _NAMED.sub(lambda found: f"{found['name']}{found['sign']}{MASK}", text)
    text = _EMAIL.sub(MASK, text)
    return _DIGITS.sub(lambda found: MASK if _is_card(found[0]) else found[0], text)


def _is_card(digits: str) -> bool:
    """Whether the check digit fits: a timestamp or an order number is no card.  https://www.iso.org/standard/70484.html"""
    numbers = [int(digit) for digit in digits if digit.isdigit()][::-1]
    doubled = [n if place % 2 == 0 else (2 * n - 9 if n > 4 else 2 * n) for place, n in enumerate(numbers)]
    return 13 <= len(numbers) <= 19 and sum(doubled) % 10 == 0


def excerpt(text: str) -> str:
    """The first LINES lines of `text`, masked, of LONGEST characters at most; what is left out is said."""
    # Masked before it is cut: half a secret would not look like one any more.
    lines = masked(text.strip()[: 20 * LONGEST]).splitlines()
    shown = "\n".join(lines[:LINES])
    if len(shown) > LONGEST:
        return f"{shown[: LONGEST - 1].rstrip()}…"
    return shown if len(lines) <= LINES else f"{shown}\n… and {len(lines) - LINES} more lines"
