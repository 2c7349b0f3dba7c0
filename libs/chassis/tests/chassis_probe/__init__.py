"""A service as small as can be: it writes down each timer that fires, so that tests of the chassis can count."""
