"""Benchmarks: Overture beside the raw limit of the machine and beside its peers, in one run."""
