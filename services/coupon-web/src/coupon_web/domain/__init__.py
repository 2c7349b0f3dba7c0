"""What a recipient's page says: plain Python."""
