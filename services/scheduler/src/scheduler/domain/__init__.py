"""When a timer fires and when a month turns."""
