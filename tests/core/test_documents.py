"""What people wrote reads literally in every rendering."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.documents import Bullets, Code, Document, Heading, PageBreak, Paragraph, Rule, Run, Table
from bot.sandbox.jira import plain

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)


def of(text: str) -> Document:
    return Document(
        (Heading(1, text), Paragraph((Run(text), Run(text, strong=True), Run(text, code=True))), Bullets(((Run(text),),)),
         Table((("a", "b"), (text, text))), Code(text), Rule())
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(TEXT)
def test_html_carries_text_and_no_tag_of_theirs(text: str) -> None:
    page = of(text).html()
    body = page[page.index("<body>") :]
    tags = set(re.findall(r"<(/?\w+)", body))
    assert tags <= {
        t
        for n in (
            "body",
            "html",
            "h1",
            "p",
            "strong",
            "code",
            "ul",
            "li",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "pre",
            "hr",
        )
        for t in (n, f"/{n}")
    }


@settings(max_examples=150, deadline=None)
@given(TEXT)
def test_an_atlassian_document_holds_the_words_as_they_are(text: str) -> None:
    assert plain(Document((Paragraph((Run(text),)),)).atlassian()) == text


@pytest.mark.parametrize(
    ("text", "wiki", "markdown"),
    [
        ("{panel}", r"\{panel\}", r"\{panel\}"),
        ("a|b", r"a\|b", r"a\|b"),
        ("*x*", r"\*x\*", r"\*x\*"),
        ("[l](http://e)", r"\[l\](http://e)", r"\[l\](http://e)"),
        ("!img.png!", r"\!img.png\!", r"\!img.png\!"),
        ("<script>", "<script>", r"\<script\>"),
        ("two\nlines", "two lines", "two lines"),
    ],
)
def test_marks_of_each_language_are_escaped(text: str, wiki: str, markdown: str) -> None:
    document = Document((Paragraph((Run(text),)),))
    assert document.wiki() == wiki
    assert document.markdown().strip() == markdown


def test_only_web_addresses_are_linked() -> None:
    document = Document(
        (Paragraph((Run("bad", link="javascript:alert(1)"), Run("good", link="https://e.dev/?a=1&b=2"))),)
    )
    assert "javascript" not in document.html() + document.markdown() + document.wiki() + str(
        document.atlassian()
    )
    assert 'href="https://e.dev/?a=1&amp;b=2"' in document.html()


def test_code_that_holds_fences_stays_code() -> None:
    assert Document((Code("a ``` b"),)).markdown().startswith("````\n")


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_confluence_gets_xhtml_whatever_was_typed(text: str) -> None:
    page = ElementTree.fromstring(f'<page xmlns:ac="ac">{of(text).storage()}</page>')
    known = {"h1", "p", "strong", "code", "ul", "li", "table", "tbody", "tr", "th", "td", "hr", "page"}
    assert {e.tag for e in page.iter() if not e.tag.startswith("{ac}")} <= known
    if text.isprintable():
        assert page.findtext("h1") == text


def test_code_that_ends_a_cdata_section_stays_code() -> None:
    page = Document((Code("a ]]> <b>"),)).storage()
    root = ElementTree.fromstring(f'<page xmlns:ac="ac">{page}</page>')
    assert "".join(root.itertext()) == "a ]]> <b>"
    assert root.find(".//b") is None


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("- no list", r"\- no list"),
        ("1. no list", r"1\. no list"),
        ("+ no list", r"\+ no list"),
        ("2026-11-24 was it", "2026-11-24 was it"),
    ],
)
def test_words_that_open_a_line_make_no_list(text: str, markdown: str) -> None:
    assert Document((Paragraph((Run(text),)),)).markdown().strip() == markdown
    assert Document((Bullets(((Run(text),),)),)).markdown().strip() == f"- {markdown}"


def test_an_entity_that_somebody_typed_reads_as_they_typed_it() -> None:
    assert Document((Paragraph((Run("&lt;b&gt;"),)),)).markdown().strip() == r"\&lt;b\&gt;"


def test_a_page_break_is_seen_on_paper_alone() -> None:
    document = Document((Heading(1, "One"), PageBreak(), Heading(2, "Two")))
    assert '<div class="page"></div>' in document.html()
    assert "break-before: page" in document.html()
    assert document.markdown() == "# One\n\n## Two\n"
    assert document.wiki() == "h1. One\n\nh2. Two"
    assert document.storage() == "<h1>One</h1><h2>Two</h2>"
    assert document.plain() == "One\n\nTwo"
    assert [block["type"] for block in document.atlassian()["content"]] == ["heading", "heading"]
