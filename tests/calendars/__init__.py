"""Calendars out and in."""
