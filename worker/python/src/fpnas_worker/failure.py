"""Failures that have a name."""


class EvaluationError(Exception):
    """Why there is no measurement. `reason` is a name of fpnas.v1.FailureReason without its prefix, such as "OUT_OF_MEMORY"."""

    def __init__(self, reason: str, message: str):
        super().__init__(message)
        self.reason = reason


class Cancelled(Exception):
    """The evaluation was told to end: nobody waits for its result."""
