"""User tasks: inboxes and completion."""
