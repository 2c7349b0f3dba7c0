"""What other services say, turned into commands: one module a source."""
