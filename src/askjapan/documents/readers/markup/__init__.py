"""A tree of HTML, EPUB or Word comes in; Markdown goes out; it may import its neighbours in `readers`."""
