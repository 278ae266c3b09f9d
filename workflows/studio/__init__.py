"""The policy studio: drafts of policies, who must agree to them, what differs, what a release would do."""
