"""Takes a stack trace apart: the calls, innermost first, and the prose around them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

LONGEST_LINE = 400
"""Characters of a line that are looked at: no frame that a person reads is longer."""


@dataclass(frozen=True)
class Frame:
    """One call. `path` is the file as printed, "" if none is; `module` its dotted name, "" if none is printed."""

    path: str = ""
    module: str = ""


@dataclass(frozen=True)
class Trace:
    """`frames`: innermost first, those of libraries and the language itself left out. `prose`: all other lines."""

    frames: tuple[Frame, ...]
    prose: str


class _Kind(StrEnum):
    PYTHON = "python"
    OTHER = "other"


# `File "/srv/app/pay.py", line 12, in pay`
_PYTHON = re.compile(r'\s*File "([^"]+)", line \d+')
# `at Acme.Checkout.Api.Pay(String id) in C:\src\Api.cs:line 12`
_CSHARP = re.compile(r"\s*at ([\w.`+<>\[\],]+)\([^()]*\) in (.+):line \d+\s*$")
# `at com.acme.checkout.Api.pay(Api.java:12)`, perhaps after `app//` or `java.base/`
_JAVA = re.compile(
    r"\s*at (?:[\w.@-]*/)*([\w.$<>]+)\.[\w$<>]+"
    r"\((?:([\w$-]+\.(?:java|kt|kts|scala|groovy|clj))(?::\d+)?|Native Method|Unknown Source|SourceFile(?::\d+)?|<generated>)\)"
)
_CSHARP_BARE = re.compile(r"\s*at ((?:[\w`+<>\[\]]+\.)+[\w`+<>\[\]]+)\([^()]*\)\s*$")
# `at pay (/app/pay.js:10:5)`, `at async file:///app/pay.mjs:10:5`; Rust prints `at ./src/pay.rs:10:5`
_JAVASCRIPT = re.compile(r"\s*at (?:[^()]{0,200}\()?([^\s()]+?):\d+:\d+\)?\s*$")
# Firefox and Safari: `pay@https://shop.acme.dev/static/pay.js:10:5`
_BROWSER = re.compile(r"\s*[^\s@]{0,100}@(\w[\w+.-]{1,20}://\S+?):\d+:\d+\s*$")
# `	/src/checkout/pay.go:12 +0x1d`
_GO = re.compile(r"\s*(\S+\.go):\d+(?: \+0x[0-9a-f]+)?\s*$")
_GO_CALL = re.compile(r"(?:created by )?[\w./*()@~-]+(?:\(.*\)|\s.*)?$")
# `app/pay.rb:12:in 'pay'`, `	from app/pay.rb:12:in `pay'`
_RUBY = re.compile(r"\s*(?:\d+: )?(?:from )?(\S+\.(?:rb|rake|erb|haml|slim|ru)):\d+:in ")
# `#0 /var/www/src/Pay.php(12): …`
_PHP = re.compile(r"\s*#\d+ (\S+\.php)\(\d+\)")

_FILE_ONLY = (_JAVASCRIPT, _BROWSER, _GO, _RUBY, _PHP)

# A trace that was pasted into one line.
_RUN_TOGETHER = re.compile(
    r'(?<![ \t])[ \t]+(?=at [\w.$/<>@`]+[.(/:]|at (?:\S+ ){1,4}\(|File "|Caused by: |from \S+\.rb:\d)'
)

_BEGINS = re.compile(r"\s*(?:Traceback \(most recent call last\)|Caused by: |goroutine \d+ \[)")
_NOISE = re.compile(
    r"\s*(?:Traceback \(most recent call last\)|goroutine \d+ \[|\.\.\. \d+ (?:more|common frames)|[\^~]+\s*$"
    r"|--- End of |During handling of the above exception|The above exception was the direct cause)"
)
_DIRECT_CAUSE = "The above exception was the direct cause"

_FOREIGN_PATH = re.compile(
    r"(?:^|[/\\])(?:site-packages|dist-packages|node_modules|gems|bower_components)[/\\]|/pkg/mod/|/lib/python\d|/lib/ruby/"
    r"|/usr/(?:local/)?(?:lib/)?go/src/|^node:|^internal/|^<|^\[|^native$|/rustc/|/\.cargo/|webpack/bootstrap",
    re.IGNORECASE,
)
_FOREIGN_MODULE = re.compile(
    r"(?:java|javax|jakarta|jdk|sun|com\.sun|kotlin|kotlinx|scala|groovy|clojure|System|Microsoft"
    r"|org\.(?:springframework|apache|hibernate|eclipse|junit|jetbrains)|io\.(?:netty|micronaut|quarkus|ktor))\."
)


def parsed(text: str) -> Trace:
    """What is in `text`; without a stack trace it is all prose."""
    sections: list[tuple[_Kind, list[Frame]]] = []
    prose: list[str] = []
    lines = _RUN_TOGETHER.sub("\n", text).splitlines()
    anew, in_python = True, False
    for number, line in enumerate(lines):
        short = line[:LONGEST_LINE]
        anew = anew or bool(_BEGINS.match(short))
        found = _frame(short)
        if found is None:
            # Python prints the source line below its frame, Go the call above it.
            is_source = in_python and line.startswith("    ")
            is_call = bool(
                number + 1 < len(lines)
                and _GO.match(lines[number + 1][:LONGEST_LINE])
                and _GO_CALL.match(short)
            )
            if not (is_source or is_call or _NOISE.match(short)):
                prose.append(line)
                in_python = False
            continue
        kind, frame = found
        in_python = kind is _Kind.PYTHON
        if anew or sections[-1][0] is not kind:
            sections.append((kind, []))
            anew = False
        sections[-1][1].append(frame)
    return Trace(tuple(_innermost_first(sections, text)), "\n".join(prose))


def _frame(line: str) -> tuple[_Kind, Frame] | None:
    if ":" not in line and "(" not in line and '"' not in line:
        return None
    python = _PYTHON.match(line)
    if python:
        return _Kind.PYTHON, Frame(path=python[1])
    csharp = _CSHARP.match(line)
    if csharp:
        return _Kind.OTHER, Frame(path=csharp[2], module=_class_of(csharp[1]))
    java = _JAVA.match(line)
    if java:
        return _Kind.OTHER, Frame(path=_java_path(java[1], java[2]), module=java[1].partition("$")[0])
    bare = _CSHARP_BARE.match(line)
    if bare:
        return _Kind.OTHER, Frame(module=_class_of(bare[1]))
    for pattern in _FILE_ONLY:
        found = pattern.match(line)
        # A time of day looks like a position in a file, but has neither folder nor extension.
        if found and re.search(r"[/\\]|\.[a-z]", found[1]):
            return _Kind.OTHER, Frame(path=found[1])
    return None


def _class_of(call: str) -> str:
    return re.sub(r"[`<\[].*|\+.*", "", call.rpartition(".")[0])


def _java_path(cls: str, file: str | None) -> str:
    """`com.acme.checkout.Api$1` in `Api.java` → `com/acme/checkout/Api.java`."""
    *package, name = cls.partition("$")[0].split(".")
    return "/".join([*package, file or f"{name}.java"])


def _innermost_first(sections: Sequence[tuple[_Kind, list[Frame]]], text: str) -> Iterator[Frame]:
    """Where it began: Java prints the cause last; Python the raised error last, but what directly caused it first."""
    is_python = any(kind is _Kind.PYTHON for kind, _ in sections)
    cause_is_last = _DIRECT_CAUSE not in text if is_python else "Caused by: " in text
    for kind, frames in reversed(sections) if cause_is_last else sections:
        for frame in reversed(frames) if kind is _Kind.PYTHON else frames:
            if not (_FOREIGN_PATH.search(frame.path) or _FOREIGN_MODULE.match(frame.module)):
                yield frame
