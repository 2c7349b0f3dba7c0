"""What the scheduler hears."""
