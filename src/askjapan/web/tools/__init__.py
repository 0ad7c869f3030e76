"""Calls of other programs come in, over the net and MCP; answers as text go out; it may import `server` and `shared`."""
