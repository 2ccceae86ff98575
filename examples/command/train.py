"""Evaluates one network for fpnas: reads it from standard input, writes the measurement as the last line of standard output.

This one trains nothing. It makes an accuracy up that rises with the network's cost, its depth and its steps, so that the
example runs anywhere in a second. Put your own training where made_up_accuracy stands.
"""

import argparse
import json
import math
import random
import sys

INFEASIBLE = 65
"""The exit code by which a program refuses a network. Any other but 0 is a failure, which is tried again."""


def made_up_accuracy(task, noise):
    layers = [layer["mbconv"] for layer in task["network"]["graph"]["layers"] if "mbconv" in layer]
    depth = 1 - math.exp(-len(layers) / 4)
    size = 1 - math.exp(-task["macs"] / 2e6)
    training = 1 - 0.3 * math.exp(-(task["steps"] or 30) / 100)
    luck = random.Random(f"{task['seed']}/{task['macs']}/{task['params']}").gauss(0, noise)
    return min(1.0, max(0.0, (0.5 + 0.3 * size + 0.15 * depth) * training + luck))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--noise", type=float, default=0.0, help="standard deviation of chance in the accuracy")
    parser.add_argument("--max-params", type=float, default=math.inf, help="refuse networks with more parameters")
    arguments = parser.parse_args()

    task = json.load(sys.stdin)
    if task["params"] > arguments.max_params:
        print(f"{task['params']} parameters are more than {arguments.max_params:g}", file=sys.stderr)
        return INFEASIBLE
    print(f"evaluating {task['params']} parameters on the {task['part']} part", file=sys.stderr)
    accuracy = made_up_accuracy(task, arguments.noise)
    print(json.dumps({"accuracy": accuracy, "loss": -math.log(max(accuracy, 1e-9)), "steps": task["steps"] or 0}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
