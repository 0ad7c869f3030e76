"""Answers come in; text, references, page images and verdicts on citations go out; it may import `writer`, `documents`, `language`."""
