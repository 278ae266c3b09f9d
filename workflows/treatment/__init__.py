"""What follows a decision: treatment plans, reviews of accepted risks, and the look back at both."""
