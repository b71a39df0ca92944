"""Who owns it: words, paths and stack traces, and the sentence that says why."""

from dataclasses import replace

import pytest

from bot.core.ownership import Found, find, leading, named, nearest
from bot.models import Catalog, Service, Severity, Team, TeamKind


def team(
    id: str, name: str, *, kind: TeamKind = TeamKind.DEV, channel: str = "", usergroup: str = ""
) -> Team:
    return Team(id, name, kind, channel=channel, usergroup=usergroup, lead="dana")


def catalog(*services: Service) -> Catalog:
    teams = (
        team("payments", "Payments", channel="team-payments", usergroup="payments-oncall"),
        team("search", "Search"),
        team("growth", "Growth Squad"),
        team("platform", "Platform", kind=TeamKind.GUIDE),
    )
    return Catalog(
        {},
        {team.id: team for team in teams},
        {service.id: service for service in services},
        fallback_team="growth",
    )


CATALOG = catalog(
    Service("checkout", "payments", "Checkout", ("basket", "card payments"), ("services/checkout/**",)),
    Service("payments-api", "payments", "Payments API", (), ("services/payments-api/**", "*.proto")),
    Service("ledger", "payments", "ledger", (), ("services/ledger/**", "!services/ledger/vendor/**")),
    Service(
        "finder", "search", "Product search", ("such.maschine",), ("services/finder/**", "libs/query/**")
    ),
    Service("crawler", "search", "crawler", (), ("services/**", "**/net/acme/crawl/**")),
    Service("größe", "growth", "Größenberater", ("尺码",), ("apps/sizing/src/**",)),
)


# ---- words -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "service", "owner"),
    [
        ("checkout is down", "checkout", "payments"),
        ("Customers say CHECKOUT is down!", "checkout", "payments"),
        ("the basket is empty", "checkout", "payments"),
        ("card payments fail with 502", "checkout", "payments"),
        ("card  payments fail", "checkout", "payments"),
        ("card-payments fail", "checkout", "payments"),
        ("payments-api 500s", "payments-api", "payments"),
        ("payments api 500s", "payments-api", "payments"),
        ("payments is down", None, "payments"),
        ("product search finds nothing", "finder", "search"),
        ("growth squad, please look", None, "growth"),
        ("such.maschine antwortet nicht", "finder", "search"),
        ("“checkout” times out", "checkout", "payments"),
        ("checkout's button is grey", "checkout", "payments"),
        ("(checkout)", "checkout", "payments"),
        ("service=checkout status=500", "checkout", "payments"),
        ("🔥checkout🔥", "checkout", "payments"),
        ("GRÖSSE stimmt nicht", "größe", "growth"),
        ("Größe stimmt nicht", "größe", "growth"),
        ("größe stimmt nicht", "größe", "growth"),
        ("尺码 不对", "größe", "growth"),
        ("Gro\u0308ße stimmt nicht", "größe", "growth"),
        ("ｃｈｅｃｋｏｕｔ is down", "checkout", "payments"),
        ("payments: ledger is slow", "ledger", "payments"),
        ("<https://status.acme.dev|checkout> is red", "checkout", "payments"),
        ("<!subteam^S012|@payments-oncall> look", None, "payments"),
        ("seen in <#C012|team-payments>", None, "payments"),
        ("<b>checkout</b><script>alert(1)</script>", "checkout", "payments"),
    ],
)
def test_words_name_their_owner(text: str, service: str | None, owner: str) -> None:
    found = find(text, CATALOG)
    assert (found.service, found.team, found.certain, found.fallback) == (service, owner, True, False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "repayments are slow",
        "the checkoutpage is white",
        "everything is broken",
        "🔥🔥🔥",
        ":basket: is an emoji",
        "<@U012|checkout> says so",
        "<!channel> help",
        "<!here>",
        "מערכת החיפוש נפלה",
        "1.2.3 ... -- // \\ @ #",
        "\x00\x1b[31m",
    ],
)
def test_words_that_name_nobody_go_to_the_fallback_team_and_say_so(text: str) -> None:
    found = find(text, CATALOG)
    assert (found.service, found.team, found.fallback, found.certain) == (None, "growth", True, False)
    assert found.why == "no service or team is named, so Growth Squad is paged as the fallback"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("checkout", "`checkout` is owned by Payments"),
        ("BASKET", "`basket` is an alias of checkout, owned by Payments"),
        ("product search", "`Product search` is the name of finder, owned by Search"),
        ("payments", "`payments` is the team Payments"),
        ("growth squad", "`Growth Squad` is the team growth"),
        ("#team-payments", "`team-payments` is the channel of Payments"),
        (
            "services/finder/rank.py",
            "services/finder/rank.py lies in `services/finder/**` of finder, owned by Search",
        ),
        (
            "host checkout-7d9f8-x2 is gone",
            "`checkout` is part of “checkout-7d9f8-x2” and is owned by Payments",
        ),
    ],
)
def test_the_reason_is_a_sentence_in_the_words_of_the_catalog(text: str, why: str) -> None:
    assert find(text, CATALOG).why == why


