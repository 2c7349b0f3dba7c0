"""What the catalogue hears."""
