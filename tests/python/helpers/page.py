"""A page in a browser, as a kernel sees it: it speaks the widget protocol over a real kernel's channels."""

import json
import time
from queue import Empty

from jupyter_client import BlockingKernelClient, KernelManager

LIMIT_S = 20


class Kernel:
    """A kernel of our own, or one that a Jupyter server started when its connection file is given."""

    def __init__(self, env=None, cwd=None, connection_file=None):
        self.manager = KernelManager()
        if connection_file is None:
            self.manager.start_kernel(env=env, cwd=str(cwd))
            self.client = self.manager.blocking_client()
        else:
            self.client = BlockingKernelClient(connection_file=str(connection_file))
            self.client.load_connection_file()
        self.client.start_channels()
        self.wait_until_ready()
        self.subshell = None
        self.printed = []
        self.displayed = []
        self.errors = []
        self.comms = {}

    def wait_until_ready(self, limit_s=30):
        """A client without a manager takes a heart that has not beaten yet for one that stopped."""
        end = time.monotonic() + limit_s
        while True:
            try:
                return self.client.wait_for_ready(timeout=limit_s)
            except RuntimeError as error:
                if "died" not in str(error) or time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def execute(self, code):
        """Runs a cell and waits for its end; what it shows and the comms it opens are noted."""
        self.wait_for_cell(self.execute_soon(code))

    def execute_soon(self, code):
        return self.client.execute(code)

    def wait_for_cell(self, request):
        end = time.monotonic() + LIMIT_S
        while True:
            message = self.receive(end)
            self.note(message)
            is_idle = message["msg_type"] == "status" and message["content"]["execution_state"] == "idle"
            if is_idle and message["parent_header"].get("msg_id") == request:
                return

    def receive(self, end):
        try:
            return self.client.get_iopub_msg(timeout=max(0.001, end - time.monotonic()))
        except Empty:
            raise TimeoutError("The kernel was silent") from None

    def note(self, message):
        content = message["content"]
        if message["msg_type"] == "stream":
            self.printed.append(content["text"])
        elif message["msg_type"] in ("display_data", "execute_result"):
            self.displayed.append(content["data"])
        elif message["msg_type"] == "error":
            self.errors.append(content)
        elif message["msg_type"] == "comm_open":
            self.comms[content["comm_id"]] = content["data"].get("state", {})

    def use_subshell(self):
        """Sends comm messages as JupyterLab does where the kernel can answer them while a cell runs."""
        session = self.client.session
        request = session.msg("create_subshell_request")
        self.client.control_channel.send(request)
        while True:
            reply = self.client.get_control_msg(timeout=LIMIT_S)
            if reply["parent_header"].get("msg_id") == request["header"]["msg_id"]:
                self.subshell = reply["content"]["subshell_id"]
                return

    def send_comm(self, comm_id, content, buffers=()):
        session = self.client.session
        data = {"method": "custom", "content": content}
        message = session.msg("comm_msg", {"comm_id": comm_id, "data": data})
        if self.subshell is not None:
            message["header"]["subshell_id"] = self.subshell
        session.send(self.client.shell_channel.socket, message, buffers=[memoryview(b) for b in buffers])

    def memory_bytes(self):
        import psutil

        return psutil.Process(self.manager.provisioner.pid).memory_info().rss

    def end(self):
        self.client.stop_channels()
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=True)


class Page:
    """Some views of one widget. It acknowledges what it gets unless `acknowledges` is off."""

    def __init__(self, kernel, comm_id):
        self.kernel = kernel
        self.comm_id = comm_id
        self.acknowledges = True
        self.arrivals = []
        self.largest_message = 0
        self.frames = {}
        self._others = []

    def send(self, **content):
        self.kernel.send_comm(self.comm_id, content)

    def open(self, view="v1"):
        self.send(t="open", view=view)
        return self.expect("opened", view)

    def send_frames(self, *frames, view="v1"):
        """Text as str, binary as bytes."""
        kinds = [0 if isinstance(frame, str) else 1 for frame in frames]
        buffers = [frame.encode() if isinstance(frame, str) else frame for frame in frames]
        self.kernel.send_comm(self.comm_id, {"t": "frames", "view": view, "kinds": kinds}, buffers)

    def say(self, view="v1", **message):
        self.send_frames(json.dumps(message), view=view)

    def ask(self, view="v1", **message):
        self.say(view, **message)
        return json.loads(self.next_frame(view))

    def next_frame(self, view="v1", seconds=LIMIT_S):
        end = time.monotonic() + seconds
        while not self.frames.get(view):
            self.step(end)
        return self.frames[view].pop(0)

    def expect(self, kind, view=None, seconds=LIMIT_S):
        """The next message of this kind, which is not `frames`."""
        end = time.monotonic() + seconds
        while True:
            for message in self._others:
                if message["t"] == kind and view in (None, message.get("view")):
                    self._others.remove(message)
                    return message
            self.step(end)

    def listen(self, seconds):
        end = time.monotonic() + seconds
        try:
            while True:
                self.step(end)
        except TimeoutError:
            pass

    def step(self, end):
        message = self.kernel.receive(end)
        content = message["content"]
        if message["msg_type"] != "comm_msg" or content["comm_id"] != self.comm_id:
            self.kernel.note(message)
            return
        if content["data"]["method"] != "custom":
            return
        custom = content["data"]["content"]
        buffers = [bytes(buffer) for buffer in message["buffers"]]
        self.arrivals.append(time.monotonic())
        self.largest_message = max(self.largest_message, sum(map(len, buffers)))
        if custom["t"] != "frames":
            self._others.append({**custom, "buffers": buffers} if buffers else custom)
            return
        inbox = self.frames.setdefault(custom["view"], [])
        for kind, buffer in zip(custom["kinds"], buffers, strict=True):
            inbox.append(buffer.decode() if kind == 0 else buffer)
        if self.acknowledges:
            self.send(t="ack", view=custom["view"], batch=custom["batch"])

    def most_messages_in_a_second(self):
        times = self.arrivals
        return max(sum(1 for other in times if 0 <= other - first < 1) for first in times)
