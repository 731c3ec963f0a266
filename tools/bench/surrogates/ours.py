"""Our side of the surrogates' benchmark: a conversation with `surrogates-bench` over pipes."""

import json
import subprocess


class Ours:
    """`Ours("…/surrogates-bench", "trees")` answers each `ask(fit=…)`, `ask(predict=…)` with a dictionary."""

    def __init__(self, binary, subject):
        self.process = subprocess.Popen(
            [binary, subject], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, **request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"surrogates-bench ended with {self.process.wait()}")
        return json.loads(line)
