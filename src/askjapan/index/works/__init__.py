"""The user's files come in; they are kept whole, corrected and removed, and what is there goes out; it may import `storage` and `documents`."""
