"""Moving in: exports of other on-call programs as the tables of a catalog file."""
