"""Writeback: you write it, you support it.

THE MAP. One sentence: hear → decide (pure) → remember (one transaction: rows + timeline + jobs) → do
(one job, one outside effect, any number of workers).

    __main__   builds everything live and joins it        demo       a whole workspace without an account
    cli        what people type in a terminal             web/       Slack's requests, health, metrics
               app · answer (a page, without Slack) · feeds · alert_hook · jira_hook · bodies
    slack/     app · events · link · commands · interactions (hear)  jira/      client · jobs (do)
               doors (forms, shortcuts) · mentions (plain words) · writing (questions, postmortems) · item_taps (lists)
               kit · forms · home · messages · items · updates · guides · readiness · postmortems · reports · text (show)
               verdicts · chasing · rows (show) · privacy · client (do) · manifest · check
               jobs/ (do): speaker (the client and the world) → pages · opening · headline · care (of channels) · saying
               marks · accounts · oncall · guides · chasing · learning (after an incident)
    notify/    client · jobs: ways to be woken beyond Slack
    calendars/ feed (out) · fetch · source · jobs (a calendar that says who is on call)
    config/    shape · reading · files · build · catalog · check · values (file + environment → frozen values)
    importing/ other programs' exports as a catalog: opsgenie · pagerduty · grafana (read by documents and shifts)
               → draft · layers · teams → written
    confluence/ client · jobs (a page for each published postmortem)
    flows/     one function = one transaction: incidents · privacy · pages · actions · channels · accounts · catalogs
               cadence · subscriptions (who is told, when) · rotas · covers · calendars · feeds · loads (on-call)
               alerts · heard · timelines · evidence (what is said in channels) · switches · guides · readiness
               mentions (what is said to the bot) · home · questions · postmortems (what is learnt afterwards)
               items (what people decide of them) · issues (what Jira says of them) · choices (of categories)
               earlier · verdicts (what broke before) · chasing (what is left to do)
               views · reports · digests · failures · timers
    store      writes decisions whole; queries            engine     the job table: outbox, timers, retries
    facts      what reports are computed from, in SQL
    moving     a copy of the database, and all of it into another
    db         connections, transactions, migrations
    core/      DECIDES: incidents · cadence (updates, roles) · channels (their care) · subscriptions (what is news)
               access (who may) · privacy · paging · ownership · oncall · timeline · actions · categories
               questions (after an incident) · postmortems · versions · covers · handoffs · months · load
               findings (of on-call) · spans
               when (times in words) · links (signed, for those without Slack) · masking (of secrets)
               alerts (what monitoring sends) · storms (what alerts make of each other) · switches
               guides (who advise) · readiness (what a service lacks) · issues (what follows from Jira's)
               documents (what is written) · decision (what is returned) · jobs (what can be asked of the world)
               typeahead (services found while typing)
               catalog (kept and compared) · names · words · stack_traces · globs (for ownership)
               category_phrases · category_matching · category_weights (for categories) · digests
               recurrence · recurrence_words (which earlier incidents resemble one) · verdicts (what people say of it)
               chasing (what is left to do, and who hears of it)
               reports/ what ownership costs: facts → seen → parts (happened · paged · cost · cures · learnt:
               tables of figures) → written · page (with plots)
    models     nouns: closed words, catalog values, tables
    sandbox/   a Slack workspace and a Jira at the wire; knows nothing of the bot

A layer imports only what stands below it (pyproject.toml, import-linter).

TRACE: /incident start checkout card payments fail
    slack.app → slack.commands.start → flows.incidents.start (one transaction: core.ownership, core.incidents.started,
    core.paging.fired → store.record) → answer; engine → slack.jobs: page_person ‖ open_channel → flows.channels.opened
    → invite ‖ topic ‖ headline ‖ bookmark ‖ announcement → pin; later Escalate → flows.pages.timed_out

TRACE: an action item reaches Jira
    slack.commands.action → flows.actions.add → FileIssue → jira.jobs.file_issue (search by our label, create)
    → flows.actions.filed: key, timeline line and job-done commit together

TRACE: an item is done in Jira
    web.jira_hook, or jira.jobs.poll_issues when the webhook is lost → FollowIssue → jira.jobs.follow_issue reads the
    issue → flows.issues.followed (core.issues.followed): item, timeline line and redraws commit together. Only what
    people decide (flows.items) asks for MoveIssue, AssignIssue or SetDue.

TO ADD        EDIT
    a subcommand      slack/commands.py: a function, a row of SUBCOMMANDS, its place in PARTS; the flow in flows/
    a word of /oncall slack/commands.py: a function and a row of ONCALL; the flow in flows/covers.py
    a question        core/questions.py: its form, its event; a column of Incident
    a section         core/postmortems.py: Section, LABELS and what the facts suggest for it
    a button          slack/interactions.py: a row of TAPS; its place in slack/messages.py
    a form            slack/forms.py: its view; slack/doors.py: a row of FORMS; a button that opens it
    an event kind     core/timeline.py: one dataclass
    a job             core/jobs.py: one dataclass; its handler in slack/jobs/ (a function, and a row of its table),
                      jira/jobs.py or, for a timer, flows/timers.py
    a way to be woken nothing: Apprise knows it already, and a person's `notify` names it
    a table in a report a function beside its like in core/reports/, a row of PARTS; what it reads: facts
    a vendor to leave importing/: a module and a row of VENDORS
    a category        the configuration; the built-in ones in core/categories.py
    a setting         config.py, and config.example.toml explains it
    a table, a column models.py, then a migration in alembic/versions
"""
