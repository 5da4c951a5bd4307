"""``make bench``: how fast the portal is, beside what else the same machine can do.

Reports and decides nothing. Figures of one machine at one time say little; ratios measured in
interleaved rounds of one run say more. ``docs/benchmarks.md`` holds the last full report.
"""
