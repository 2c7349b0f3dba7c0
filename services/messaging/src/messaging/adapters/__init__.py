"""The outside world of messaging: the message provider and the mail server."""
