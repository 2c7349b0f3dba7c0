"""What tests of services share: real servers, a database of its own for each test, and events in and out."""
