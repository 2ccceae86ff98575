"""Serves an Optuna store over its gRPC proxy: optuna_server.py STORE_URL"""

import socket
import sys

from optuna.storages import get_storage, run_grpc_proxy_server

with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
storage = get_storage(sys.argv[1])
print(f"listening on 127.0.0.1:{port}", flush=True)
run_grpc_proxy_server(storage, host="127.0.0.1", port=port)
