"""The comm bridge: a real kernel, a page that speaks the widget protocol, and the stand-in sidecar."""

import hashlib
import json
import sys
import time

import ipykernel
import pytest
from conftest import VIEW, StandIn, copy_package, kill, wait_until
from page import Kernel, Page

MIB = 1024 * 1024

CREATE = """
from pinokiocloud.session import widget_for
widget_for("anywidget", "frame");
"""


@pytest.fixture(scope="module")
def kernel(tmp_path_factory, package):
    folder = tmp_path_factory.mktemp("kernel")
    stand_in = StandIn(folder, package)
    kernel = Kernel(stand_in.env, folder)
    yield kernel
    kernel.end()
    stand_in.end()


@pytest.fixture
def page(kernel, stand_in):
    """A widget of its own in the shared kernel, with a home of its own."""
    return new_page(kernel, stand_in)


def new_page(kernel, stand_in, before=""):
    kernel.comms.clear()
    kernel.execute(
        f"import os, pinokiocloud.session as session\n"
        f"os.environ['PINOKIOCLOUD_HOME'] = {str(stand_in.home)!r}\n"
        f"session.widgets.clear()\n{before}\n{CREATE}"
    )
    assert kernel.errors == []
    return Page(kernel, widget_comm(kernel))


def widget_comm(kernel):
    (comm_id,) = [comm for comm, state in kernel.comms.items() if "bundle" in state]
    return comm_id


@pytest.fixture
def own_kernel(stand_in, tmp_path):
    kernel = Kernel(stand_in.env, tmp_path)
    yield kernel
    kernel.end()


def test_a_view_gets_a_connection_and_frames_travel_unread_both_ways(page, stand_in):
    assert page.open() == {"t": "opened", "view": "v1"}
    assert page.ask(do="who") == {"pid": stand_in.pid(), "via": "comm"}
    frames = ["nicht nur ASCII: äöü 🌲", b"\x00\xff" * 1000, "", b"", bytes(9 * MIB)]
    page.send_frames(*frames)
    assert [page.next_frame() for _ in frames] == frames
    assert page.kernel.printed == []


def test_each_view_has_its_own_connection(page, stand_in):
    page.open("a")
    page.open("b")
    page.send_frames("to a", view="a")
    page.send_frames("to b", view="b")
    assert page.next_frame("a") == "to a"
    assert page.next_frame("b") == "to b"
    page.send(t="close", view="a")
    wait_until(lambda: connections_of(stand_in.pid()) == 1)
    page.send_frames("still here", view="b")
    assert page.next_frame("b") == "still here"


def connections_of(pid):
    import psutil

    return len([c for c in psutil.Process(pid).net_connections("unix") if c.laddr]) - 1  # less the listener


def test_opening_a_view_again_replaces_its_connection(page, stand_in):
    page.open()
    page.open()
    assert page.ask(do="who")["via"] == "comm"
    wait_until(lambda: connections_of(stand_in.pid()) == 1)


def test_frames_sent_before_the_connection_stands_are_kept(page):
    page.send(t="open", view="v1")
    page.send_frames("one", "two")
    assert [page.next_frame(), page.next_frame()] == ["one", "two"]


def test_a_flood_arrives_whole_in_few_messages(page):
    page.open()
    total = 100 * MIB
    began = time.monotonic()
    page.say(do="flood", bytes=total)
    got = 0
    while isinstance(frame := page.next_frame(), bytes):
        assert int.from_bytes(frame[:8], "big") == got
        got += len(frame)
    seconds = time.monotonic() - began
    print(f"comm: {got / seconds / 1e6:.0f} MB/s in {len(page.arrivals) / seconds:.1f} messages/s")
    assert got == total and json.loads(frame) == {"flooded": total}
    assert page.largest_message <= 4 * MIB
    assert page.most_messages_in_a_second() <= 21  # 20, and one for the clock


def test_many_small_frames_of_many_views_stay_below_twenty_messages_a_second(page):
    views = ["a", "b", "c"]
    for view in views:
        page.open(view)
    for _ in range(100):
        for view in views:
            page.send_frames("x" * 50, view=view)
        page.listen(0.005)
    for view in views:
        assert [page.next_frame(view) for _ in range(100)] == ["x" * 50] * 100
    assert page.most_messages_in_a_second() <= 21


def test_a_page_that_stops_acknowledging_holds_only_its_own_view_back(page, stand_in):
    page.open("stuck")
    page.open("fine")
    page.ask("fine", hello=1)
    before = page.kernel.memory_bytes()
    page.acknowledges = False
    page.say("stuck", do="flood", bytes=200 * MIB)
    page.listen(2)
    held_at = stand_in.flooded()
    page.listen(1)
    assert stand_in.flooded() == held_at < 20 * MIB
    assert sum(map(len, page.frames["stuck"])) <= 8 * MIB
    assert page.kernel.memory_bytes() - before < 60 * MIB
    page.acknowledges = True
    assert page.ask("fine", hello=2) == {"hello": 2}


def test_the_bundle_crosses_by_its_hash(page):
    state = page.kernel.comms[page.comm_id]
    assert state["bundle"] == hashlib.sha256(VIEW).hexdigest()
    page.send(t="need-bundle", hash=state["bundle"])
    assert page.expect("bundle") == {"t": "bundle", "hash": state["bundle"], "buffers": [VIEW]}


