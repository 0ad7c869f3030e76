"""Plans, one for each kind of question: each takes a question and a `Search`, and gives an answer, or None to leave it to the plain plan."""
