"""Tests of how the ledger keeps what it is given."""
