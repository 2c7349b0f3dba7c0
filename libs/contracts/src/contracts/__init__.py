"""What the services say to each other: events, commands, their envelope and the value types in them."""
