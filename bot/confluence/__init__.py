"""Pages for published postmortems: `client` is our only door to Confluence, `jobs` is what jobs do there."""
