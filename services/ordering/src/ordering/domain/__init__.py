"""The rules of orders: plain Python, no plumbing."""
