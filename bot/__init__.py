"""Writeback: you write it, you support it.

THE MAP. One sentence: hear → decide (pure) → remember (one transaction: rows + timeline + jobs) → do
(one job, one outside effect, any number of workers).

    __main__   builds everything live and joins it        demo       a whole workspace without an account
    cli        what people type in a terminal             web/       Slack's requests, health, metrics
               app · answer (a page, without Slack) · feeds
    slack/     app · events · commands · interactions (hear)  jira/      client · jobs (do)
               messages · reports · text (show) · jobs · client (do) · manifest · check
    notify/    client · jobs: ways to be woken beyond Slack
    calendars/ feed (out) · fetch · source · jobs (a calendar that says who is on call)
    config/    shape · reading · files · build · catalog · check · values (file + environment → frozen values)
    importing/ other programs' exports as a catalog: opsgenie · pagerduty · grafana (read by documents and shifts)
               → draft · layers · teams → written
    flows/     one function = one transaction: incidents · pages · actions · channels · accounts · catalogs
               rotas · covers · calendars · feeds · loads (on-call) · heard · timelines · evidence (what is said
               in channels) · views · failures · timers · reports · digests
    store      writes decisions whole; queries            engine     the job table: outbox, timers, retries
    facts      what reports are computed from, in SQL
    db         connections, transactions, migrations
    core/      DECIDES: incidents · access (who may) · paging · ownership · oncall · timeline · actions · categories
               postmortems · versions · covers · handoffs · months · load · findings (of on-call) · spans
               when (times in words) · links (signed, for those without Slack) · masking (of secrets)
               alerts (what monitoring sends)
               documents (what is written) · decision (what is returned) · jobs (what can be asked of the world)
               catalog (kept and compared) · names · words · stack_traces · globs (for ownership)
               category_phrases · category_matching · category_weights (for categories) · digests
               reports/ what ownership costs: facts → seen → parts (happened · paged · cost · cures · learnt:
               tables of figures) → written · page (with plots)
    models     nouns: closed words, catalog values, tables
    sandbox/   a Slack workspace and a Jira at the wire; knows nothing of the bot

A layer imports only what stands below it (pyproject.toml, import-linter).

TRACE: /incident start checkout card payments fail
    slack.app → slack.commands.start → flows.incidents.start (one transaction: core.ownership, core.incidents.started,
    core.paging.fired → store.record) → answer; engine → slack.jobs.page_person ‖ open_channel → flows.channels.opened
    → invite ‖ topic ‖ headline ‖ bookmark ‖ announcement → pin; later Escalate → flows.pages.timed_out

TRACE: an action item reaches Jira
    slack.commands.action → flows.actions.add → FileIssue → jira.jobs.file_issue (search by our label, create)
    → flows.actions.filed: key, timeline line and job-done commit together

TO ADD        EDIT
    a subcommand      slack/commands.py: a function and a row of SUBCOMMANDS; the flow in flows/
    a word of /oncall slack/commands.py: a function and a row of ONCALL; the flow in flows/covers.py
    a button          slack/interactions.py: a row of TAPS; its place in slack/messages.py
    an event kind     core/timeline.py: one dataclass
    a job             core/jobs.py: one dataclass; its handler in slack/jobs.py, jira/jobs.py or, for a timer, flows/timers.py
    a way to be woken nothing: Apprise knows it already, and a person's `notify` names it
    a table in a report a function beside its like in core/reports/, a row of PARTS; what it reads: facts
    a vendor to leave importing/: a module and a row of VENDORS
    a category        the configuration; the built-in ones in core/categories.py
    a setting         config.py, and config.example.toml explains it
    a table, a column models.py, then a migration in alembic/versions
"""
