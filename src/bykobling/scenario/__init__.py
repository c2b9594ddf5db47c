"""Proposals as ordered modifications of streets and timetables: check, apply, read, write."""
