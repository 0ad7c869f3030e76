"""A draft, a term or questions come in; what all works say of it goes out as a tab of the page; it may import all packages of `web`."""
