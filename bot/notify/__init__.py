"""Ways to be woken beyond Slack."""
