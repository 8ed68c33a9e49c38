"""Benchmarks against peers; `make bench` writes `bench/RESULTS.md`."""
