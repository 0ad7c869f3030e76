"""Composes an answer of quotes, or a refusal, from ranked passages; may import `retrieval` and the packages below it."""
