"""Definitions and their immutable versions."""
