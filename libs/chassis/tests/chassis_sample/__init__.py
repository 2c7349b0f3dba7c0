"""The sample: a service with a web side, for the chassis's own tests."""
