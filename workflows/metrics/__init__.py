"""The measures: how disagreement between CIO and CISO is settled, and which risks nobody settles."""
