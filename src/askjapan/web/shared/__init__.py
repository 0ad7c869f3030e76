"""Calls of all visitors come in; the one assistant, the line before it and the jobs of adding serve them; it may import `conversations`."""