def test_two_teams_named_alike_are_uncertain_and_the_first_is_paged_meanwhile() -> None:
    found = find("finder and checkout are both down", CATALOG)
    assert found == Found(
        "finder",
        "search",
        "`finder` is owned by Search; checkout (Payments) could be meant as well",
        certain=False,
        others=("checkout",),
    )


def test_two_services_of_one_team_leave_no_doubt_about_whom_to_page() -> None:
    found = find("ledger and checkout are both down", CATALOG)
    assert (found.service, found.certain, found.others) == ("ledger", True, ("checkout",))


def test_a_service_outweighs_another_team_that_is_named_but_a_person_is_asked() -> None:
    found = find("the search team says that checkout is slow", CATALOG)
    assert (found.service, found.team, found.certain, found.others) == (
        "checkout",
        "payments",
        False,
        ("search",),
    )


def test_a_name_that_two_teams_services_share_is_uncertain() -> None:
    twins = catalog(Service("a1", "payments", "Gateway"), Service("b1", "search", "Gateway"))
    found = find("the gateway is down", twins)
    assert (found.service, found.certain, found.others) == ("a1", False, ("b1",))


@pytest.mark.parametrize(
    "text",
    [
        "pod checkout-7d9f8b6c5-x2x4z restarts",
        "checkout.internal.acme.dev does not resolve",
        "CheckoutService throws",
        "checkout_worker is stuck",
        "GET /checkout answers 500",
        "mail from checkout@acme.dev bounces",
        "com.acme.basket.Total is wrong",
    ],
)
def test_a_name_inside_a_longer_word_is_a_guess_that_a_person_confirms(text: str) -> None:
    found = find(text, CATALOG)
    assert (found.service, found.team, found.certain, found.fallback) == (
        "checkout",
        "payments",
        False,
        False,
    )


@pytest.mark.parametrize(
    ("text", "guess"),
    [("chekout is down", "checkout"), ("legder is down", "ledger"), ("crawlers stuck", "crawler")],
)
def test_a_slip_of_the_finger_is_offered_and_not_believed(text: str, guess: str) -> None:
    found = find(text, CATALOG)
    assert (found.team, found.fallback, found.others) == ("growth", True, (guess,))


# ---- guide teams -------------------------------------------------------------------------------


def test_a_guide_team_is_never_the_owner() -> None:
    found = find("platform: the cluster is on fire", CATALOG)
    assert found == Found(
        None,
        "growth",
        "Platform is a guide team, which may be asked for advice and never owns an incident, "
        "so Growth Squad is paged as the fallback",
        certain=False,
        fallback=True,
    )


def test_a_guide_team_beside_an_owner_changes_nothing() -> None:
    found = find("platform says that checkout is slow", CATALOG)
    assert (found.service, found.certain, found.others) == ("checkout", True, ())


