"""How an evaluation is told to end."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .failure import Cancelled


class Cancellation:
    """Set once, from any thread; whoever waits for something meanwhile is woken."""

    def __init__(self):
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], object]] = []

    def is_set(self) -> bool:
        return self._event.is_set()

    def cancel(self) -> None:
        with self._lock:
            self._event.set()
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def wait(self, seconds: float) -> None:
        """Raises Cancelled once it is set, and otherwise returns after the time."""
        if self._event.wait(seconds):
            raise Cancelled

    @contextmanager
    def calling(self, callback: Callable[[], object]) -> Iterator[None]:
        """Has the callback called if it is set within the block, or is already."""
        with self._lock:
            is_late = self._event.is_set()
            if not is_late:
                self._callbacks.append(callback)
        if is_late:
            callback()
        try:
            yield
        finally:
            with self._lock:
                if callback in self._callbacks:
                    self._callbacks.remove(callback)
