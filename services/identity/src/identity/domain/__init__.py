"""The rules of companies, members, operators and their sessions: plain Python, no plumbing."""
