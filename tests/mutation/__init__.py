"""Mutation testing: a kept tool, run by hand; each run of the tests checks what it has accepted."""
