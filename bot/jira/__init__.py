"""Files and follows issues: `client` is our only door to Jira, `jobs` is what jobs do there."""
