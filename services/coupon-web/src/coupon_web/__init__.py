"""The recipient's coupon page."""
