"""What messaging hears, a module a source."""
