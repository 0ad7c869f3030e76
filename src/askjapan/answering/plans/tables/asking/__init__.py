"""What a question asks of a table: its words and years, a superlative, limits that figures have to keep."""
