"""The pages, as a phone gets them."""
