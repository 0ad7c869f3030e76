"""A text file comes in; its characters, decoded, and what marks them up go out; it may import `markup` and its neighbours in `readers`."""
