"""What the files and the environment say together → `Config`."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.config.catalog import Entry, build
from bot.config.files import Files
from bot.config.reading import meant, plain, quoted, short
from bot.config.shape import (
    AlertsShape,
    CategoryShape,
    ConfluenceShape,
    DatabaseShape,
    IncidentsShape,
    JiraShape,
    PagingShape,
    PostmortemsShape,
    ReactionsShape,
    RightsShape,
    SlackShape,
    UpdatesShape,
    WebShape,
    database_url,
)
from bot.config.values import (
    DUE,
    MEANINGS,
    Alerts,
    Config,
    ConfigError,
    Confluence,
    Database,
    Incidents,
    Jira,
    Paging,
    Postmortems,
    Reactions,
    Rights,
    Secret,
    Slack,
    Updates,
    Web,
)
from bot.core.access import USUAL, Act, Who
from bot.core.alerts import label_name
from bot.core.categories import CATEGORIES, Category
from bot.models import Catalog, Severity


def built(files: Files, env: Mapping[str, str]) -> Config:
    """Raises ConfigError with every mistake of the files and the environment."""
    paging = files.section(PagingShape)
    problems = list(files.problems)
    database, port = _from_environment(env, problems)
    categories = _categories(files, problems)
    catalog = Catalog()
    # What stands in a file that can't be read would seem to be missing everywhere else.
    if files.are_readable:
        catalog, wrong = build(files.tables, paging, files.name)
        problems += [*wrong, *_doubtful(files)]
    if problems:
        raise ConfigError(tuple(dict.fromkeys(problems)))
    asked = [way.env for person in catalog.people.values() for way in person.notify]
    return Config(
        slack=_slack(files.section(SlackShape), env),
        database=Database(database or files.section(DatabaseShape).url or Database.url),
        jira=_jira(files.section(JiraShape), env),
        web=_web(files.section(WebShape), env, port),
        paging=Paging(paging.ack_timeout, paging.repeat, paging.ack_lapse, paging.handoff_notice),
        updates=_updates(files.section(UpdatesShape)),
        incidents=Incidents(files.section(IncidentsShape).reopen_within),
        alerts=_alerts(files.section(AlertsShape)),
        reactions=_reactions(files.section(ReactionsShape)),
        rights=_rights(files.section(RightsShape)),
        postmortems=_postmortems(files.section(PostmortemsShape)),
        confluence=_confluence(files.section(ConfluenceShape), env),
        severities=MappingProxyType(
            {**MEANINGS, **{Severity(entry.table.id): entry.table.means for entry in files.severities}}
        ),
        categories=categories,
        catalog=catalog,
        notify=MappingProxyType({name: _secret(env, name) for name in asked if _secret(env, name)}),
    )


def _secret(env: Mapping[str, str], name: str) -> Secret:
    # Files of secrets tend to end in a line break.
    return Secret(env.get(name, "").strip())


def _from_environment(env: Mapping[str, str], problems: list[str]) -> tuple[str, int | None]:
    """DATABASE_URL and PORT, "" and None where they are not set."""
    database, port = env.get("DATABASE_URL", "").strip(), env.get("PORT", "").strip()
    if database:
        try:
            database = database_url(database)
        except ValueError as error:
            problems.append(f"environment: DATABASE_URL {error}")
    if port and not (port.isascii() and port.isdigit() and int(port) <= 65535):
        problems.append(f"environment: PORT {quoted(port)} is not a port; set a number up to 65535")
        port = ""
    return database, int(port) if port else None


def _slack(table: SlackShape, env: Mapping[str, str]) -> Slack:
    return Slack(
        # The client appends method names to it.
        api_url=f"{table.api_url.rstrip('/')}/" if table.api_url else Slack.api_url,
        announce_channel=table.announce_channel or "",
        digest_channel=table.digest_channel or table.announce_channel or "",
        bot_token=_secret(env, "SLACK_BOT_TOKEN"),
        signing_secret=_secret(env, "SLACK_SIGNING_SECRET"),
        app_token=_secret(env, "SLACK_APP_TOKEN"),
    )


def _jira(table: JiraShape, env: Mapping[str, str]) -> Jira:
    return Jira(
        url=(table.url or "").rstrip("/"),
        api=table.api,
        issue_type=table.issue_type,
        private_levels=MappingProxyType(dict(table.private_level)),
        poll=table.poll,
        fields=MappingProxyType({key: MappingProxyType(plain(extra)) for key, extra in table.fields.items()}),
        user=env.get("JIRA_USER", "").strip(),
        token=_secret(env, "JIRA_TOKEN"),
        webhook_secret=_secret(env, "JIRA_WEBHOOK_SECRET"),
    )


def _web(table: WebShape, env: Mapping[str, str], port: int | None) -> Web:
    number = next((n for n in (port, table.port) if n is not None), Web.port)
    # Whoever sets PORT is a platform that forwards to us from outside this machine.
    usual = "0.0.0.0" if port is not None else Web.host  # noqa: S104  # as said above
    return Web(
        base_url=(table.base_url or f"http://localhost:{number}").rstrip("/"),
        host=table.host or usual,
        port=number,
        secret=_secret(env, "WEB_SECRET"),
        alert_token=_secret(env, "ALERT_TOKEN"),
    )


def _updates(table: UpdatesShape) -> Updates:
    cadence = {severity: getattr(table, severity.value) for severity in Severity}
    return Updates(MappingProxyType(cadence), table.archive_after)


def _alerts(table: AlertsShape) -> Alerts:
    # They are compared as Prometheus writes them: `app.kubernetes.io/name` is `app_kubernetes_io_name` there.
    labels = [label_name(label) for label in table.labels or ()]
    return Alerts(tuple(dict.fromkeys(labels)) or Alerts.labels, table.regroup, table.flaps)


def _reactions(table: ReactionsShape) -> Reactions:
    return Reactions(table.timeline, table.useless, table.missing)


def _rights(table: RightsShape) -> Rights:
    said = {act: getattr(table, act.value) for act in Act}
    return Rights(
        tuple(dict.fromkeys(table.admins)),
        MappingProxyType(
            {**USUAL, **{act: tuple(map(Who, whom)) for act, whom in said.items() if whom is not None}}
        ),
    )


def _postmortems(table: PostmortemsShape) -> Postmortems:
    said = {**DUE, **{Severity(word): length for word, length in table.due.items()}}
    return Postmortems(MappingProxyType({s: length for s, length in said.items() if length is not None}))


def _confluence(table: ConfluenceShape, env: Mapping[str, str]) -> Confluence:
    """On Atlassian's cloud one account serves both: what is not said of Confluence is what Jira is told."""
    return Confluence(
        url=(table.url or "").rstrip("/"),
        api=table.api,
        space=table.space,
        parent=table.parent,
        user=(env.get("CONFLUENCE_USER") or env.get("JIRA_USER", "")).strip(),
        token=_secret(env, "CONFLUENCE_TOKEN") or _secret(env, "JIRA_TOKEN"),
    )


