"""A question and the messages before it come in; ranked passages go out; it may import `index` and what lies below."""
