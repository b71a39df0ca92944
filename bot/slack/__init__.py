"""Talks with people: what Slack sends becomes a flow, what a job asks becomes one call."""
