"""Tests of the rules of contact."""
