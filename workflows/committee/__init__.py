"""The steering committee: members, eligibility, and the roster of seats for one vote."""
