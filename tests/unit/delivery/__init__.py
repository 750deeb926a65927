"""Tests of what is accepted, worked off and sent."""
