"""Mutation testing: a kept tool, run by hand or at night, not part of the ordinary tests."""
