"""Documents that the catalogue makes: PDF and xlsx."""
