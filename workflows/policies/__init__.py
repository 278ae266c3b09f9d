"""Policies: diagrams, tables and forms in a folder, and their versions."""
