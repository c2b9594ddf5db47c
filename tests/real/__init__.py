"""Whole runs on the real cities beside the project."""
