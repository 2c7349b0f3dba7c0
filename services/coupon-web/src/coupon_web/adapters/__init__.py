"""What the page asks of others: the ordering service's recipient API, and products' pictures."""
