"""What the turns before a message say: their subject, and a follow-up completed with it."""
