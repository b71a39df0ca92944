"""A Slack workspace and a Jira at the wire, to run the bot against without an account anywhere.

`slack.Slack` is the workspace; its people act through `person.Person`. Nothing here knows of the bot.
"""
