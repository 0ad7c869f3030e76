"""Passages and vectors come in; one folder on disk goes out, is opened again, checked and searched; it may import `encoders`."""
