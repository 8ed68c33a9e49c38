"""Walls around a worker: no network, bounded memory and files, no life after the service.

The wall against the network exists on Linux; elsewhere the keyword scan stands alone.
"""

import contextlib
import ctypes
import errno
import math
import os
import resource
import signal
import sys
import time
from pathlib import Path
from typing import Final

_PAGE: Final = resource.getpagesize()
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NAME: Final = 15
_PR_SET_CHILD_SUBREAPER: Final = 36
_CLONE_THREAD: Final = 0x00010000
_DENIED: Final = (
    "socket",
    "socketpair",
    "connect",
    "bind",
    "listen",
    "accept",
    "accept4",
    "execve",
    "execveat",
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "pidfd_getfd",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
)
_WITHOUT_THREADS: Final = ("fork", "vfork")


def die_with_parent(parent: int) -> None:
    """Be killed when the process `parent` ends; exits at once if it is gone already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans() -> bool:
    """Become the parent of processes further down whose own parent ends; whether that works."""
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)


def name_process(name: str) -> None:
    """What `ps -e` and `top` call this process, in up to 15 characters; on Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_NAME, name.encode())


def close_network() -> None:
    """Deny sockets and new programs to this process and all its threads, for good."""
    if sys.platform != "linux":
        return
    from seccompy import ArgCmp, CmpOp, Filter, FilterFlag, arch

    wall = Filter(flags=FilterFlag.TSYNC)
    for name in _DENIED:
        wall.errno(name, errno.EPERM)
    if arch() == "x86_64":  # others never had these calls
        for name in _WITHOUT_THREADS:
            wall.errno(name, errno.EPERM)
    wall.errno("clone3", errno.ENOSYS)  # its flags cannot be seen; libc turns to clone
    not_a_thread = ArgCmp(0, CmpOp.MASKED_EQ, 0, mask=_CLONE_THREAD)
    wall.errno("clone", errno.EPERM, args=[not_a_thread])
    wall.load()


def limit_memory(more: int) -> None:
    """Let the address space grow by at most so many bytes from what it is now."""
    size = _statm("self")[0]
    if size:
        _limit(resource.RLIMIT_AS, size + more)


def limit_files(size: int) -> None:
    """Let no file that is written grow past so many bytes."""
    _limit(resource.RLIMIT_FSIZE, size)


def private_memory(pid: int) -> int:
    """Bytes of memory that the process shares with nobody; 0 where that is not told."""
    _, resident, shared = _statm(str(pid))
    return resident - shared


def processor_time(pid: int) -> float:
    """Seconds of processor time that a process has taken; infinity where that is not told."""
    if sys.platform != "linux":
        return math.inf
    try:
        return time.clock_gettime((~pid << 3) | 2)  # man 3 clock_getcpuclockid, as libc makes it
    except OSError:
        return math.inf


def machine_memory() -> int:
    """Bytes of memory that the machine has."""
    return os.sysconf("SC_PHYS_PAGES") * _PAGE


def count_threads() -> int:
    """How many threads this process has, also those that Python does not know; 1 if not told."""
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.is_dir() else 1


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (value if hard < 0 else min(value, hard), hard))


def _statm(pid: str) -> tuple[int, int, int]:
    try:
        size, resident, shared, *_ = Path(f"/proc/{pid}/statm").read_text("ascii").split()
    except OSError:
        return 0, 0, 0
    return int(size) * _PAGE, int(resident) * _PAGE, int(shared) * _PAGE
