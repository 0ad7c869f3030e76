"""The tables of a work, put together from its passages, and those that the best passages lead to."""
