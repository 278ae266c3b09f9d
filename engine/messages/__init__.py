"""Messages and signals: subscriptions, delivery by correlation key, and what found no case."""
