"""What a message says, and how its delivery may go."""
