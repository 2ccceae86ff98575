"""Optuna's TPE behind a pipe: a JSON object a line in, one out for each that asks.

{"start": {"seed", "sizes", "multivariate", "parallel"}}  begins a new study; sizes are the numbers of arms of the choices
{"ask": true}                                             answered with {"trial", "arms", "ms"}: the next suggestion and its time
{"tell": trial, "value": number or null}                  the value to maximize; null for a trial that failed
"""

import json
import sys
import time
import warnings

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.simplefilter("ignore")

study = None
sizes = []
for line in sys.stdin:
    message = json.loads(line)
    if "start" in message:
        start = message["start"]
        sizes = start["sizes"]
        sampler = optuna.samplers.TPESampler(
            seed=start["seed"],
            multivariate=start["multivariate"],
            group=False,
            constant_liar=start["parallel"],
        )
        study = optuna.create_study(direction="maximize", sampler=sampler)
    elif "ask" in message:
        begin = time.perf_counter()
        trial = study.ask()
        arms = [trial.suggest_categorical(f"c{place}", list(range(size))) for place, size in enumerate(sizes)]
        ms = 1000 * (time.perf_counter() - begin)
        print(json.dumps({"trial": trial.number, "arms": arms, "ms": ms}), flush=True)
    elif message["value"] is None:
        study.tell(message["tell"], state=optuna.trial.TrialState.FAIL)
    else:
        study.tell(message["tell"], message["value"])
