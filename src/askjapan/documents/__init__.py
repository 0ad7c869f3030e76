"""Files come in; their text as read, blocks, quotable units and passages go out; it may import `language`."""
