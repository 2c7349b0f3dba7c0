"""Documents in Korean, made from data."""
