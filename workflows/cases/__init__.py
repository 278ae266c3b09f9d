"""Cases for the pages: inbox, task, timeline in plain words, positions, votes."""
