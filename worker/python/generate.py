"""Writes src/fpnas/v1/ from the .proto files, or with --check fails where it is not what they give. Needs grpcio-tools."""

import filecmp
import sys
import tempfile
from pathlib import Path

from grpc_tools import protoc

HERE = Path(__file__).parent
PROTO = HERE.parent.parent / "proto"
MESSAGES = ("network", "measurement", "precision", "worker", "weights")
SERVICES = ("worker", "weights")


def generate(folder: str) -> None:
    for output, names in (("--python_out", MESSAGES), ("--grpc_python_out", SERVICES)):
        files = [str(PROTO / f"fpnas/v1/{name}.proto") for name in names]
        if protoc.main(["protoc", f"-I{PROTO}", f"{output}={folder}", *files]) != 0:
            sys.exit(1)


def main() -> int:
    if sys.argv[1:] != ["--check"]:
        generate(str(HERE / "src"))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        generate(folder)
        names = [f"fpnas/v1/{name}_pb2.py" for name in MESSAGES] + [f"fpnas/v1/{name}_pb2_grpc.py" for name in SERVICES]
        _, *others = filecmp.cmpfiles(folder, HERE / "src", names, shallow=False)
    for name in sum(others, []):
        print(f"worker/python/src/{name} is not what the .proto files give: run worker/python/generate.py", file=sys.stderr)
    return 1 if any(others) else 0


if __name__ == "__main__":
    sys.exit(main())
