"""What the tests of ordering share: builders, fakes of ports, a member's token, the supplier's sandbox."""
