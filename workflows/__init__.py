"""The risk domain: who may act, the register of risks, exemptions, the committee, and cases in plain words.

Open it with `workflows.bootstrap.open_parley`; the views it hands out are in `workflows.types`.
"""
