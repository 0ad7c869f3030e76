"""A request comes in; it is refused, noted or let through to the page; it may import the errors, records and settings alone."""
