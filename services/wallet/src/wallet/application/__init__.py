"""Use cases: a frozen command and its handler; what they need comes as ports."""
