"""A plan a kind of question: each takes a question and a `Search`, and gives an answer, or None where the plain plan is the better one."""
