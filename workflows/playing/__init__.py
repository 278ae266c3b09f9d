"""Playing a draft: dry runs with its real forms on a stage of their own, and what becomes of them."""
