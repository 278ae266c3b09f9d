"""Bringing in a register from a file: columns mapped, each row checked, stored in steps, and undone."""
