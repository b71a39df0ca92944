"""DECIDES. Values in, values out; time is an argument; no I/O, no clock, no logging."""


class Refused(Exception):
    """What was asked can't be done. Its text is one sentence that the person reads, with what to do instead."""