def _doubtful(files: Files) -> Iterator[str]:
    """References of the main file's own tables."""
    seen: set[str] = set()
    for severity in files.severities:
        if severity.table.id in seen:
            yield f"{severity.where}: stands twice; keep one of them"
        seen.add(severity.table.id)
    people = {person.table.id for person in files.tables.people}
    for admin in files.section(RightsShape).admins:
        if admin not in people:
            near = meant(admin, people) or "; add a [[person]] with this id"
            yield f"{files.name}: [rights]: 'admins' names {quoted(admin)}, who is not in the catalog{near}"
    confluence = files.section(ConfluenceShape)
    if confluence.url and not confluence.space:
        yield f"{files.name}: [confluence]: 'space' is missing; set the key of the space that pages are to stand in"
    projects = {team.table.jira_project for team in files.tables.teams} - {""}
    jira = files.section(JiraShape)
    named = [(f"[jira.fields.{short(key)}]", key, "the table") for key in jira.fields]
    named += [("[jira.private_level]", key, "it") for key in jira.private_level if key]
    for table, key, what in named:
        if key not in projects:
            near = meant(key, projects) or f"; set it as 'jira_project' of a team, or take {what} out"
            yield f"{files.name}: {table}: no team has the Jira project {quoted(key)}{near}"


def _categories(files: Files, problems: list[str]) -> tuple[Category, ...]:
    """The built-in categories with what the file edits, its own before `other`, which is what remains."""
    found = {category.id: category for category in CATEGORIES}
    other = found.pop("other")
    seen: set[str] = set()
    for entry in files.categories:
        id = entry.table.id
        if id in seen:
            problems.append(f"{entry.where}: stands twice; put both into one")
        seen.add(id)
        try:
            if id == other.id:
                other = _edited(other, entry)
            else:
                found[id] = _edited(found.get(id), entry)
        except ValueError as error:
            problems.append(f"{entry.where}: {error}")
    return (*found.values(), other)


def _edited(category: Category | None, entry: Entry[CategoryShape]) -> Category:
    """Raises ValueError for a new category without a label, and for a phrase that could never match."""
    table = entry.table
    if category is None:
        if table.label is None:
            raise ValueError("key 'label' is missing; a new category needs one")
        category = Category(table.id, table.label, table.means or table.label)
    without = set(table.without)
    kinds = {**dict.fromkeys(table.kinds, ()), **category.kinds}
    return replace(
        category,
        label=table.label or category.label,
        means=table.means or category.means,
        question=table.question or category.question,
        phrases=_phrases(category.phrases, table.phrases, without),
        kinds={
            kind: _phrases(category.kinds.get(kind, ()), table.kinds.get(kind, []), without) for kind in kinds
        },
    )


def _phrases(own: tuple[str, ...], more: list[str], without: set[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(phrase for phrase in (*own, *more) if phrase not in without))
