"""A page over a real kernel's comm: shows a run's output as our own transport does, and prints as JSON how long it took.

It gives credit and acknowledges as `src/widgets/comm-transport.ts` and `src/runtime/client/output-stream.ts` do.
"""

import json
import os
import sys
import time

order = json.loads(sys.argv[1])
sys.path.insert(0, order["helpers"])

from page import Kernel  # noqa: E402

WIDGET = "application/vnd.jupyter.widget-view+json"
STREAM = 1
OUTPUT_HEADER_BYTES = 12
WINDOW_BYTES = 4 * 1024 * 1024
BETWEEN_MESSAGES_S = 0.05
LIMIT_S = 120

HELLO = {
    "t": "hello",
    "protocol": [1, 1],
    "client": {"name": "bench", "version": "0"},
    "events": False,
    "resume": None,
}

# Runs in the kernel: what a comm carries when nothing is asked of it but bytes.
BARE = """
import comm
channel = comm.create_comm(target_name="bench", data={{}})
with open({log!r}, "rb") as file:
    while chunk := file.read(1024 * 1024):
        channel.send({{}}, buffers=[chunk])
"""


def main():
    kernel = Kernel(dict(os.environ), os.getcwd())
    try:
        kernel.execute("import pinokiocloud; pinokiocloud.start()")
        if kernel.errors:
            raise SystemExit(str(kernel.errors))
        comm_id = kernel.displayed[-1][WIDGET]["model_id"]
        measured = {"bridge": [], "stalled": [], "bare": []}
        for number in range(order["rounds"]):
            measured["bare"].append(view_bare_comm(kernel))
            measured["bridge"].append(view_over_bridge(kernel, comm_id, f"alone{number}"))
            measured["stalled"].append(view_over_bridge(kernel, comm_id, f"beside{number}", f"stalled{number}"))
    finally:
        kernel.end()
    print(json.dumps(measured))


def view_bare_comm(kernel):
    kernel.execute_soon(BARE.format(log=order["log"]))
    end = time.monotonic() + LIMIT_S
    begun = received = 0
    while received < order["bytes"]:
        message = kernel.receive(end)
        if message["msg_type"] == "error":
            raise SystemExit(str(message["content"]))
        if message["msg_type"] == "comm_open":
            begun = time.monotonic()
        received += sum(map(len, message["buffers"]))
    return {"seconds": time.monotonic() - begun}


def view_over_bridge(kernel, comm_id, name, stalled_name=None):
    arrivals = []
    if stalled_name is not None:
        stalled = View(kernel, comm_id, stalled_name, stalls=True)
        while stalled.received == 0:
            stalled.take(next_message(kernel, comm_id, stalled.seconds_until_send()))
            stalled.send_when_due()
    view = View(kernel, comm_id, name)
    while not view.is_over:
        message = next_message(kernel, comm_id, view.seconds_until_send())
        if message is not None:
            arrivals.append(time.monotonic())
        view.take(message)
        view.send_when_due()
    seconds = time.monotonic() - view.begun
    if view.received != order["bytes"]:
        raise SystemExit(f"The view got {view.received} of {order['bytes']} bytes")
    view.close()
    if stalled_name is not None:
        stalled.close()
    return {"seconds": seconds, "busiestSecond": most_in_a_second(arrivals)}


class View:
    """One that stalls neither acknowledges output nor gives more credit than its first."""

    def __init__(self, kernel, comm_id, name, stalls=False):
        self._kernel = kernel
        self._comm_id = comm_id
        self._name = name
        self._stalls = stalls
        self._waiting = []
        self._sent_at = 0
        self.begun = 0
        self.received = 0
        self.is_over = False
        self._send({"t": "open"})

    def take(self, message):
        content, buffers = message or ({}, ())
        if content.get("view") != self._name:
            return
        if content["t"] == "opened":
            self._say(HELLO)
        elif content["t"] == "closed":
            raise SystemExit(str(content))
        elif content["t"] == "frames":
            for kind, frame in zip(content["kinds"], buffers, strict=True):
                self._take_frame(kind, frame)
            if not (self._stalls and self.received > 0):
                self._send({"t": "ack", "batch": content["batch"]})

    def _take_frame(self, kind, frame):
        if kind == 1:
            length = len(frame) - OUTPUT_HEADER_BYTES
            self.received += length
            if not self._stalls:
                self._say({"t": "credit", "stream": STREAM, "bytes": length})
            return
        message = json.loads(bytes(frame))
        if message["t"] == "welcome":
            self.begun = time.monotonic()
            wanted = {"stream": STREAM, "runId": order["runId"], "offset": 0, "credit": WINDOW_BYTES}
            self._say({"t": "q", "i": "1", "m": "output.open", "a": [wanted]})
        elif message["t"] == "end":
            self.is_over = True
        elif message["t"] == "refused" or message.get("r", {}).get("ok") is False:
            raise SystemExit(str(message))

    def _say(self, message):
        """The first frame after a silence goes at once, those that follow are gathered."""
        self._waiting.append(json.dumps(message).encode())
        self.send_when_due()

    def seconds_until_send(self):
        if not self._waiting:
            return LIMIT_S
        return max(0, self._sent_at + BETWEEN_MESSAGES_S - time.monotonic())

    def send_when_due(self):
        if not self._waiting or self.seconds_until_send() > 0:
            return
        self._sent_at = time.monotonic()
        frames, self._waiting = self._waiting, []
        self._send({"t": "frames", "kinds": [0] * len(frames)}, frames)

    def close(self):
        self._send({"t": "close"})

    def _send(self, content, buffers=()):
        self._kernel.send_comm(self._comm_id, {**content, "view": self._name}, buffers)


def next_message(kernel, comm_id, seconds):
    """What the bridge says next, or None when it says nothing for so long."""
    end = time.monotonic() + seconds
    while True:
        try:
            message = kernel.receive(end)
        except TimeoutError:
            if seconds < LIMIT_S:
                return None
            raise
        content = message["content"]
        if (
            message["msg_type"] == "comm_msg"
            and content["comm_id"] == comm_id
            and content["data"]["method"] == "custom"
        ):
            return content["data"]["content"], message["buffers"]


def most_in_a_second(times):
    return max(sum(1 for other in times if 0 <= other - first < 1) for first in times)


main()
