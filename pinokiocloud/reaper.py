"""Starts one program and stays its parent: python -I -S reaper.py NAME=VALUE <group> <program> <argument>…

Whatever that program starts, and whatever those start, comes to this process when its own parent ends, however it
tried to get away. So all of it can be found while the program runs, and when the program is gone, be it by kill -9,
what is left is ended here. Then the control group that held all of it goes too; `-` stands for none.
Stands alone and starts in a few milliseconds: no import that is not needed.
"""

import _signal as signal  # what `signal` puts around it takes half as long to load as Python itself
import ctypes
import os
import time

PR_SET_CHILD_SUBREAPER = 36
CLONE3 = 435
CLONE_INTO_CGROUP = 0x200000000
GRACE_S = 2.0
# One that waits for a dead disk cannot be killed: nobody should wait for it.
LIMIT_S = 12.0
FORWARDED = (signal.SIGTERM, signal.SIGINT)


def main(variable, group, program):
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.pthread_sigmask(signal.SIG_BLOCK, FORWARDED)
    child = fork_into(group)
    if child == 0:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, FORWARDED)
        name, _, value = variable.partition("=")
        os.environ[name] = value
        os.execv(program[0], program)

    is_over = False

    def forward(number, _):
        if not is_over:
            os.kill(child, number)

    for number in FORWARDED:
        signal.signal(number, forward)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, FORWARDED)
    close_others()  # whoever waits for the program to close its files must not wait for this process
    status = None
    while status is None:
        pid, ended = os.waitpid(-1, 0)
        if pid == child:
            status = ended
    is_over = True
    end_the_rest()
    if group != "-":
        remove(group)
    if os.WIFSIGNALED(status):
        return 128 + os.WTERMSIG(status)
    return os.WEXITSTATUS(status)


def close_others():
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2:
            try:  # noqa: SIM105
                os.close(int(name))
            except OSError:
                pass  # the one that listed them


def end_the_rest():
    """Asked first, killed after two seconds, until this process has no child, and so no descendant."""
    started = time.monotonic()
    asked = set()
    while time.monotonic() - started < LIMIT_S and not reaped_all():
        is_late = time.monotonic() - started > GRACE_S
        for pid in descendants():
            if not is_late and pid in asked:
                continue
            asked.add(pid)
            tell(pid, signal.SIGKILL if is_late else signal.SIGTERM)
            tell(pid, signal.SIGCONT)
        time.sleep(0.02)


def fork_into(group):
    """As os.fork. Where the system can do that the child is in the group from its first instruction on."""
    if group == "-":
        return os.fork()
    try:
        folder = os.open(group, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return os.fork()
    order = (ctypes.c_uint64 * 11)(CLONE_INTO_CGROUP, 0, 0, 0, signal.SIGCHLD, 0, 0, 0, 0, 0, folder)
    child = ctypes.PyDLL(None).syscall(CLONE3, order, ctypes.sizeof(order))
    if child < 0:
        child = os.fork()
        if child != 0:
            enter(group, child)  # takes a while; the program takes longer until it starts anything
    if child != 0:
        os.close(folder)
    return child


def enter(group, pid):
    try:
        with open(os.path.join(group, "cgroup.procs"), "w") as file:
            file.write(str(pid))
    except OSError:
        pass  # it is found without


def remove(group):
    try:  # noqa: SIM105
        os.rmdir(group)
    except OSError:
        pass  # whoever made it tries as well


def reaped_all():
    try:
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass
        return False
    except ChildProcessError:
        return True


def descendants():
    children = {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", "rb") as file:
                fields = file.read().rpartition(b")")[2].split()
        except OSError:
            continue  # gone meanwhile
        if fields[0] != b"Z":
            children.setdefault(int(fields[1]), []).append(int(name))
    found = []
    left = [os.getpid()]
    while left:
        for pid in children.get(left.pop(), ()):
            found.append(pid)
            left.append(pid)
    return found


def tell(pid, number):
    try:  # noqa: SIM105
        os.kill(pid, number)
    except OSError:
        pass  # gone


if __name__ == "__main__":
    import sys

    # Not through sys.exit: there is nothing to clean up.
    os._exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
