"""Published postmortems as pages in Confluence: one each, whatever goes wrong on the way."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import pytest

from bot.confluence.client import Confluence as Client
from bot.models import Incident, Postmortem
from bot.sandbox.confluence import Confluence, Page
from bot.sandbox.rendering import visible_text
from tests.conftest import Clock
from tests.stories.conftest import House, workspace

pytest.importorskip(
    "atlassian", reason="atlassian-python-api is an extra: pip install 'writeback[confluence]'"
)


@asynccontextmanager
async def published(
    tmp_path: Path, confluence: Confluence, *, token: str = "", private: bool = False
) -> AsyncIterator[House]:
    """A house whose first postmortem was published a moment ago, with `confluence` beside it."""

    def with_pages(catalog: str) -> str:
        table = f'[confluence]\nurl = "{confluence.url}"\napi = "{confluence.kind}"\nspace = "OPS"\n\n[jira]'
        return catalog.replace("[jira]", table, 1)

    env = {"CONFLUENCE_USER": "bot@acme.dev", "CONFLUENCE_TOKEN": token or confluence.token}
    url = f"sqlite:///{tmp_path}/writeback.db"
    async with workspace(tmp_path, url, Clock(ticks=True), change=with_pages, env=env) as house:
        carol, alice = house.slack.people["carol"], house.slack.people["alice"]
        await carol.type("/incident start checkout sev2 card payments fail")
        await house.until_quiet()
        await alice.type("/incident ack INC-1")
        await alice.type("/incident resolve INC-1")
        if private:
            async with house.bot.world.db.transaction() as session:
                incident = await session.get(Incident, 1)
                assert incident is not None
                incident.private = True
                session.add(incident)
        await alice.type("/incident postmortem INC-1 write summary Cards <failed> & were back after a while")
        await alice.type("/incident postmortem INC-1 write lesson Roll back first")
        await alice.type("/incident postmortem INC-1 publish")
        yield house


@pytest.fixture(params=["cloud", "server"])
async def confluence(request: pytest.FixtureRequest) -> AsyncIterator[Confluence]:
    kind: Literal["cloud", "server"] = request.param
    wiki = Confluence(kind)
    wiki.space("OPS")
    async with wiki.serve():
        yield wiki


async def settled(house: House) -> None:
    """Until it is quiet, with every wait for another try passed."""
    for _ in range(8):
        await house.until_quiet()
        house.forward(seconds=20)
    await house.until_quiet()


def only(confluence: Confluence) -> Page:
    [page] = [page for page in confluence.pages.values() if not page.trashed]
    return page


async def test_a_published_postmortem_has_its_page(tmp_path: Path, confluence: Confluence) -> None:
    async with published(tmp_path, confluence) as house:
        await settled(house)
        page = only(confluence)
        assert (page.space, page.title, page.version) == ("OPS", "INC-1: card payments fail", 1)
        assert page.labels == ["incident-inc-1"]
        assert "Cards &lt;failed&gt; &amp; were back" in page.body
        team = [visible_text(m) for m in house.slack.channel_named("team-payments").messages]
        assert any("Read it" in text for text in team)
        async with house.bot.world.db.reading() as session:
            row = await session.get(Postmortem, 1)
        assert row is not None
        assert row.places["confluence"] == f"{confluence.url}/spaces/OPS/pages/{page.id}"


async def test_a_new_version_is_the_same_page(tmp_path: Path, confluence: Confluence) -> None:
    async with published(tmp_path, confluence) as house:
        await settled(house)
        alice = house.slack.people["alice"]
        await alice.type("/incident postmortem INC-1 write impact nine minutes")
        await settled(house)
        assert only(confluence).version == 2
        assert "nine minutes" in only(confluence).body
        # A page that people took away is made anew.
        only(confluence).trashed = True
        await alice.type("/incident postmortem INC-1 write impact ten minutes")
        await settled(house)
        assert "ten minutes" in only(confluence).body


@pytest.mark.parametrize("how", ["lost", "drop", "503", "429"])
async def test_a_call_that_goes_wrong_leaves_one_page(
    tmp_path: Path, confluence: Confluence, how: str
) -> None:
    create = "POST /wiki/api/v2/pages" if confluence.kind == "cloud" else "POST /rest/api/content"
    confluence.fail(create, how)  # type: ignore[arg-type]
    confluence.fail("/label", how)  # type: ignore[arg-type]
    async with published(tmp_path, confluence) as house:
        await settled(house)
        page = only(confluence)
        assert page.version == 1
        assert page.labels == ["incident-inc-1"]
        assert (await house.shown())["jobs"]["failed"] == 0


async def test_with_confluence_down_the_team_hears_of_it_and_the_page_follows(
    tmp_path: Path, confluence: Confluence
) -> None:
    confluence.down()
    async with published(tmp_path, confluence) as house:
        await settled(house)
        team = [visible_text(m) for m in house.slack.channel_named("team-payments").messages]
        assert any("Postmortem of INC-1" in text for text in team)
        assert confluence.pages == {}
        confluence.up()
        house.forward(minutes=10)
        await settled(house)
        assert only(confluence).title == "INC-1: card payments fail"


async def test_somebody_elses_page_of_that_title_stays_theirs(tmp_path: Path, confluence: Confluence) -> None:
    theirs = confluence.add("OPS", "INC-1: card payments fail")
    async with published(tmp_path, confluence) as house:
        await settled(house)
        assert theirs.body == "<p>by hand</p>"
        [ours] = [page for page in confluence.pages.values() if page is not theirs]
        assert ours.title == "INC-1: card payments fail (Writeback INC-1)"


async def test_what_can_never_work_is_said_with_its_fix_and_tried_again_on_a_word(
    tmp_path: Path, confluence: Confluence
) -> None:
    confluence.readonly.add("OPS")
    async with published(tmp_path, confluence) as house:
        await settled(house)
        told = [line["text"] for line in (await house.shown())["timeline"] if line["kind"] == "could_not"]
        assert any("write the postmortem's page in Confluence" in text for text in told)
        assert any("let the account add pages to the space OPS" in text for text in told)
        confluence.readonly.clear()
        alice = house.slack.people["alice"]
        assert "being written again" in (await alice.type("/incident postmortem INC-1 page")).text
        await settled(house)
        assert only(confluence).title == "INC-1: card payments fail"


async def test_words_of_a_private_incident_never_get_there(tmp_path: Path, confluence: Confluence) -> None:
    async with published(tmp_path, confluence, private=True) as house:
        await settled(house)
        assert confluence.pages == {}
        assert confluence.calls == []


async def test_a_wrong_token_is_said_and_shown_nowhere(tmp_path: Path, confluence: Confluence) -> None:
    async with published(tmp_path, confluence, token="hunter2") as house:
        await settled(house)
        told = str((await house.shown())["timeline"])
        assert "set CONFLUENCE_USER and CONFLUENCE_TOKEN" in told
        assert "hunter2" not in told


async def test_a_page_that_waits_is_not_written_once_the_incident_is_private(
    tmp_path: Path, confluence: Confluence
) -> None:
    confluence.down()
    async with published(tmp_path, confluence) as house:
        await house.until_quiet()
        async with house.bot.world.db.transaction() as session:
            incident = await session.get(Incident, 1)
            assert incident is not None
            incident.private = True
            session.add(incident)
        confluence.up()
        house.forward(minutes=10)
        await settled(house)
        assert confluence.pages == {}


@pytest.mark.parametrize(
    ("space", "token", "says"),
    [
        ("OPS", "", ""),
        ("NOPE", "", "correct [confluence]"),
        ("OPS", "hunter2", "set CONFLUENCE_USER and CONFLUENCE_TOKEN"),
    ],
)
async def test_a_check_says_what_stands_in_the_way(
    confluence: Confluence, space: str, token: str, says: str
) -> None:
    client = Client(
        confluence.url,
        api=confluence.kind,
        space=space,
        parent="",
        user="bot@acme.dev",
        token=token or confluence.token,
    )
    try:
        found = await client.check()
    finally:
        await client.close()
    assert says in "".join(found)
    assert bool(found) is bool(says)
