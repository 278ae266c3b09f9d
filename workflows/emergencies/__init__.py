"""Emergency decisions: the CIO goes ahead at once, for days, and is reviewed."""
