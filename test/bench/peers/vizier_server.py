"""Serves Vizier with its algorithms in the same process: vizier_server.py SQLITE_FILE"""

import sys
import threading

from vizier.service import servers

server = servers.DefaultVizierServer(host="127.0.0.1", database_url=f"sqlite:///{sys.argv[1]}")
print(f"listening on {server.endpoint}", flush=True)
threading.Event().wait()
