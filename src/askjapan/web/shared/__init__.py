"""Calls of all visitors come in; the one assistant, its queue and the jobs of adding serve them; it may import `words` and `conversations`."""
