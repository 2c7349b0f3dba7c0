"""Orders, lines, coupons and their issuing."""
