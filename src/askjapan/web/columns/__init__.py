"""Clicks and questions come in; what each column of the page shows goes out; it may import all packages of `web` but `tabs` and `tools`."""
