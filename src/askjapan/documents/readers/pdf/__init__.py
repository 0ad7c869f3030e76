"""A PDF file comes in; its text as read, its pages and what is wrong with it go out; it may import its neighbours in `readers`."""
