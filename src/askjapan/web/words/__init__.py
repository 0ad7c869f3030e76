"""A language comes in; the words of the page in it go out; it may import nothing else of `web`."""
