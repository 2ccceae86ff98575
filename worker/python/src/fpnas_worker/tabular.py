"""Looks networks up in tables of known results (docs/spec.md, Tables)."""

import json

from fpnas.v1 import measurement_pb2, worker_pb2

from .failure import EvaluationError
from .network import Graph, TableRow

_TABLES_KEPT = 4


class TabularEvaluator:
    """Each table is fetched and read once, and kept while it is among the last used."""

    name = "tabular"

    def __init__(self):
        self._tables: dict[str, dict[tuple[int, ...], float]] = {}

    def evaluate(self, network: Graph | TableRow, evaluation: worker_pb2.Evaluation, context) -> measurement_pb2.Measurement:
        if isinstance(network, Graph):
            raise EvaluationError("INFEASIBLE", "a network to build has no row in a table")
        table = self._tables.pop(network.table_sha256, None)
        if table is None:
            table = _read_table(context.fetch_file(network.table_sha256))
        self._tables[network.table_sha256] = table
        if len(self._tables) > _TABLES_KEPT:
            del self._tables[next(iter(self._tables))]
        accuracy = table.get(network.arms)
        if accuracy is None:
            raise EvaluationError("INFEASIBLE", f"the table does not list the arms {list(network.arms)}")
        return measurement_pb2.Measurement(accuracy=accuracy)


def _read_table(content: bytes) -> dict[tuple[int, ...], float]:
    """The coordinator has checked the table: what is wrong here is the file."""
    try:
        rows = json.loads(content.decode("utf-8-sig"))["rows"]
        return {tuple(row["arms"]): _mean(row["accuracy"]) for row in rows}
    except (ValueError, KeyError, TypeError) as error:
        raise EvaluationError("DATA_UNAVAILABLE", f"the file is no table: {error}") from error


def _mean(accuracy: float | list[float]) -> float:
    return sum(accuracy) / len(accuracy) if isinstance(accuracy, list) else accuracy
