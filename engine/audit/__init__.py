"""Hash-chained audit entries: appending, reading, verifying."""
