"""Asks and tells a study: vizier_client.py HOST:PORT CLIENT CHOICES ARMS SECONDS. See ask_and_tell.py."""

import random
import sys

from ask_and_tell import ask_and_tell
from vizier.service import clients
from vizier.service import pyvizier as vz

address, client, choices, arms, seconds = sys.argv[1:]
clients.environment_variables.server_endpoint = address
config = vz.StudyConfig(algorithm="RANDOM_SEARCH")
for choice in range(int(choices)):
    config.search_space.root.add_categorical_param(f"c{choice}", [str(arm) for arm in range(int(arms))])
config.metric_information.append(vz.MetricInformation("accuracy", goal=vz.ObjectiveMetricGoal.MAXIMIZE))
study = clients.Study.from_study_config(config, owner="bench", study_id="bench")


def trial() -> None:
    for suggestion in study.suggest(count=1, client_id=client):
        suggestion.complete(vz.Measurement({"accuracy": random.random()}))


ask_and_tell(trial, float(seconds))
