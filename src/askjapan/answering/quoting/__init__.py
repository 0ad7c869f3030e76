"""Chosen candidates → quotations with their citations; imports what the rest of `answering` may."""
