"""The outside world in one process, spoken to over the vendors' own wire protocols.

It imports nothing of the suite: what the adapters believe about a vendor is judged here by other code.
"""
