"""Incidents: why an instance could not go on, and trying again."""
