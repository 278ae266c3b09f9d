"""Instances: starting, advancing, reading."""
