"""Scores retrieval, answers and refusals on questions with known answers; may import the assistant and the packages below it."""
