"""Use cases: a frozen command directly above its handler, and the ports that they need."""
