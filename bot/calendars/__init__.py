"""Calendars of other programs as the source of a schedule."""
