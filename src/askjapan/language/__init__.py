"""Text comes in; its terms, sentences, quotations, script and English gloss go out; it may import the records, errors and settings."""
