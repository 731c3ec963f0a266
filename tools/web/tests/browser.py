"""A headless Chromium, driven over a pipe (Chrome DevTools Protocol): no driver and no package is needed."""

import json
import os
import shutil
import subprocess
import tempfile
import time

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser")


class BrowserError(AssertionError):
    """The browser ended, or something did not come about in time."""


class Browser:
    """One page of one browser; `said` is what its console and its network complained about since the last `open`."""

    def __init__(self):
        self.profile = tempfile.TemporaryDirectory()
        to_browser, commands = os.pipe()
        answers, from_browser = os.pipe()

        def as_three_and_four():
            # The two may be 3 and 4 already, the other way around.
            reading, writing = os.dup(to_browser), os.dup(from_browser)
            os.dup2(reading, 3)
            os.dup2(writing, 4)

        self.process = subprocess.Popen(
            [PROGRAM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--hide-scrollbars", f"--user-data-dir={self.profile.name}", "--remote-debugging-pipe", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=False,
            preexec_fn=as_three_and_four)
        os.close(to_browser)
        os.close(from_browser)
        self.commands, self.answers = commands, answers
        self.number, self.rest, self.said, self.session = 0, b"", [], None
        page = next(one for one in self.ask("Target.getTargets")["targetInfos"] if one["type"] == "page")
        self.session = self.ask("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")

    def close(self):
        """Ends the browser."""
        try:
            self.session = None
            self.ask("Browser.close")
            self.process.wait(20)
        except (BrowserError, OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        os.close(self.commands)
        os.close(self.answers)
        self.profile.cleanup()

    def ask(self, method, **parameters):
        """The result of one command."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        while True:
            found = self.read()
            if found.get("id") == self.number:
                if "error" in found:
                    raise BrowserError(f"{method}: {found['error']['message']}")
                return found["result"]

    def read(self):
        """The next message; complaints are kept."""
        while b"\0" not in self.rest:
            piece = os.read(self.answers, 1 << 16)
            if not piece:
                raise BrowserError("the browser ended")
            self.rest += piece
        text, _, self.rest = self.rest.partition(b"\0")
        message = json.loads(text)
        event, detail = message.get("method"), message.get("params", {})
        if event == "Runtime.consoleAPICalled" and detail["type"] in ("error", "warning", "assert"):
            self.said.append(" ".join(str(one.get("value", one.get("description"))) for one in detail["args"]))
        elif event == "Runtime.exceptionThrown":
            self.said.append(detail["exceptionDetails"]["text"])
        elif event == "Log.entryAdded" and detail["entry"]["level"] in ("error", "warning"):
            self.said.append(detail["entry"]["text"])
        elif event == "Network.loadingFailed" and not detail.get("canceled"):
            self.said.append(detail["errorText"])
        return message

    def show(self, width, height=900, dark=False):
        """What the page is looked at with."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", features=[scheme])

    def open(self, address):
        """Goes to an address and waits until all its charts are drawn, or failed."""
        self.said = []
        self.ask("Page.navigate", url=address)
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'")
        # Charts below are drawn when they come into sight.
        self.value("dispatchEvent(new Event('beforeprint')), true")
        self.wait("[...document.querySelectorAll('figure.chart')].every(figure => figure.dataset.drawn)")

    def value(self, expression):
        """What an expression is in the page."""
        found = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in found:
            raise BrowserError(f"{expression}: {found['exceptionDetails']['exception'].get('description')}")
        return found["result"].get("value")

    def wait(self, condition, seconds=30):
        """Waits until an expression is true."""
        end = time.monotonic() + seconds
        while not self.value(condition):
            if time.monotonic() > end:
                raise BrowserError(f"after {seconds} s still not: {condition}")
            time.sleep(0.05)

    def press(self, key):
        """Presses and releases a key."""
        text = {"text": "\r"} if key == "Enter" else {"text": " "} if key == " " else {}
        code = {"Enter": 13, "Tab": 9, " ": 32}[key]
        for kind in ("keyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, code=key if key != " " else "Space",
                     windowsVirtualKeyCode=code, **(text if kind == "keyDown" else {}))

    def drag(self, start, end=None):
        """Presses the mouse at a point, and releases it there or at another one."""
        def mouse(kind, point, buttons=1):
            self.ask("Input.dispatchMouseEvent", type=kind, x=point[0], y=point[1], buttons=buttons, clickCount=1,
                     button="left" if buttons else "none")

        mouse("mouseMoved", start, 0)
        mouse("mousePressed", start)
        if end:
            for step in range(1, 6):
                mouse("mouseMoved", [a + (b - a) * step / 5 for a, b in zip(start, end)])
        mouse("mouseReleased", end or start)
