"""Products, offers and prices."""
