"""Moving open cases to another version: planned first for all of them, then done one by one, resumable."""
