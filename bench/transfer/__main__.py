"""`python -m bench.transfer`: how many of the first five answers an expert would want."""

import argparse

from bench.transfer.measure import measure_all, show

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.transfer", description=__doc__)
    parser.add_argument("--part", choices=("tune", "held"), help="only these questions")
    parser.add_argument("--each", action="store_true", help="show every question")
    given = parser.parse_args()
    show(measure_all(), given.part, given.each)
