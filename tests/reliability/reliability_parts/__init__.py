"""What the tests of the suite's reliability share."""