def test_a_page_whose_bundle_was_replaced_is_told_to_restart(tmp_path, stand_in):
    package = copy_package(tmp_path)
    stand_in.env["PYTHONPATH"] = str(tmp_path)
    kernel = Kernel(stand_in.env, tmp_path)
    try:
        kernel.execute(CREATE)
        page = Page(kernel, widget_comm(kernel))
        (package / "static" / "view.mjs").write_bytes(VIEW + b"// a newer one")
        wanted = kernel.comms[page.comm_id]["bundle"]
        page.send(t="need-bundle", hash=wanted)
        answer = page.expect("no-bundle")
        assert answer["hash"] == wanted and "Restart the kernel" in answer["message"]
    finally:
        kernel.end()


def test_a_view_is_told_when_the_sidecar_goes_and_gets_a_new_one_by_asking_again(page, stand_in):
    page.open()
    pid = page.ask(do="who")["pid"]
    page.send_frames("last words", json.dumps({"do": "exit"}))
    assert page.next_frame() == "last words"
    closed = page.expect("closed", "v1")
    assert (closed["code"], closed["message"]) == ("not-connected", "The sidecar closed the connection")
    page.open()
    assert page.ask(do="who")["pid"] == stand_in.pid() != pid


def test_a_sidecar_that_was_killed_is_replaced(page, stand_in):
    page.open()
    pid = stand_in.pid()
    kill(pid)
    assert page.expect("closed", "v1")["code"] == "not-connected"
    page.open()
    assert page.ask(do="who")["pid"] != pid


def test_a_failed_start_is_told_in_full(page, stand_in):
    error = {"code": "home-not-writable", "message": "The home is not writable", "hint": "Choose another"}
    stand_in.wish(error=error)
    page.send(t="open", view="v1")
    assert page.expect("closed", "v1") == {"t": "closed", "view": "v1", **error}


def test_a_refusal_is_told_in_full(page, stand_in):
    refusal = {"code": "sidecar-ending", "message": "The sidecar is ending", "hint": "Wait"}
    stand_in.wish(refuse=refusal)
    page.send(t="open", view="v1")
    assert page.expect("closed", "v1") == {"t": "closed", "view": "v1", **refusal}


def test_a_view_this_kernel_does_not_know_is_told_so(page):
    page.send_frames("hello?", view="from before the restart")
    assert page.expect("closed", "from before the restart")["code"] == "not-connected"


def test_nonsense_from_the_page_breaks_nothing(page):
    page.open()
    page.send(t="frames", view="v1", kinds="no")
    page.send(t="ack", view="v1", batch="no")
    page.send(t="open", view=None)
    page.send(view="v1")
    assert page.ask(hello=1) == {"hello": 1}


def test_a_page_that_went_away_is_asked_and_then_given_up(own_kernel, stand_in):
    page = new_page(
        own_kernel,
        stand_in,
        before="import pinokiocloud.bridge as bridge\n"
        "bridge.WATCH_INTERVAL_S, bridge.ASK_AFTER_S, bridge.GIVE_UP_AFTER_S = 0.1, 0.5, 1.5",
    )
    page.open()
    page.listen(3)  # acknowledges the empty batches it is asked with
    assert page.ask(hello=1) == {"hello": 1}
    page.acknowledges = False
    closed = page.expect("closed", "v1")
    assert closed["message"].startswith("The page did not answer for")
    wait_until(lambda: connections_of(stand_in.pid()) == 0)


@pytest.mark.skipif(int(ipykernel.__version__.split(".")[0]) < 7, reason="this ipykernel has no subshells")
def test_views_go_on_while_a_cell_runs(own_kernel, stand_in):
    own_kernel.use_subshell()
    page = new_page(own_kernel, stand_in)
    page.open()
    page.say(do="later", seconds=1)
    cell = own_kernel.execute_soon("import time; time.sleep(4)")
    # Sent unasked while the cell runs: what the page says next must still not queue up behind the cell.
    assert json.loads(page.next_frame()) == {"now": True}
    began = time.monotonic()
    for number in range(3):
        assert page.ask(number=number) == {"number": number}
    page.say(do="flood", bytes=12 * MIB)
    while isinstance(page.next_frame(), bytes):
        pass
    assert time.monotonic() - began < 2
    own_kernel.wait_for_cell(cell)


def test_a_kernel_with_a_live_view_ends_at_once_and_in_silence(stand_in, tmp_path):
    log = (tmp_path / "kernel.log").open("w+")
    kernel = Kernel({**stand_in.env, "PYTHONUNBUFFERED": "1"}, tmp_path)
    page = new_page(kernel, stand_in)
    page.open()
    began = time.monotonic()
    kernel.client.shutdown()
    wait_until(lambda: not kernel.manager.is_alive())
    assert time.monotonic() - began < 4
    assert kernel.printed == []
    kernel.end()
    wait_until(lambda: connections_of(stand_in.pid()) == 0)
    log.close()


def test_restarting_the_kernel_leaves_the_sidecar_alone(own_kernel, stand_in):
    page = new_page(own_kernel, stand_in)
    page.open()
    pid = stand_in.pid()
    own_kernel.manager.restart_kernel()
    own_kernel.client.wait_for_ready(timeout=30)
    page = new_page(own_kernel, stand_in)
    page.open()
    assert page.ask(do="who")["pid"] == pid


if __name__ == "__main__":
    raise SystemExit(pytest.main([__file__, "-s", *sys.argv[1:]]))
