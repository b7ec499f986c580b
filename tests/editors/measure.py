"""Measures how long diagnostics take after a change: measure.py POSTMEND POST…

Each post is repeated up to a megabyte. Its text is changed 50 times, in the middle, and each time the clock runs
from the change being written to the last byte of the diagnostics being read.
"""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

CHANGES = 50
SIZE = 1 << 20


class Server:
    def __init__(self, postmend):
        self.process = subprocess.Popen([postmend, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def send(self, method, params, **more):
        content = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(content) + content)
        self.process.stdin.flush()

    def receive(self):
        length = int(self.process.stdout.readline().split(b":")[1])
        self.process.stdout.readline()
        return self.process.stdout.read(length)


def measure(postmend, name, text):
    text = text * (SIZE // len(text.encode()) + 1)
    lines = text.split("\n")
    line = len(lines) // 2
    uri = f"file:///nowhere/{name}.md"
    server = Server(postmend)
    server.send("initialize", {"capabilities": {}}, id=1)
    server.receive()
    document = {"uri": uri, "languageId": "markdown", "version": 0, "text": text}
    server.send("textDocument/didOpen", {"textDocument": document})
    told = server.receive()
    times = []
    for version in range(1, CHANGES + 1):
        at = {"line": line, "character": len(lines[line]) // 2}
        change = {"range": {"start": at, "end": at}, "text": "x"}
        before = time.perf_counter()
        document = {"uri": uri, "version": version}
        server.send("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
        told = server.receive()
        times.append((time.perf_counter() - before) * 1000)
    params = json.loads(told)["params"]
    assert params["version"] == CHANGES, params["version"]
    server.send("shutdown", None, id=2)
    server.receive()
    server.send("exit", None)
    server.process.wait()
    size, findings = len(text.encode()) / SIZE, len(params["diagnostics"])
    print(
        f"{name}: {size:.2f} MB, {findings} findings, {len(told) / 1024:.0f} KB told: "
        f"median {statistics.median(times):.1f} ms, most {max(times):.1f} ms"
    )


for path in sys.argv[2:]:
    measure(sys.argv[1], Path(path).stem, Path(path).read_text())
