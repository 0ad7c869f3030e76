"""Answers computed over tables: the cell that a question names, a change between two cells, the most, the least and a rank."""
