"""Tests of Overture."""
