"""The REST API of members and operators, and the payment provider's door for its notices."""
