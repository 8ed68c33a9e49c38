"""`python -m bench.transfer`: how many of the first five answers an expert would want."""

import argparse

from bench.results import write_results
from bench.transfer.measure import make_rows, measure_all, show
from kg.settings import PROJECT

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.transfer", description=__doc__)
    parser.add_argument("--part", choices=("tune", "held"), help="only these questions")
    parser.add_argument("--each", action="store_true", help="show every question")
    parser.add_argument("--write", action="store_true", help="put the means into the results")
    given = parser.parse_args()
    found = measure_all()
    show(found, given.part, given.each)
    if given.write:
        command = "python -m bench.transfer --write"
        write_results(PROJECT / "bench", make_rows(found), [], command)
