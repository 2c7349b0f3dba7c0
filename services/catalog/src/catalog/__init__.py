"""Brands, products and their offers: what can be ordered, at which price, from which supplier."""
