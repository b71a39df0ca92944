"""What is remembered about a catalog, and for how long. (Keeping and comparing: tests/test_config.py)"""

from itertools import count

from bot.core.catalog import REMEMBERED, changes, once_per_catalog
from bot.models import Catalog, Person, Service, Team


def test_work_is_done_once_for_each_catalog() -> None:
    numbers = count(1)
    remembered = once_per_catalog(lambda _: next(numbers))
    one, other = Catalog(), Catalog()
    assert [remembered(one), remembered(other), remembered(one), remembered(other)] == [1, 2, 1, 2]


def test_only_the_last_catalogs_are_held() -> None:
    numbers = count(1)
    remembered = once_per_catalog(lambda _: next(numbers))
    catalogs = [Catalog() for _ in range(REMEMBERED + 1)]
    for catalog in catalogs:
        remembered(catalog)
    assert remembered(catalogs[-1]) == REMEMBERED + 1
    assert remembered(catalogs[0]) == REMEMBERED + 2


def test_a_change_of_owner_is_told_in_words() -> None:
    teams = {id: Team(id, id.title(), lead="dana") for id in ("payments", "search")}
    people = {"dana": Person("dana")}
    old = Catalog(people, teams, {"checkout": Service("checkout", "payments")}, "payments")
    new = Catalog({}, teams, {"checkout": Service("checkout", "search", aliases=("basket",))}, "search")
    assert list(changes(old, new)) == [
        "person dana: taken out",
        "service checkout: belongs to search now, no longer to payments",
        "service checkout: aliases changed",
        "search is the fallback team now, no longer payments",
    ]
    assert list(changes(new, new)) == []