def test_a_guide_team_owns_nothing_even_where_an_old_catalog_says_so() -> None:
    old = catalog(Service("cluster", "platform", "cluster", (), ("k8s/**",)))
    old = replace(old, fallback_team="platform")
    for text in ("cluster is down", "k8s/ingress.yaml", "platform"):
        assert find(text, old).team == "payments"
    assert named("cluster", old) is None
    assert leading("cluster is down", old).found is None


# ---- paths -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("services/checkout/api.py", "checkout"),
        ("./services/checkout/api.py:12", "checkout"),
        ("services/checkout", "checkout"),
        ("/srv/app/services/checkout/api.py", "checkout"),
        (r"C:\src\Services\Checkout\Api.cs", "checkout"),
        ("a/services/checkout/api.py", "checkout"),
        ("https://github.com/acme/shop/blob/main/services/checkout/api.py#L10-L12", "checkout"),
        ("file:///app/services/checkout/api.py", "checkout"),
        ("see (`services/checkout/api.py`), please", "checkout"),
        # The most specific pattern decides, wherever it stands in the catalog.
        ("services/finder/rank.py", "finder"),
        ("services/unknown/rank.py", "crawler"),
        ("services/finder/schema.proto", "finder"),
        ("schemas/common.proto", "payments-api"),
        ("services/ledger/main.go", "ledger"),
        # Taken out of ledger's by a pattern with `!`, so the next one decides.
        ("services/ledger/vendor/x.go", "crawler"),
    ],
)
def test_a_path_belongs_to_the_most_specific_pattern(text: str, service: str) -> None:
    found = find(text, CATALOG)
    assert (found.service, found.certain) == (service, True)


def test_a_path_that_two_teams_claim_alike_is_uncertain() -> None:
    twins = catalog(
        Service("a1", "payments", "a1", (), ("shared/**",)), Service("b1", "search", "b1", (), ("shared/**",))
    )
    found = find("shared/x.py", twins)
    assert (found.service, found.certain, found.others) == ("a1", False, ("b1",))


def test_a_relative_path_is_taken_whole_first() -> None:
    vendored = catalog(
        Service("a1", "payments", "a1", (), ("third/**",)),
        Service("b1", "search", "b1", (), ("libs/query/deep/**",)),
    )
    assert find("third/libs/query/deep/x.py", vendored).service == "a1"


def test_other_words_and_another_team_s_path_are_uncertain() -> None:
    found = find("checkout fails since the change in libs/query/parser.py", CATALOG)
    assert (found.service, found.certain, found.others) == ("checkout", False, ("finder",))


# ---- stack traces --------------------------------------------------------------------------------

PYTHON = """Traceback (most recent call last):
  File "/srv/app/services/checkout/api.py", line 31, in pay
    total = query.parse(basket)
  File "/srv/app/libs/query/parser.py", line 12, in parse
    return json.loads(text)
           ^^^^^^^^^^^^^^^^
  File "/usr/lib/python3.11/json/__init__.py", line 346, in loads
    return _default_decoder.decode(s)
  File "/srv/venv/lib/python3.11/site-packages/services/ledger/x.py", line 3, in x
    raise ValueError
ValueError: Expecting value: line 1 column 1 (char 0)"""

PYTHON_CAUSED = """Traceback (most recent call last):
  File "/srv/app/services/finder/rank.py", line 3, in rank
    raise KeyError("x")
KeyError: 'x'

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/srv/app/services/checkout/api.py", line 9, in pay
    raise Broken from error
Broken: no"""

JAVA = """java.lang.IllegalStateException: could not pay
\tat net.acme.shop.checkout.Api.pay(Api.java:31)
\tat java.base/java.lang.Thread.run(Thread.java:833)
Caused by: java.sql.SQLException: gone
\tat org.springframework.jdbc.Template.query(Template.java:7)
\tat net.acme.crawl.Store$Inner.lambda$save$0(Store.java:12)
\tat net.acme.shop.checkout.Db.save(Db.java:4)
\t... 12 more"""

