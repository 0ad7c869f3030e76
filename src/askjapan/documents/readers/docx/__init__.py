"""A Word file comes in; its text as Markdown goes out; it may import its neighbours in `readers`."""
