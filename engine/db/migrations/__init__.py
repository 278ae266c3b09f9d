"""The engine's migrations: a branch of their own, run together with the domain's."""
