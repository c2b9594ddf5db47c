"""Connections that could be built: find them, score them, choose among them."""
