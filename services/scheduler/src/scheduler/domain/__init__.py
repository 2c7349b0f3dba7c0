"""When a timer fires, and which calendars there are."""
