"""Texts come in; vectors go out; it may import no other room."""
