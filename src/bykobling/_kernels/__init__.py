"""Compiled loops: plain arrays in and out, each with a slow reference twin in the tests."""
