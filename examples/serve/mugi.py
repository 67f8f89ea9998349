"""mugi as a function: a question as keywords in, metrics as a dictionary out. Needs Python 3.8 and nothing else."""

import json
import os
import shlex
import subprocess
import threading


class MugiError(Exception):
    """A question that mugi refuses; `details` has code, message, path, expected, received and nearest."""

    def __init__(self, details):
        super().__init__(details["message"])
        self.details = details


class Mugi:
    """A running `mugi serve`. Threads may share it; processes start their own."""

    def __init__(self, command=None):
        command = shlex.split(command or os.environ.get("MUGI", "npx mugi"))
        self._lock = threading.Lock()
        self._server = subprocess.Popen(
            [*command, "serve", "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def ask(self, **question):
        """The reply to one question, whose keys are those of `mugi schema`."""
        with self._lock:
            self._server.stdin.write(json.dumps(question, allow_nan=False) + "\n")
            self._server.stdin.flush()
            line = self._server.stdout.readline()
        if not line:
            raise RuntimeError(f"mugi has ended with status {self._server.wait()}")
        reply = json.loads(line)
        if "error" in reply:
            raise MugiError(reply["error"])
        return reply

    def close(self):
        self._server.stdin.close()
        self._server.wait()
        self._server.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