KOTLIN = """Exception in thread "main" java.lang.NullPointerException
\tat kotlin.collections.CollectionsKt.first(Collections.kt:3)
\tat com.acme.ledger.BookKt.main(Book.kt:5)"""

JAVASCRIPT = """TypeError: Cannot read properties of undefined (reading 'id')
    at parse (/app/node_modules/services/ledger/index.js:3:9)
    at async Object.<anonymous> (/app/services/finder/src/rank.js:10:5)
    at node:internal/process/task_queues:95:5
    at /app/services/checkout/server.js:1:1"""

BROWSER = """pay@https://shop.acme.dev/services/checkout/pay.js:10:5
@https://shop.acme.dev/services/finder/main.js:1:1"""

GO = """panic: runtime error: index out of range [3] with length 3

goroutine 1 [running]:
runtime.panicIndex(0x3)
\t/usr/local/go/src/runtime/panic.go:88 +0x1d
github.com/acme/shop/services/ledger.(*Book).Total(0xc000010000)
\t/build/services/ledger/book.go:41 +0x1d
main.main()
\t/build/services/checkout/main.go:9 +0x20"""

RUBY = """/app/services/ledger/book.rb:12:in `total': undefined method `+' for nil:NilClass (NoMethodError)
\tfrom /usr/lib/ruby/gems/3.2.0/gems/rack-3.0/lib/rack.rb:3:in `call'
\tfrom /app/services/checkout/pay.rb:3:in '<main>'"""

CSHARP = """System.InvalidOperationException: no
   at System.Linq.Enumerable.First[TSource](IEnumerable`1 source)
   at Acme.Shop.Ledger.Book.Total(String id) in C:\\src\\Services\\Ledger\\Book.cs:line 41
   at Acme.Shop.Checkout.Api.Pay() in C:\\src\\Services\\Checkout\\Api.cs:line 9"""

CSHARP_BARE = """System.InvalidOperationException: no
   at System.Linq.Enumerable.First[TSource](IEnumerable`1 source)
   at Acme.Shop.Ledger.Book.Total(String id)
   at Acme.Shop.Checkout.Api.Pay()"""

PHP = """PHP Fatal error: Uncaught Exception: no
#0 /var/www/services/ledger/Book.php(41): Book->total()
#1 /var/www/services/checkout/pay.php(3): pay()"""


@pytest.mark.parametrize(
    ("trace", "service", "call"),
    [
        (PYTHON, "finder", "/srv/app/libs/query/parser.py"),
        (PYTHON_CAUSED, "finder", "/srv/app/services/finder/rank.py"),
        (JAVA, "crawler", "net/acme/crawl/Store.java"),
        (KOTLIN, "ledger", "com.acme.ledger.BookKt"),
        (JAVASCRIPT, "finder", "/app/services/finder/src/rank.js"),
        (BROWSER, "checkout", "/services/checkout/pay.js"),
        (GO, "ledger", "/build/services/ledger/book.go"),
        (RUBY, "ledger", "/app/services/ledger/book.rb"),
        (CSHARP, "ledger", "/src/Services/Ledger/Book.cs"),
        (CSHARP_BARE, "ledger", "Acme.Shop.Ledger.Book"),
        (PHP, "ledger", "/var/www/services/ledger/Book.php"),
    ],
    ids=[
        "python",
        "python-cause",
        "java",
        "kotlin",
        "javascript",
        "browser",
        "go",
        "ruby",
        "c#",
        "c#-bare",
        "php",
    ],
)
def test_a_stack_trace_belongs_to_its_innermost_call_in_our_own_code(
    trace: str, service: str, call: str
) -> None:
    found = find(trace, CATALOG)
    assert (found.service, found.certain) == (service, True)
    assert found.why.startswith(f"the innermost call of our own code, {call}, lies in `")


@pytest.mark.parametrize("trace", [JAVA, JAVASCRIPT, GO, PYTHON], ids=["java", "javascript", "go", "python"])
def test_a_stack_trace_that_was_pasted_into_one_line_is_read_all_the_same(trace: str) -> None:
    whole, flat = find(trace, CATALOG), find(" ".join(trace.split()), CATALOG)
    assert flat.service == whole.service


