"""Timers: due rows, and firing them."""
