"""Turns chosen candidates into quotations with citations; may import the same packages as the rest of `answering`."""
