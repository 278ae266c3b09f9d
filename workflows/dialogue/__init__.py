"""The weekly dialogue of each pair of CIO and CISO: its agenda, what was agreed, who does what."""
