"""A file's text and its owner's word come in; which work it is, with author, title and year, goes out; it may import `language`."""
