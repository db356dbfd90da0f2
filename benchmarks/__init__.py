"""Benchmarks: ratios within one run, to be read and never asserted."""
