"""Questions with known answers come in; figures for hits, answers and refusals go out; it may import the assistant and what lies below."""
