"""The command `fpnas-worker`."""

import argparse
import logging
import os
import re
import signal
import socket
import sys
import uuid
from pathlib import Path

from fpnas.v1 import worker_pb2

from .client import Coordinator
from .dataset import Datasets
from .runner import GivenUp, Runner
from .tabular import TabularEvaluator


class _LazyTrainEvaluator:
    """PyTorch is loaded by the first training: a worker registers at once, and one that only looks tables up does without."""

    name = "train"

    def __init__(self, datasets: Datasets, device: str):
        self._datasets = datasets
        self._device = device
        self._evaluator = None

    def evaluate(self, network, evaluation, context):
        if self._evaluator is None:
            import torch

            from .training import TrainEvaluator

            # Other workers of the fleet compute in float32: a fleet that mixes them must measure the same.
            torch.backends.cudnn.allow_tf32 = False
            device = torch.device(self._device if self._device != "auto" else _best_device(torch))
            logging.getLogger("fpnas_worker").info("training on %s with PyTorch %s", device, torch.__version__)
            self._evaluator = TrainEvaluator(self._datasets, device)
        return self._evaluator.evaluate(network, evaluation, context)


def _best_device(torch) -> str:
    if torch.cuda.is_available():
        return "cuda"
    return "cpu"


def _cache_folder() -> str:
    """Where TypeScript workers keep decoded data sets."""
    shared = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return os.environ.get("FPNAS_CACHE_DIR") or os.path.join(shared, "fpnas")


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fpnas-worker", description="evaluate trials for an fpnas coordinator, in PyTorch")
    coordinator = os.environ.get("FPNAS_COORDINATOR", "127.0.0.1:7431")
    parser.add_argument("--data", default=_cache_folder(), help="folder of the data sets (FPNAS_CACHE_DIR; now %(default)s)")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, or cuda:N (default: %(default)s)")
    parser.add_argument(
        "--coordinator",
        default=coordinator,
        help="HOST:PORT of the coordinator, or of several, separated by commas (FPNAS_COORDINATOR; now %(default)s)",
    )
    return parser.parse_args()


def main() -> int:
    """Works until SIGTERM or SIGINT and gives 0; 1 where the worker cannot go on. A second signal ends the process at once."""
    arguments = _parse()
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
    host = socket.gethostname()
    name = re.sub(r"[^\w.-]", "-", host, flags=re.ASCII)[:80]
    evaluators = [TabularEvaluator(), _LazyTrainEvaluator(Datasets(arguments.data), arguments.device)]
    registration = worker_pb2.RegisterRequest(
        worker_id=f"{name}-{uuid.uuid4()}",
        host=host,
        backend="pytorch",
        evaluators=[*(evaluator.name for evaluator in evaluators), "train.final"],
    )
    runner = Runner(Coordinator(arguments.coordinator), registration, evaluators)

    def stop(number: int, _frame) -> None:
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, lambda again, _: os._exit(128 + again))
        logging.getLogger("fpnas_worker").info("stopping")
        runner.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    code = 0
    try:
        runner.run()
    except GivenUp as error:
        logging.getLogger("fpnas_worker").error("%s", error)
        code = 1
    # An evaluation may still run on its thread; it holds nothing that outlives the process.
    sys.stderr.flush()
    os._exit(code)
