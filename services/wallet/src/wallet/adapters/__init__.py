"""The outside world, one file a provider."""
