"""Our door to Jira, through the real library, against both kinds: what it files, what it degrades, what it says."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core.documents import Bullets, Code, Document, Heading, Paragraph, Run, Table
from bot.engine import GiveUp, Retry
from bot.jira.client import Created, NewIssue
from bot.jira.client import Jira as Client
from bot.models import ActionState
from bot.sandbox.jira import Jira

NASTY = "{panel} |x| *y* [z|http://e] <script>!x.png!"
DOCUMENT = Document(
    (
        Heading(2, "What happened"),
        Paragraph((Run("It broke: "), Run(NASTY, strong=True), Run("see", link="https://acme.dev/x"))),
        Bullets(((Run("12:00 "), Run("Alice acknowledged")),)),
        Table((("Fact", "Value"), ("Severity", "sev2"))),
        Code("trace"),
    )
)
ISSUE = NewIssue(
    project="PAY",
    issue_type="Task",
    summary="add a kill switch",
    description=DOCUMENT,
    labels=("writeback", "writeback-abc", "operability-switches"),
    components=("checkout",),
    due=date(2026, 12, 8),
    reporter_email="carol@acme.dev",
    assignee_email="alice@acme.dev",
)


@pytest.fixture(params=["cloud", "server"])
async def jira(request: pytest.FixtureRequest) -> AsyncIterator[Jira]:
    there = Jira(kind=request.param)
    async with there.serve():
        there.project("PAY", components=["checkout"])
        there.user("alice@acme.dev", "Alice")
        there.user("carol@acme.dev", "Carol")
        yield there


@pytest.fixture
async def client(jira: Jira) -> AsyncIterator[Client]:
    made = connected(jira)
    yield made
    await made.close()


def connected(jira: Jira, token: str = "", **fields: dict[str, object]) -> Client:
    user = jira.account if jira.kind == "cloud" else ""
    return Client(jira.url, user=user, token=token or jira.token, api=jira.kind, fields=fields)


async def test_an_item_is_filed_with_all_that_a_developer_needs(jira: Jira, client: Client) -> None:
    made = await client.create(ISSUE)
    issue = jira.issues["PAY-1"]
    alice = "acc-1" if jira.kind == "cloud" else "alice"
    assert made == Created("PAY-1", assignee=alice, due="2026-12-08")
    assert (issue.summary, issue.due, issue.components) == ("add a kill switch", "2026-12-08", ["checkout"])
    assert issue.labels == ["writeback", "writeback-abc", "operability-switches"]
    assert issue.reporter is not None
    assert issue.assignee is not None
    assert (issue.reporter.name, issue.assignee.name) == ("Carol", "Alice")
    assert "Alice acknowledged" in issue.description
    if jira.kind == "cloud":
        assert NASTY in issue.description
    else:
        assert "\\{panel\\} \\|x\\| \\*y\\* \\[z\\|" in issue.description
    assert len([call for call in jira.calls if call.method == "POST"]) == 1


async def test_it_is_found_by_its_label_in_its_project(jira: Jira, client: Client) -> None:
    assert await client.find("writeback-abc", "PAY") is None
    await client.create(ISSUE)
    assert await client.find("writeback-abc", "PAY") == "PAY-1"
    assert await client.find("writeback-other", "PAY") is None


@pytest.mark.parametrize(
    ("field", "note"),
    [
        ("assignee", "without the assignee"),
        ("reporter", "without the reporter"),
        ("duedate", "without the due date"),
        ("components", "without the component"),
    ],
)
async def test_what_jira_refuses_and_the_item_can_do_without_is_left_out_and_said(
    jira: Jira, client: Client, field: str, note: str
) -> None:
    jira.projects["PAY"].refuses[field] = (
        f"Field '{field}' cannot be set. It is not on the appropriate screen."
    )
    created = await client.create(ISSUE)
    assert created.key == "PAY-1"
    assert [n for n in created.notes if note in n]


async def test_somebody_whom_jira_does_not_know_is_left_out_and_said(jira: Jira, client: Client) -> None:
    created = await client.create(replace(ISSUE, assignee_email="gone@acme.dev"))
    assert created.notes == ("without the assignee: Jira knows no gone@acme.dev",)


async def test_a_required_field_is_named_with_the_fix_and_can_be_configured(
    jira: Jira, client: Client
) -> None:
    jira.projects["PAY"].required["customfield_10010"] = "Team"
    with pytest.raises(GiveUp, match=r"Team is required.*\[jira.fields.PAY\]"):
        await client.create(ISSUE)
    with_field = connected(jira, PAY={"customfield_10010": "payments"})
    assert (await with_field.create(ISSUE)).key == "PAY-1"
    assert jira.issues["PAY-1"].others == {"customfield_10010": "payments"}
    await with_field.close()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"archived": True}, "unarchive"),
        ({"forbidden": True}, "permission"),
        ({"issue_types": ["Bug"]}, "issue_type"),
    ],
)
async def test_what_can_never_be_filed_is_said_with_the_fix(
    jira: Jira, client: Client, change: dict[str, object], words: str
) -> None:
    for name, value in change.items():
        setattr(jira.projects["PAY"], name, value)
    with pytest.raises(GiveUp, match=words):
        await client.create(ISSUE)
    assert not jira.issues


async def test_a_project_that_is_not_there_and_a_wrong_token_are_said(jira: Jira, client: Client) -> None:
    with pytest.raises(GiveUp, match="jira_project"):
        await client.create(replace(ISSUE, project="NOPE"))
    wrong = connected(jira, token="wrong")
    with pytest.raises(GiveUp, match="JIRA_TOKEN"):
        await wrong.create(ISSUE)
    assert any("JIRA_TOKEN" in problem for problem in await wrong.check(["PAY"]))
    await wrong.close()
    assert await client.check(["PAY"]) == []
    assert "NOPE" in (await client.check(["PAY", "NOPE"]))[0]


@pytest.mark.parametrize(
    ("fault", "unknown"), [("503", True), ("drop", True), ("lost", True), ("500 after", True)]
)
async def test_a_create_whose_outcome_is_unknown_is_sent_once_and_says_so(
    jira: Jira, client: Client, fault: str, unknown: bool
) -> None:
    await client.find("writeback-abc", "PAY")  # connected before anything goes wrong
    await client.create(replace(ISSUE, labels=("first",)))
    jira.fail("POST", fault)  # type: ignore[arg-type]  # parametrised words
    with pytest.raises(Retry) as told:
        await client.create(ISSUE)
    assert told.value.unknown is unknown
    assert len(jira.issues) == (2 if fault in {"lost", "500 after"} else 1)
    found = await client.find("writeback-abc", "PAY")
    assert found == ("PAY-2" if fault in {"lost", "500 after"} else None)


async def test_a_security_level_that_is_not_there_is_said_before_a_private_item_needs_it(
    jira: Jira, client: Client
) -> None:
    jira.projects["PAY"].levels = ["Security"]
    jira.project("SEA")
    assert await client.check(["PAY"], lambda project: "Security") == []
    [wrong, none] = await client.check(["PAY", "SEA"], lambda project: "Responders")
    assert "PAY has no security level “Responders”" in wrong
    assert "set [jira] private_level to one of Security" in wrong
    assert "give SEA a security scheme with that level" in none


async def test_being_asked_to_slow_down_waits_as_long_as_jira_says(jira: Jira, client: Client) -> None:
    jira.fail("GET", "429", after=17)
    with pytest.raises(Retry) as told:
        await client.find("writeback-abc", "PAY")
    assert told.value.after is not None
    assert told.value.after.total_seconds() == 17


async def test_a_link_twice_is_one_link_and_a_label_replaces_its_kind(jira: Jira, client: Client) -> None:
    await client.create(ISSUE)
    for _ in range(2):
        await client.link("PAY-1", "https://acme.slack.com/archives/C1", "INC-1")
    assert [link["object"]["title"] for link in jira.issues["PAY-1"].links] == ["INC-1"]
    await client.relabel("PAY-1", prefix="operability-", labels=("writeback", "operability-config"))
    assert jira.issues["PAY-1"].labels == ["writeback", "writeback-abc", "operability-config"]


async def test_a_jira_that_is_away_is_no_reason_to_give_up(jira: Jira) -> None:
    jira.down()
    away = connected(jira)
    with pytest.raises(Retry):
        await away.find("x", "PAY")
    jira.up()
    assert await away.find("x", "PAY") is None
    await away.close()


async def test_what_changed_is_found_page_by_page_and_nothing_older(jira: Jira, client: Client) -> None:
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    for n in range(230):
        jira.clock = lambda n=n: now + timedelta(minutes=n)  # type: ignore[misc]
        await client.create(replace(ISSUE, summary=f"item {n}", labels=("writeback",)))
    jql = "labels = writeback AND updated >= -219m ORDER BY updated ASC"
    found, page, pages = [], "", 0
    while pages == 0 or page:
        more, page = await client.search(jql, page)
        found += [changed.key for changed in more]
        pages += 1
    assert (found, pages) == ([f"PAY-{n}" for n in range(11, 231)], 3)


async def test_an_issue_is_read_under_its_new_key_and_told_from_one_that_is_gone(
    jira: Jira, client: Client
) -> None:
    jira.project("SEA")
    await client.create(ISSUE)
    jira.transfer("PAY-1", "SEA")
    found = await client.read("PAY-1")
    assert found is not None
    assert (found.key, found.project, found.category, found.due) == ("SEA-1", "SEA", "new", date(2026, 12, 8))
    assert await client.read("PAY-99") is None
    jira.projects["SEA"].hidden = True
    with pytest.raises(GiveUp, match="browse it"):
        await client.read("SEA-1")


async def test_an_issue_that_is_where_it_should_be_is_not_moved(jira: Jira, client: Client) -> None:
    await client.create(ISSUE)
    for _ in range(2):
        there = await client.move("PAY-1", ActionState.DONE)
        assert there is not None
        assert (there.state, there.resolution) == (ActionState.DONE, "Done")
    assert len([call for call in jira.calls if call.path.endswith("transitions")]) == 2
    assert await client.move("PAY-99", ActionState.DONE) is None


async def test_a_comment_that_may_stand_there_already_is_written_once(jira: Jira, client: Client) -> None:
    await client.create(ISSUE)
    jira.fail("POST", "lost")
    with pytest.raises(Retry):
        await client.comment("PAY-1", f"Won't be done: {NASTY}", look_first=False)
    await client.comment("PAY-1", f"Won't be done: {NASTY}", look_first=True)
    assert len(jira.issues["PAY-1"].comments) == 1


async def test_somebody_is_assigned_by_a_configured_account_or_by_mail(jira: Jira, client: Client) -> None:
    await client.create(ISSUE)
    for account, name in (
        (await client.account("carol@acme.dev"), "Carol"),
        (await client.account("", "acc-1" if jira.kind == "cloud" else "alice"), "Alice"),
    ):
        there = await client.assign("PAY-1", account)
        assert there is not None
        assert there.assignee_name == name
    nobody = await client.assign("PAY-1", None)
    assert nobody is not None
    assert nobody.assignee == ""
    assert await client.account("gone@acme.dev") is None
    jira.projects["PAY"].refuses["duedate"] = "It is not on the appropriate screen."
    with pytest.raises(GiveUp, match="put the field on the screen"):
        await client.set_due("PAY-1", date(2027, 1, 1))
