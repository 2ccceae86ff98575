"""Asks and tells a study: optuna_client.py HOST:PORT CLIENT CHOICES ARMS SECONDS. See ask_and_tell.py."""

import random
import sys

import optuna
from ask_and_tell import ask_and_tell
from optuna.distributions import CategoricalDistribution
from optuna.storages import GrpcStorageProxy

address, client, choices, arms, seconds = sys.argv[1:]
host, port = address.split(":")
optuna.logging.set_verbosity(optuna.logging.ERROR)
storage = GrpcStorageProxy(host=host, port=int(port))
storage.wait_server_ready(timeout=60)
study = optuna.create_study(
    study_name="bench",
    storage=storage,
    load_if_exists=True,
    direction="maximize",
    sampler=optuna.samplers.RandomSampler(seed=int(client)),
)
space = {f"c{choice}": CategoricalDistribution(list(range(int(arms)))) for choice in range(int(choices))}


def trial() -> None:
    study.tell(study.ask(space), random.random())


ask_and_tell(trial, float(seconds))
