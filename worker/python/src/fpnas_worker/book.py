"""The leases of one worker and the outcomes it owes: the state of a runner without its connection, its time and its evaluators."""

from dataclasses import dataclass

from fpnas.v1 import measurement_pb2, worker_pb2

_HELD = {"tabular": 16, "train": 1}
"""How many leases a worker holds at a time, the running one included, by kind of evaluation: a look-up is shorter than a round trip."""

Key = tuple[str, int]


def key_of(message: worker_pb2.LeaseKey) -> Key:
    return message.trial, message.lease_token


def failure(lease_key: worker_pb2.LeaseKey, reason: str, detail: str) -> worker_pb2.Outcome:
    """A failure with its detail as the wire wants it: one line of at most 2,000 characters."""
    number = measurement_pb2.FailureReason.Value(f"FAILURE_REASON_{reason}")
    line = " ".join(detail.split())[:2000]
    return worker_pb2.Outcome(key=lease_key, failure=worker_pb2.Failure(reason=number, detail=line))


@dataclass
class _Slot:
    """What occupies the evaluator: its lease may be gone already while the evaluation has not ended yet."""

    lease: worker_pb2.Lease
    held: bool = True


class LeaseBook:
    """A lease waits, runs, and is then owed as an outcome until that is acknowledged.

        (received) --> waiting --start()--> running --settle() or give_up()--> owed --acknowledge()--> (gone)
                          |                    |
                          +------ revoke() ----+--> (gone, nothing is owed)
                          +------ drain() -----+-- give_up() --> owed, as PREEMPTED

    It asks for as many leases as their kind may be held, less those held and those asked for already. What comes beyond is given back.
    """

    def __init__(self, kinds):
        self._waiting: dict[Key, worker_pb2.Lease] = {}
        self._owed: dict[Key, worker_pb2.Outcome] = {}
        self._unsent: set[Key] = set()
        self._slot: _Slot | None = None
        self._capacity = min(_HELD[kind] for kind in kinds)
        self._asked = 0
        self._draining = False

    @property
    def is_occupied(self) -> bool:
        return self._slot is not None

    @property
    def owes_outcomes(self) -> bool:
        return bool(self._owed)

    @property
    def held(self) -> list[worker_pb2.LeaseKey]:
        """Leases to renew: waiting and running."""
        running = [self._slot.lease.key] if self._slot is not None and self._slot.held else []
        return running + [lease.key for lease in self._waiting.values()]

    def receive(self, lease: worker_pb2.Lease) -> None:
        """Takes up a lease. One that is known already changes nothing."""
        self._asked = max(0, self._asked - 1)
        key = key_of(lease.key)
        if key in self._waiting or key in self._owed or (self._slot and key_of(self._slot.lease.key) == key):
            return
        self._capacity = _HELD.get(lease.evaluation.WhichOneof("evaluator"), 1)
        if self._draining:
            self._owe(_stopping(lease))
        elif len(self._waiting) + self.is_occupied >= self._capacity:
            self._owe(failure(lease.key, "PREEMPTED", "the worker is busy with another trial"))
        else:
            self._waiting[key] = lease

    def start(self) -> worker_pb2.Lease | None:
        """The next lease to evaluate, which then occupies the slot."""
        if self._slot is not None or not self._waiting:
            return None
        lease = self._waiting.pop(next(iter(self._waiting)))
        self._slot = _Slot(lease)
        return lease

    def settle(self, outcome: worker_pb2.Outcome) -> None:
        """The evaluation has ended. While the book drains, failures are taken for what comes of being told to stop."""
        slot, self._slot = self._slot, None
        if slot is None or not slot.held:
            return
        is_cut_short = self._draining and outcome.HasField("failure")
        self._owe(_stopping(slot.lease) if is_cut_short else outcome)

    def give_up(self, outcome: worker_pb2.Outcome | None = None) -> bool:
        """Ends the running lease before its evaluation has, by default as PREEMPTED. Whether there was one, whose evaluation must end now."""
        if self._slot is None or not self._slot.held:
            return False
        self._slot.held = False
        self._owe(outcome or _stopping(self._slot.lease))
        return True

    def revoke(self, lease_key: worker_pb2.LeaseKey) -> bool:
        """Drops a lease: nothing of it is reported. Whether it is the running one, whose evaluation must end now."""
        key = key_of(lease_key)
        self._waiting.pop(key, None)
        self.acknowledge(lease_key)
        if self._slot is None or not self._slot.held or key_of(self._slot.lease.key) != key:
            return False
        self._slot.held = False
        return True

    def acknowledge(self, lease_key: worker_pb2.LeaseKey) -> None:
        """The coordinator has the outcome."""
        self._owed.pop(key_of(lease_key), None)
        self._unsent.discard(key_of(lease_key))

    def drain(self) -> None:
        """Gives every waiting lease back and asks for none from now on."""
        self._draining = True
        for lease in self._waiting.values():
            self._owe(_stopping(lease))
        self._waiting.clear()

    def first_request(self) -> worker_pb2.WorkRequest:
        """Of a new stream, which knows nothing of those before: credit, leases held and outcomes owed, all anew."""
        self._asked = 0
        self._unsent = set(self._owed)
        request = self.next_request() or worker_pb2.WorkRequest()
        request.renewals.extend(self.held)
        return request

    def next_request(self) -> worker_pb2.WorkRequest | None:
        """What is new since the last request of this stream; None where nothing is."""
        want = 0 if self._draining else max(0, self._capacity - len(self._waiting) - self.is_occupied - self._asked)
        outcomes = [self._owed[key] for key in self._owed if key in self._unsent]
        if want == 0 and not outcomes:
            return None
        self._unsent.clear()
        self._asked += want
        return worker_pb2.WorkRequest(want_leases=want, outcomes=outcomes)

    def _owe(self, outcome: worker_pb2.Outcome) -> None:
        self._owed[key_of(outcome.key)] = outcome
        self._unsent.add(key_of(outcome.key))


def _stopping(lease: worker_pb2.Lease) -> worker_pb2.Outcome:
    return failure(lease.key, "PREEMPTED", "the worker is stopping")
