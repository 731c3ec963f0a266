"""Two trainer processes over one, and the memory of a trainer.

    workers.py NASATLAS

The same plan on nafld-age4 is trained with one worker and with two, in turn, three times; the rate is runs per hour
of the whole command. The plan holds four networks twice over, pairs of equal cost side by side, so that what is
measured is how the workers disturb each other and not how unequal lengths fill up two queues. The memory is the
largest VmHWM of any trainer process, the largest architecture of the space included.
"""

import glob
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROUNDS = 3
EPOCHS = 2
ENCODERS = ["att8", "att4+gru,att4+gru", "gru+conv,gru+conv", "gru"]
PAIRS = [f"stem:k3/time:on/encoder:{encoder}/decoder:off/head:{pool}" for encoder in ENCODERS for pool in ("avg", "max")]
LARGEST = ("stem:kwide+dropout/time:on/encoder:" + ",".join(["att8+gru+conv"] * 4)
           + "/decoder:self8+cross8,self8+cross8/head:mixed+spatial")


def descendants(root):
    """Process ids below `root`, from the parents that /proc names."""
    parents = {}
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(path) as file:
                # The name in brackets may hold blanks.
                parents[int(path.split("/")[2])] = int(file.read().rpartition(")")[2].split()[1])
        except (OSError, IndexError, ValueError):
            pass
    found, frontier = set(), {root}
    while frontier:
        frontier = {pid for pid, parent in parents.items() if parent in frontier} - found
        found |= frontier
    return found


class PeakMemory(threading.Thread):
    """Looks at the trainers below a process until told to stop."""

    def __init__(self, root):
        super().__init__(daemon=True)
        self.root, self.kilobytes, self.stopped = root, 0, threading.Event()

    def run(self):
        while not self.stopped.wait(0.05):
            for pid in descendants(self.root):
                try:
                    with open(f"/proc/{pid}/cmdline", "rb") as file:
                        if b"worker" not in file.read().split(b"\0"):
                            continue
                    with open(f"/proc/{pid}/status") as file:
                        lines = [line for line in file if line.startswith("VmHWM")]
                    self.kilobytes = max([self.kilobytes] + [int(line.split()[1]) for line in lines])
                except OSError:
                    pass


def train(nasatlas, architectures, workers, epochs):
    """Seconds of the whole command, and the largest VmHWM of a trainer in MB."""
    with tempfile.TemporaryDirectory() as folder:
        command = [nasatlas, "train", "--dataset", "nafld-age4", "--epochs", str(epochs), "--workers", str(workers),
                   "--seed", "1", "--no-distillation", "--out", os.path.join(folder, "out")]
        for text in architectures:
            command += ["--architecture", text]
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        memory = PeakMemory(process.pid)
        memory.start()
        status = process.wait()
        seconds = time.perf_counter() - start
        memory.stopped.set()
        memory.join()
        if status != 0:
            sys.exit(f"{' '.join(command)} ended with {status}")
        return seconds, memory.kilobytes * 1024 / 1e6


def main():
    (nasatlas,) = sys.argv[1:]
    rates, peak = {1: [], 2: []}, 0.0
    for number in range(ROUNDS):
        for workers in (1, 2) if number % 2 == 0 else (2, 1):
            seconds, megabytes = train(nasatlas, PAIRS, workers, EPOCHS)
            rates[workers].append(3600 * len(PAIRS) / seconds)
            peak = max(peak, megabytes)
            print(f"{workers} workers: {rates[workers][-1]:.0f} runs an hour, {megabytes:.0f} MB", flush=True)
    _, megabytes = train(nasatlas, [LARGEST], 1, 1)
    print(f"largest architecture: {megabytes:.0f} MB")
    peak = max(peak, megabytes)
    one, two = statistics.median(rates[1]), statistics.median(rates[2])
    print(f"figure training-two-workers {two / one:.2f} ratio (peer one-worker {one:.0f} runs an hour, bar 1.85)")
    print(f"figure trainer-rss-mb {peak:.0f} MB (peer none, bar 120)")


main()
