"""The door for programs: JSON in, JSON out, a bearer token instead of a session."""
