"""What reads passages for a question: the readers, and the windows that they read."""
