"""Where requests go, and what of them goes on: plain Python on the standard library."""