def test_a_stack_trace_in_a_sentence_keeps_the_sentence() -> None:
    assert find(f"checkout is down\n{KOTLIN}\nplease help", CATALOG).service == "ledger"
    assert find(f"checkout is down\n{KOTLIN}", CATALOG).others == ("checkout",)
    foreign = (
        'Traceback (most recent call last):\n  File "/usr/lib/python3.11/json.py", line 3, in x\n    y()'
    )
    assert find(f"checkout is down\n{foreign}", CATALOG).service == "checkout"


def test_a_name_in_the_message_of_a_stack_trace_does_not_outweigh_where_it_comes_from() -> None:
    found = find(PYTHON + "\nKeyError: 'checkout'", CATALOG)
    assert (found.service, found.certain, found.others) == ("finder", False, ("checkout",))


def test_slack_s_links_inside_a_stack_trace_are_undone() -> None:
    linked = PYTHON.replace("parser.py", "<http://parser.py|parser.py>")
    assert find(linked, CATALOG).service == "finder"


def test_a_stack_trace_of_nobody_says_so() -> None:
    found = find('Traceback (most recent call last):\n  File "/opt/thing.py", line 3, in x\n    y()', CATALOG)
    assert found.fallback
    assert found.why == (
        "neither the words nor the calls of the stack trace lead to a service, so Growth Squad is paged as the fallback"
    )


def test_a_package_is_found_by_the_folders_that_its_name_repeats() -> None:
    layered = catalog(
        Service("a1", "payments", "a1", (), ("a1/src/main/java/com/acme/pay/core/**",)),
        Service("b1", "search", "b1", (), ("b1/src/main/java/com/acme/find/core/**",)),
    )
    assert find("\tat com.acme.find.core.Rank.of(Rank.java:3)", layered).service == "b1"
    assert find("\tat com.acme.pay.core.Total.of(Total.java:3)", layered).service == "a1"


def test_a_dotted_module_in_a_sentence_is_a_guess() -> None:
    found = find("acme.query.parser raises on empty input", CATALOG)
    assert (found.service, found.certain) == ("finder", False)


@pytest.mark.parametrize(
    "text", ["started at 10:30:15", "look at 2026-11-24T10:30:15", "at 3: nothing", "at (a): b"]
)
def test_a_time_of_day_is_no_stack_trace(text: str) -> None:
    assert find(text, CATALOG).why.startswith("no service or team is named")


# ---- bad input ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["a" * 5000, "/" * 5000, "a." * 2500, "<" * 5000, "at " * 1700, " " * 5000, "(" * 5000, '"' * 5000, "🔥" * 5000,
     "\n" * 5000, "File \"" * 900, "[" * 5000, "\\" * 5000, "*" * 5000, "\u202e" * 5000],
    ids=lambda text: repr(text[:3]),
)  # fmt: skip
def test_any_5000_characters_have_an_answer(text: str) -> None:
    assert find(text, CATALOG).fallback
    assert leading(text, CATALOG).found is None
    assert named(text, CATALOG) is None
    assert find(f"checkout {text}", CATALOG).service == "checkout"
    assert find(f"{text} checkout", CATALOG).service == "checkout"


def test_a_very_long_text_is_judged_by_its_beginning_and_its_end() -> None:
    filler = "word " * 100_000
    assert find("checkout " + filler, CATALOG).service == "checkout"
    assert find(filler + " checkout", CATALOG).service == "checkout"


def test_an_empty_catalog_owns_nothing() -> None:
    found = find("checkout", Catalog())
    assert (found.team, found.fallback) == ("", True)
    assert leading("checkout x", Catalog()).title == "checkout x"
    assert nearest("checkout", Catalog()) == ""


def test_a_new_catalog_is_not_answered_from_the_old_one() -> None:
    assert find("checkout", CATALOG).team == "payments"
    moved = replace(
        CATALOG,
        services={**CATALOG.services, "checkout": replace(CATALOG.services["checkout"], team="search")},
    )
    assert find("checkout", moved).team == "search"
    assert find("checkout", CATALOG).team == "payments"


