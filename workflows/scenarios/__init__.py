"""Scenarios: stories through a policy as data, told on a temporary installation with the real operations."""
