"""Companies, members, operators, sessions."""
