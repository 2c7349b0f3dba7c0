"""Use cases: a frozen command and its handler function; ports as protocols."""
