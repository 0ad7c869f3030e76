"""An index and queries come in; matches of a search engine, in this process or on a server, go out; it may import `storage` and `encoders`."""
