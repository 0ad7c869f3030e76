"""A web page comes in; its main text as Markdown and what its metadata state go out; it may import its neighbours in `readers`."""
