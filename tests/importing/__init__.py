"""Moving in from other on-call programs."""
