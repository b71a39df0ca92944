"""Whatever people do on both sides, in whatever order it arrives and fails: in the end Slack and Jira say the same."""

import random
from pathlib import Path

import pytest

from bot.core.issues import CLOSED
from bot.sandbox.jira import Fault
from tests.stories.conftest import House
from tests.stories.test_jira_follow import asked, filed, item, look, row, writes

STEPS = 40
PEOPLE = ("alice", "bob", "dana")
CATEGORIES = ("switches", "config", "failure")
TROUBLES: tuple[Fault, ...] = ("500", "503", "429", "lost", "drop", "500 after")


class Both:
    """Two hands on one item: one types in Slack, the other clicks in Jira, and the line between them is bad."""

    def __init__(self, house: House, seed: int) -> None:
        self.house, self.chance = house, random.Random(seed)
        self.trail: list[str] = []

    async def step(self) -> None:
        act = self.chance.choices((self.in_slack, self.in_jira, self.on_the_line, self.time), (4, 4, 3, 2))[0]
        await act()

    async def in_slack(self) -> None:
        words = self.chance.choice(
            [
                "done PAY-1",
                "reopen PAY-1",
                "wontdo PAY-1 we buy another one",
                f"assign PAY-1 {self.chance.choice(PEOPLE)}",
                f"due PAY-1 2027-0{self.chance.randint(1, 9)}-15",
                f"category PAY-1 {self.chance.choice(CATEGORIES)}",
            ]
        )
        self.trail.append(f"Slack: {words}")
        who = self.house.slack.people[self.chance.choice(("alice", "carol", "dana"))]
        await who.type(f"/incident action {words}", in_="general")

    async def in_jira(self) -> None:
        jira = self.house.jira
        what = self.chance.choice(("move", "assign", "date", "name", "label"))
        match what:
            case "move":
                status = self.chance.choice(("To Do", "In Progress", "Done"))
                jira.move("PAY-1", status)
            case "assign":
                person = self.chance.choice(PEOPLE)
                jira.edit("PAY-1", assignee=next(u for u in jira.users if u.name.lower() == person))
            case "date":
                jira.edit("PAY-1", due=f"2027-0{self.chance.randint(1, 9)}-20")
            case "label":
                category = f"operability-{self.chance.choice(CATEGORIES)}"
                kept = [each for each in jira.issues["PAY-1"].labels if not each.startswith("operability-")]
                jira.edit("PAY-1", labels=[*kept, category])
            case _:
                jira.edit("PAY-1", summary=f"add a kill switch, version {self.chance.randint(1, 9)}")
        self.trail.append(f"Jira: {what}")

    async def on_the_line(self) -> None:
        hooks = self.house.jira.hooks
        what = self.chance.choice(("lose", "double", "hold", "release", "trouble", "trouble", "trouble"))
        match what:
            case "lose":
                hooks.losing += self.chance.randint(1, 3)
            case "double":
                hooks.doubling = not hooks.doubling
            case "hold":
                if hooks.held is None:
                    hooks.hold()
            case "release":
                hooks.release(backwards=self.chance.random() < 0.5)
            case _:
                trouble = self.chance.choice(TROUBLES)
                method = self.chance.choice(("GET", "PUT", "POST"))
                self.house.jira.fail(method, trouble, times=self.chance.randint(1, 3))
                what = f"{trouble} for {method}"
        self.trail.append(f"line: {what}")

    async def time(self) -> None:
        """Nobody waits until all is quiet: what is still on its way meets what comes next."""
        minutes = self.chance.choice((0, 1, 6, 6))
        self.trail.append(f"{minutes} minutes pass")
        if minutes:
            self.house.forward(minutes=minutes)
            await asked(self.house)

    async def calm(self) -> None:
        """Nothing fails any more, and nobody touches anything: what was kept back arrives, and looks are taken."""
        hooks = self.house.jira.hooks
        self.house.jira.heal()
        hooks.losing, hooks.doubling = 0, False
        hooks.release()
        for _ in range(4):
            self.house.forward(minutes=6)
            await look(self.house)


@pytest.mark.parametrize("seed", range(6))
async def test_both_sides_agree_in_the_end_whatever_happened_between_them(tmp_path: Path, seed: int) -> None:
    async with filed(tmp_path, kind="server" if seed % 3 == 2 else "cloud") as house:
        both = Both(house, seed)
        for _ in range(STEPS):
            await both.step()
        await both.calm()
        trail = "\n".join(both.trail)
        issue, ours = house.jira.issues["PAY-1"], await row(house)
        done = issue.status == "Done"
        assert (ours.state in CLOSED) == done, trail
        assert ours.owner == (issue.assignee.name.lower() if issue.assignee else ""), trail
        assert (ours.due.isoformat() if ours.due else "") == (issue.due or ""), trail
        assert ours.title == issue.summary, trail
        assert f"operability-{ours.category or ours.suggested}" in issue.labels, trail
        assert ours.problem == "", trail
        assert (await house.shown())["jobs"]["failed"] == 0, trail
        # And there it rests: looking again changes nothing on either side.
        said, written = len((await house.shown())["timeline"]), len(writes(house))
        house.forward(minutes=6)
        await look(house)
        assert (len((await house.shown())["timeline"]), len(writes(house))) == (said, written), trail
        assert (await item(house))["jira"] == "PAY-1"
