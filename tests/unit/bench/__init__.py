"""Tests of the benchmarks: sums, tables, and that each of them runs."""
