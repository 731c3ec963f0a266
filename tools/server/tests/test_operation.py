"""What whoever runs a server reads: its log, its settings, and why it does not start."""

import datetime
import json
import os
import re
import subprocess
import time

from corpus import well_formed
from running import CELLS, PROGRAM, ServerCase


def config_show(*words, **environment):
    return subprocess.run([PROGRAM, "config", "show", *words], capture_output=True, text=True,
                          env={**os.environ, **environment})


class Operation(ServerCase):
    def test_a_log_of_json_is_json_alone(self):
        target, _ = well_formed()
        log = self.folder / "log"
        words = [PROGRAM, "serve", CELLS, "--port", "0"]
        for setting in ("admin-port=0", "log-format=json", "access-log=true"):
            words += ["--set", setting]
        with open(log, "wb") as file:
            process = subprocess.Popen(words, stderr=file)
        try:
            told, end = None, time.monotonic() + 60
            while not told and time.monotonic() < end:
                told = re.search(r"listening on http://127.0.0.1:(\d+)/v1", log.read_text())
                time.sleep(0.02)
            url = f"http://127.0.0.1:{told[1]}"
            for path in (target, "/v1/nothing"):
                subprocess.run(["curl", "-s", "-o", self.folder / "answer", "-H", "X-Request-ID: mine", url + path],
                               check=True)
        finally:
            process.terminate()
        self.assertEqual(process.wait(30), 0)
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        for line in lines:
            self.assertEqual(set(line), {"time", "level", "logger", "message", "metadata"})
            when = datetime.datetime.fromisoformat(line["time"].replace("Z", "+00:00"))
            self.assertLess(abs(datetime.datetime.now(datetime.timezone.utc) - when), datetime.timedelta(minutes=5))
        requests = [line["metadata"] for line in lines if line["message"] == "request"]
        self.assertEqual([(one["method"], one["path"], one["status"], one["id"]) for one in requests],
                         [("GET", target.split("?")[0], "200", "mine"), ("GET", "/v1/nothing", "404", "mine")])
        self.assertTrue(all(int(one["microseconds"]) > 0 for one in requests))

    def test_a_port_that_is_taken_is_one_error(self):
        server = self.serve(CELLS)
        again = subprocess.run([PROGRAM, "serve", CELLS, "--port", str(server.port), "--set", "admin-port=0"],
                               capture_output=True, text=True, timeout=60)
        self.assertNotEqual(again.returncode, 0)
        self.assertEqual(again.stderr.splitlines(), [
            f"error: cannot listen on 127.0.0.1:{server.port} (port): Address already in use",
            "  next: choose another port with --set port=NUMBER (0: any free port), or stop the program that uses this one",
            "  code: server.cannot_listen"])

    def test_a_host_that_nobody_knows_is_one_error(self):
        refused = subprocess.run([PROGRAM, "serve", CELLS, "--host", "no such host", "--port", "0"],
                                 capture_output=True, text=True, timeout=60)
        self.assertEqual(refused.returncode, 69)
        # The reason is the system's, in words that depend on its network.
        self.assertRegex(refused.stderr, r"^error: cannot listen on the host no such host: .+\n"
                         r"  next: name an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all\n"
                         r"  code: server.unknown_host\n$")

    def test_a_file_of_tokens_that_is_none_says_what_a_line_is(self):
        file = self.folder / "tokens"
        file.write_text("# ours\nsecret\n")
        refused = subprocess.run([PROGRAM, "serve", CELLS, "--port", "0", "--set", f"token-file={file}"],
                                 capture_output=True, text=True, timeout=60)
        self.assertNotEqual(refused.returncode, 0)
        self.assertEqual(refused.stderr.splitlines(), [
            f"error: the tokens in {file} cannot be read: line 2 does not begin with a SHA-256",
            "  next: write one SHA-256 of a token per line, as `printf %s TOKEN | sha256sum` prints it",
            "  code: server.unreadable_tokens"])

    def test_settings_tell_where_they_come_from(self):
        file = self.folder / "server.conf"
        file.write_text("# ours\nport = 9000\nidle-seconds = 77\nurl-bytes = 998\n")
        words = ["--settings", file, "--set", "url-bytes=1000", "--origin"]
        environment = {"NASATLAS_SERVER_IDLE_SECONDS": "66", "NASATLAS_SERVER_URL_BYTES": "999"}
        shown = config_show(*words, **environment)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        lines = shown.stdout.splitlines()
        told = {line.split(" = ")[0]: (line.split(" = ")[-1], origin.removeprefix("# ").split(";")[0])
                for origin, line in zip(lines[::2], lines[1::2])}
        self.assertEqual(told["url-bytes"], ("1000", "--url-bytes"))
        self.assertEqual(told["idle-seconds"], ("66", "NASATLAS_SERVER_IDLE_SECONDS"))
        self.assertEqual(told["port"], ("9000", f"{file}, line 2"))
        self.assertEqual(told["body-bytes"], ("2097152", "default"))
        as_json = json.loads(config_show(*words, "--json", **environment).stdout)["settings"]
        self.assertEqual([one["name"] for one in as_json], list(told))
        # What is shown is a file of settings again.
        copy = self.folder / "copy.conf"
        copy.write_text(shown.stdout)
        again = config_show("--settings", copy)
        self.assertEqual(again.stdout.splitlines(), lines[1::2])
