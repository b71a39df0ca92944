"""A text as the words that names are looked for in."""

import re
import unicodedata
from collections.abc import Sequence

LONGEST_WORD = 200
"""Characters of a word or path that are looked at, its last ones."""

_ATOM = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

# `payments-api`, `checkout.acme.dev`, `pay_v2`, `a/b`: what is joined by these is one word.
_GLUE = frozenset({"-", "_", ".", "/", "\\", "@", "$", "__", "--", "://"})

_MARKUP = re.compile(r"<([@#!]?)([^<>|\s]*)(?:\|([^<>]*))?>")
_EMOJI = re.compile(r"(?<![^\s:]):[a-z0-9_+-]{1,60}:(?=\s|:|$)")
_SPLIT = re.compile(r"[\s\"'`()<>\[\]{},;|“”‘’]+")


def folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def atoms_of(text: str) -> tuple[str, ...]:
    """The words of a name, without what joins them."""
    return tuple(atom.casefold() for atom in _ATOM.findall(unicodedata.normalize("NFKC", text)))


def parts_of(word: str) -> tuple[str, ...]:
    """The words that one is made of: `CheckoutService`, `checkout-7d9f` → checkout and another."""
    return atoms_of(_CAMEL.sub(" ", word))


def plain(text: str) -> str:
    """Slack's mark-up as a person reads it: mentions of people say nothing about owners, links and channels do."""
    text = _MARKUP.sub(_read, text)
    return unicodedata.normalize("NFKC", _EMOJI.sub(" ", text) if ":" in text else text)


def _read(mark: re.Match[str]) -> str:
    sign, body, label = mark[1], mark[2], mark[3] or ""
    if sign == "@" or (sign == "!" and not label):
        return " "
    if sign:
        return f" {'#' if sign == '#' else ''}{label} "
    if "://" not in body:
        return mark[0]
    # Slack makes links of file names such as `pay.py`, in the middle of paths too.
    return label if label and body.endswith(f"://{label}") else f" {label} {body} "


class Words:
    """A text as the words it is made of, and what stands between them."""

    def __init__(self, text: str) -> None:
        # What stands between spaces, brackets and quotes, each once.
        self.tokens = list(dict.fromkeys(part[-LONGEST_WORD:] for part in _SPLIT.split(text)))
        spans = [match.span() for match in _ATOM.finditer(text)]
        self.atoms = [text[start:end].casefold() for start, end in spans]
        ends = [0, *(end for _, end in spans)]
        starts = [*(start for start, _ in spans), len(text)]
        self._gaps = [text[end:start] for end, start in zip(ends, starts, strict=True)]

    def holds(self, atoms: Sequence[str], at: int) -> bool:
        """Whether `atoms` stand at `at`, with nothing more than a space or a hyphen between them."""
        if tuple(self.atoms[at : at + len(atoms)]) != tuple(atoms):
            return False
        return all(gap in _GLUE or gap.isspace() for gap in self._gaps[at + 1 : at + len(atoms)])

    def is_whole(self, start: int, end: int) -> bool:
        """Whether the words from `start` to `end` are no part of a longer one."""
        before, after = self._gaps[start], self._gaps[end]
        joined_before = before.endswith(("/", "\\")) or (start > 0 and before in _GLUE)
        joined_after = after.startswith(("/", "\\")) or (end < len(self.atoms) and after in _GLUE)
        return not (joined_before or joined_after)


def shown(text: str) -> str:
    """A piece of somebody's text, fit to stand in a sentence."""
    clean = "".join(c for c in text if c.isprintable()).replace("`", "'")
    return clean if len(clean) <= 80 else f"…{clean[-79:]}"
