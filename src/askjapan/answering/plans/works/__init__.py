"""Works as a whole: which of them a question names, and what the catalogue knows of them."""
