"""Brands, products, offers, carts."""
