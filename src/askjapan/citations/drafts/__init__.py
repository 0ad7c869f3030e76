"""Quotations of a draft and the texts of the corpus come in; what of them stands there goes out; it may import `documents` and `language`."""