# ---- the first words of a start --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "service", "owner", "severity", "title"),
    [
        ("checkout sev2 card payments fail", "checkout", "payments", Severity.SEV2, "card payments fail"),
        ("sev2 checkout card payments fail", "checkout", "payments", Severity.SEV2, "card payments fail"),
        ("checkout card payments fail", "checkout", "payments", None, "card payments fail"),
        ("SEV1 all of it is gone", None, None, Severity.SEV1, "all of it is gone"),
        ("sev-1: basket: empty", "checkout", "payments", Severity.SEV1, "empty"),
        ("Basket  Sev4   total\nwrong", "checkout", "payments", Severity.SEV4, "total\nwrong"),
        ("`checkout` — total wrong", "checkout", "payments", None, "total wrong"),
        ("payments sev3 nothing moves", None, "payments", Severity.SEV3, "nothing moves"),
        ("payments-api 500s", "payments-api", "payments", None, "500s"),
        ("such.maschine tot", "finder", "search", None, "tot"),
        # Only the first words are taken.
        ("total of checkout wrong sev2", None, None, None, "total of checkout wrong sev2"),
        ("checkout finder down", "checkout", "payments", None, "finder down"),
        ("sev2 sev3 both", None, None, Severity.SEV2, "sev3 both"),
        ("card payments fail", None, None, None, "card payments fail"),
        ("Product search is empty", None, None, None, "Product search is empty"),
        ("repayments slow", None, None, None, "repayments slow"),
        ("platform sev1 cluster down", None, None, None, "platform sev1 cluster down"),
        ("sev5 checkout", None, None, None, "sev5 checkout"),
        # A sentence about the service stays one.
        ("checkout is down", "checkout", "payments", None, "checkout is down"),
        ("sev1 Checkout can't pay", "checkout", "payments", Severity.SEV1, "Checkout can't pay"),
        ("checkout", "checkout", "payments", None, ""),
        ("sev2 checkout", "checkout", "payments", Severity.SEV2, ""),
        ("", None, None, None, ""),
    ],
)
def test_a_start_takes_service_and_severity_from_its_first_words_only(
    text: str, service: str | None, owner: str | None, severity: Severity | None, title: str
) -> None:
    lead = leading(text, CATALOG)
    assert (lead.severity, lead.title) == (severity, title)
    assert (lead.found.service, lead.found.team) == (service, owner) if lead.found else owner is None


def test_what_a_start_names_first_is_certain() -> None:
    lead = leading("checkout sev2 finder shows old prices", CATALOG)
    assert lead.found == Found("checkout", "payments", "`checkout` is owned by Payments")


# ---- names on their own ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "service", "owner"),
    [
        ("checkout", "checkout", "payments"),
        (" Basket ", "checkout", "payments"),
        ("Product Search", "finder", "search"),
        ("payments", None, "payments"),
        ("@payments-oncall", None, "payments"),
        ("<#C012|team-payments>", None, "payments"),
        ("`ledger`", "ledger", "payments"),
    ],
)
def test_a_name_on_its_own_is_known(text: str, service: str | None, owner: str) -> None:
    found = named(text, CATALOG)
    assert found is not None
    assert (found.service, found.team, found.certain) == (service, owner, True)


@pytest.mark.parametrize(
    "text", ["", "checkout now", "platform", "nobody", "services/checkout/x.py", "@alice"]
)
def test_what_is_more_or_less_than_a_name_is_not_taken_for_one(text: str) -> None:
    assert named(text, CATALOG) is None


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("chekcout", "checkout"),
        ("Bascket", "basket"),
        ("@paymets", "payments"),
        ("zzz", ""),
        ("platfrom", ""),
    ],
)
def test_the_nearest_name_is_offered_as_the_catalog_writes_it(text: str, near: str) -> None:
    assert nearest(text, CATALOG) == near
