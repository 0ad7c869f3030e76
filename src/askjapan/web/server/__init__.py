"""A request comes in; it is refused, noted or let through to the page; it may import `words`, the errors, records and settings."""
