"""Text comes in; its terms, sentences, quotations, script, dates and gloss go out; it may import the errors, records and readings."""
