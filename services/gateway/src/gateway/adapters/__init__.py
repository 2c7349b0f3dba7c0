"""The services behind, over HTTP."""
