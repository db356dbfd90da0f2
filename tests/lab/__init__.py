"""Random networks, built of Linux network namespaces and probed with real packets, against the analyser.

`python -m tests.lab --networks 1000` compares the two; docs/concepts/evidence.md says how this works.
"""
