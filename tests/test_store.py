"""What is read for cards that everybody may read, on both databases."""

from datetime import timedelta
from typing import Any

from bot import store
from bot.db import Database
from bot.models import Action, ActionState, Helped, Incident, Severity, Status, SwitchUse
from tests.conftest import Clock


async def test_a_card_s_facts_leave_out_what_is_private_a_test_a_false_alarm_or_another_service_s(
    database: Database, clock: Clock
) -> None:
    def incident(number: int, **columns: Any) -> Incident:
        base: dict[str, Any] = {"service": "checkout"}
        return Incident(
            id=number, request_id=f"r{number}", title="t", team="payments", severity=Severity.SEV2,
            declared_by="carol", declared_at=clock(), **base | columns,
        )  # fmt: skip

    different: list[dict[str, Any]] = [
        {}, {"private": True}, {"test": True}, {"status": Status.CANCELLED}, {"status": Status.DUPLICATE},
        {"service": "finder"}, {"status": Status.RESOLVED},
    ]  # fmt: skip
    numbers = range(1, len(different) + 1)
    async with database.transaction() as session:
        session.add_all(
            [incident(number, **columns) for number, columns in zip(numbers, different, strict=True)]
        )
        await session.flush()
        for number, columns in zip(numbers, different, strict=True):
            session.add(
                SwitchUse(
                    service=columns.get("service", "checkout"), switch="off", incident_id=number, by="alice",
                    at=clock() + timedelta(minutes=number), helped=Helped.YES,
                )
            )  # fmt: skip
            for state in ActionState:
                session.add(
                    Action(
                        id=f"{number}{state[:4]}", incident_id=number, title="t", team="payments", state=state,
                        created_by="alice", created_at=clock(),
                    )
                )  # fmt: skip
        session.add(SwitchUse(service="checkout", switch="off", by="alice", at=clock() - timedelta(days=1)))
        session.add(SwitchUse(service="finder", switch="off", by="alice", at=clock()))
    async with database.reading() as session:
        assert [i.id for i in await store.shown_by(session, "checkout", 5)] == [7, 1]
        assert [i.id for i in await store.shown_by(session, "checkout", 1)] == [7]
        assert [u.incident_id for u in await store.uses_of_service(session, "checkout")] == [7, 1, None]
        items = await store.items_of_service(session, "checkout")
        assert {(item.incident_id, str(item.state)) for item in items} == {
            (1, "candidate"), (1, "open"), (7, "candidate"), (7, "open"),
        }  # fmt: skip
        assert [u.incident_id for u in await store.drills(session, "checkout")] == [None]
