"""A document as values, and its renderings: Atlassian Document, Jira's wiki text, Markdown, HTML, Confluence, plain text.

What people wrote reads literally in every rendering: no mark-up, no link, no tag of theirs takes effect.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style. `link` is an address, "" for none; other schemes than http(s) are not linked."""

    text: str
    strong: bool = False
    code: bool = False
    link: str = ""

    @property
    def address(self) -> str:
        return self.link if self.link.startswith(("https://", "http://")) else ""


@dataclass(frozen=True)
class Heading:
    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Bullets:
    items: tuple[tuple[Run, ...], ...]


@dataclass(frozen=True)
class Table:
    """The first row is the heading."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Code:
    text: str


@dataclass(frozen=True)
class Rule:
    pass


@dataclass(frozen=True)
class PageBreak:
    """On paper the next block begins a page; on a screen it is nothing."""


Block = Heading | Paragraph | Bullets | Table | Code | Rule | PageBreak


@dataclass(frozen=True)
class Document:
    blocks: tuple[Block, ...]

    def atlassian(self) -> dict[str, Any]:
        """https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/"""
        content = [_adf(block) for block in self.blocks if not isinstance(block, PageBreak)]
        return {"type": "doc", "version": 1, "content": content}

    def wiki(self) -> str:
        """https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa"""
        return "\n\n".join(filter(None, map(_wiki, self.blocks)))

    def markdown(self) -> str:
        return "\n\n".join(filter(None, map(_markdown, self.blocks))) + "\n"

    def html(self) -> str:
        """A page that stands alone."""
        title = next((block.text for block in self.blocks if isinstance(block, Heading)), "Postmortem")
        body = "\n".join(_html(block) for block in self.blocks)
        return _PAGE.format(title=html.escape(title), body=body)

    def storage(self) -> str:
        """Confluence's storage format: XHTML, which holds no character that XML refuses.

        https://confluence.atlassian.com/doc/confluence-storage-format-790796544.html
        """
        return _NO_XML.sub("", "".join(map(_storage, self.blocks)))

    def plain(self) -> str:
        return "\n".join(_plain(block) for block in self.blocks if not isinstance(block, PageBreak))


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; color: #1d2733 }}
table {{ border-collapse: collapse; width: 100% }}
th, td {{ text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #d5dbe3 }}
code, pre {{ background: #f3f5f8; border-radius: 3px; padding: 0 .2rem }}
pre {{ padding: .6rem; overflow: auto }}
h1, h2, h3 {{ line-height: 1.25; break-after: avoid }}
li, tr {{ break-inside: avoid }}
li, td {{ overflow-wrap: anywhere }}
th, td:first-child {{ overflow-wrap: normal }}
@media screen and (max-width: 40rem) {{
  table {{ display: block; overflow-x: auto }}
  td {{ overflow-wrap: normal; min-width: 5rem }}
}}
@page {{ size: A4; margin: 18mm 16mm 20mm }}
@media print {{
  body {{ font-size: 10.5pt; margin: 0; padding: 0; max-width: none; color: #000 }}
  .page {{ break-before: page }}
  thead {{ display: table-header-group }}
  p, li {{ orphans: 3; widows: 3 }}
  a {{ color: inherit }}
  a[href]::after {{ content: " (" attr(href) ")"; font-size: 85%; overflow-wrap: anywhere }}
}}
</style></head><body>
{body}
</body></html>
"""

# ---- Atlassian Document ----------------------------------------------------------------------


def _adf(block: Block) -> dict[str, Any]:
    match block:
        case Heading(level, text):
            return {"type": "heading", "attrs": {"level": level}, "content": _adf_runs((Run(text),))}
        case Paragraph(runs):
            return {"type": "paragraph", "content": _adf_runs(runs)}
        case Bullets(items):
            return {"type": "bulletList", "content": [_adf_item(item) for item in items]}
        case Table(rows):
            return {"type": "table", "content": [_adf_row(row, first=n == 0) for n, row in enumerate(rows)]}
        case Code(text):
            return {"type": "codeBlock", "content": [{"type": "text", "text": text}] if text else []}
        case Rule():
            return {"type": "rule"}
        case PageBreak():
            raise AssertionError("a page break has no place in an Atlassian document")


def _adf_runs(runs: Sequence[Run]) -> list[dict[str, Any]]:
    # A text node may not be empty.
    return [_adf_run(run) for run in runs if run.text]


def _adf_run(run: Run) -> dict[str, Any]:
    marks: list[dict[str, Any]] = []
    if run.address:
        marks.append({"type": "link", "attrs": {"href": run.address}})
    if run.code:
        marks.append({"type": "code"})
    elif run.strong:
        marks.append({"type": "strong"})
    return {"type": "text", "text": run.text} | ({"marks": marks} if marks else {})


def _adf_item(item: Sequence[Run]) -> dict[str, Any]:
    return {"type": "listItem", "content": [{"type": "paragraph", "content": _adf_runs(item)}]}


def _adf_row(row: Sequence[str], *, first: bool) -> dict[str, Any]:
    kind = "tableHeader" if first else "tableCell"
    cells = [
        {"type": kind, "content": [{"type": "paragraph", "content": _adf_runs((Run(cell),))}]} for cell in row
    ]
    return {"type": "tableRow", "content": cells}


# ---- Jira's wiki text ------------------------------------------------------------------------

_WIKI_MARKS = re.compile(r"([\\*_{}\[\]|!^~+?#-])")


def _wiki_text(text: str) -> str:
    return _WIKI_MARKS.sub(r"\\\1", " ".join(text.splitlines()))


