"""`python -m benchmarks`: all figures, as ratios within this run."""

import os

# Before aws_cdk is imported: what is measured is the library, not the built-in validation.
os.environ["CDK_VALIDATION"] = "false"

from benchmarks import addresses, imports, mesh, reachability, scaling, three_tier, vpcs

if __name__ == "__main__":
    for benchmark in (imports, three_tier, scaling, addresses, vpcs, mesh, reachability):
        print(benchmark.report(), flush=True)
        print()
