"""A quote or a place in a document comes in; its text or its page, with the quotes marked, goes out; it may import `html` and what that may."""
