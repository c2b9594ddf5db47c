"""The four steps of the dock: data, profile, draw, compare; and what they share."""
