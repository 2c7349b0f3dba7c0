"""Durable timers and calendars: everything in the suite that happens by the clock."""