def _wiki_run(run: Run) -> str:
    text = _wiki_text(run.text)
    if run.address:
        return f"[{text}|{run.address.replace('|', '%7C').replace(']', '%5D')}]"
    if run.code and text:
        return f"{{{{{text}}}}}"
    return f"*{text.strip()}*{' ' if text != text.rstrip() else ''}" if run.strong and text.strip() else text


def _wiki_runs(runs: Sequence[Run]) -> str:
    return "".join(_wiki_run(run) for run in runs)


def _wiki(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"h{level}. {_wiki_text(text)}"
        case Paragraph(runs):
            return _wiki_runs(runs)
        case Bullets(items):
            return "\n".join(f"* {_wiki_runs(item)}" for item in items)
        case Table(rows):
            first, *rest = [[_wiki_text(cell) or " " for cell in row] for row in rows]
            return "\n".join(["||" + "||".join(first) + "||", *("|" + "|".join(row) + "|" for row in rest)])
        case Code(text):
            return "{noformat}\n" + text.replace("{noformat}", "{ noformat }") + "\n{noformat}"
        case Rule():
            return "----"
        case PageBreak():
            return ""


# ---- Markdown --------------------------------------------------------------------------------

_MARKDOWN_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
# At the beginning of a line these make a list, a heading or a rule.
_MARKDOWN_OPENING = re.compile(r"^(\s*)([-+=]|\d{1,9}(?=[.)]))")


def _markdown_text(text: str) -> str:
    return _MARKDOWN_MARKS.sub(r"\\\1", " ".join(text.splitlines()))


def _markdown_line(runs: Sequence[Run]) -> str:
    """Runs that open a line: their words make no list, heading or rule."""
    line = _markdown_runs(runs)

    def escaped(found: re.Match[str]) -> str:
        opening = found[2]
        # A digit can't be escaped; the dot or bracket behind it can, which is where a list begins.
        return f"{found[1]}\\{opening}" if not opening.isdigit() else found[0] + "\\"

    return _MARKDOWN_OPENING.sub(escaped, line, count=1)


def _markdown_run(run: Run) -> str:
    if run.code:
        fence = "``" if "`" in run.text else "`"
        return f"{fence}{run.text}{fence}"
    text = _markdown_text(run.text)
    if run.address:
        return f"[{text}](<{run.address.replace('>', '%3E').replace('<', '%3C')}>)"
    return (
        f"**{text.strip()}**{' ' if text != text.rstrip() else ''}" if run.strong and text.strip() else text
    )


def _markdown_runs(runs: Sequence[Run]) -> str:
    return "".join(_markdown_run(run) for run in runs)


def _markdown(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"{'#' * level} {_markdown_text(text)}"
        case Paragraph(runs):
            return _markdown_line(runs)
        case Bullets(items):
            return "\n".join(f"- {_markdown_line(item)}" for item in items)
        case Table(rows):
            first, *rest = ["| " + " | ".join(map(_markdown_text, row)) + " |" for row in rows]
            return "\n".join([first, "|" + " --- |" * len(rows[0]), *rest])
        case Code(text):
            fence = "`" * max(3, *(len(found) + 1 for found in re.findall("`+", text)), 3)
            return f"{fence}\n{text}\n{fence}"
        case Rule():
            return "---"
        case PageBreak():
            return ""


# ---- HTML and plain --------------------------------------------------------------------------


def _html_run(run: Run) -> str:
    text = html.escape(run.text)
    if run.code:
        text = f"<code>{text}</code>"
    if run.strong:
        text = f"<strong>{text}</strong>"
    return f'<a href="{html.escape(run.address)}" rel="noreferrer">{text}</a>' if run.address else text


def _html_runs(runs: Sequence[Run]) -> str:
    return "".join(_html_run(run) for run in runs)


def _html(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"<h{level}>{html.escape(text)}</h{level}>"
        case Paragraph(runs):
            return f"<p>{_html_runs(runs)}</p>"
        case Bullets(items):
            return "<ul>" + "".join(f"<li>{_html_runs(item)}</li>" for item in items) + "</ul>"
        case Table(rows):
            first, *rest = rows
            body = "".join(_html_row(row, "td") for row in rest)
            return f"<table><thead>{_html_row(first, 'th')}</thead><tbody>{body}</tbody></table>"
        case Code(text):
            return f"<pre>{html.escape(text)}</pre>"
        case Rule():
            return "<hr>"
        case PageBreak():
            return '<div class="page"></div>'


# What XML 1.0 has no place for, and Confluence therefore refuses.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _storage(block: Block) -> str:
    match block:
        case Table(rows):
            first, *rest = rows
            body = _html_row(first, "th") + "".join(_html_row(row, "td") for row in rest)
            return f"<table><tbody>{body}</tbody></table>"
        case Code(text):
            inside = text.replace("]]>", "]]]]><![CDATA[>")
            return (
                '<ac:structured-macro ac:name="code"><ac:plain-text-body>'
                f"<![CDATA[{inside}]]></ac:plain-text-body></ac:structured-macro>"
            )
        case Rule():
            return "<hr/>"
        case PageBreak():
            return ""
        case Bullets(()):
            return ""
        case _:
            return _html(block)


def _html_row(row: Sequence[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in row) + "</tr>"


def _plain(block: Block) -> str:
    match block:
        case Heading(level, text):
            return text if level == 1 else f"\n{text}"
        case Paragraph(runs):
            return "".join(run.text for run in runs)
        case Bullets(items):
            return "\n".join("• " + "".join(run.text for run in item) for item in items)
        case Table(rows):
            return "\n".join(": ".join(row) if len(row) == 2 else ", ".join(row) for row in rows[1:])
        case Code(text):
            return text
        case Rule() | PageBreak():
            return ""
