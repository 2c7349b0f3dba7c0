"""The microservice chassis: the plumbing that every service shares."""
