"""What ordering says: orders, their coupons, the messages it wants sent, and anniversary plans."""
