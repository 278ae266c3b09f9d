"""Exemptions: granted by a named, entitled decision, for a limited time."""
