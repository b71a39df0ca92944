"""What is served over HTTP: Slack's requests, health and metrics."""
