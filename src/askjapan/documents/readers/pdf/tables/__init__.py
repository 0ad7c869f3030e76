"""The letters and rules of a PDF page come in; its tables go out; it may import `letters`."""
