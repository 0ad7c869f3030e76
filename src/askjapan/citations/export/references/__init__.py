"""Cited works come in; BibTeX, CSL, RIS and styled references go out; it may import `bibliography`."""
