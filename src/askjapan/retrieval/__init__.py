"""Ranks passages for a question and the messages before it; may import `index` and the packages below it."""
