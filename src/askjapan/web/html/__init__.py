"""Records come in; HTML goes out in which all foreign text is escaped; it may import `words`, `conversations`, `shared`."""
