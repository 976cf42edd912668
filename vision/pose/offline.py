"""Keep MediaPipe off the network.

MediaPipe 1.2 counts its own use and sends the counts to ``play.googleapis.com`` with a
libcurl of its own: when a landmarker is closed, and in one that is in use for over a
minute. There is no setting against it (google-ai-edge/mediapipe issue 6291). What is
measured here concerns nobody else, so the landmarker is created in a thread that the
system lets open no internet socket, and every thread it starts inherits that. The rest of
the process keeps its network. After one failed attempt MediaPipe gives up for good.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")

#: Machine -> (AUDIT_ARCH of its kernel interface, number of its ``socket`` call), from
#: linux/audit.h and the kernel's system call tables.
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
_AF_INET, _AF_INET6 = 2, 10
# linux/prctl.h, linux/seccomp.h and linux/bpf_common.h.
_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _SECCOMP_MODE_FILTER = 22, 38, 2
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _FAIL = 0x7FFF0000, 0x00050000
_OFFSET_CALL, _OFFSET_ARCH, _OFFSET_FIRST_ARGUMENT = 0, 4, 16
#: Port 9 discards by convention; nothing listens there, so curl gives up at once.
_NO_PROXY_THERE = "http://127.0.0.1:9"


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def run_offline(create: Callable[[], _T]) -> _T:
    """Return what ``create`` returns, after calling it where no internet socket opens.

    Threads that it starts stay without network for life; all others keep theirs. Where
    the system has no such limit for a thread (anything but Linux on x86-64 and ARM64),
    MediaPipe's sender is stopped by pointing the process's https requests at a proxy that
    does not exist.
    """
    with ThreadPoolExecutor(1, "offline") as thread:
        if not thread.submit(_deny_internet_sockets).result():
            os.environ["https_proxy"] = _NO_PROXY_THERE
            os.environ["no_proxy"] = ""
        return thread.submit(create).result()


def _deny_internet_sockets() -> bool:
    """Let the calling thread and its later children open no internet socket.

    Returns
    -------
    bool
        False when the system cannot do that.
    """
    if sys.platform != "linux" or platform.machine() not in _MACHINES:
        return False
    filter_program = _socket_filter(*_MACHINES[platform.machine()])
    program = _Program(len(filter_program) // 8, filter_program)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    denied: int = libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program))
    return denied == 0


def _socket_filter(architecture: int, socket_call: int) -> bytes:
    """Return the kernel filter: ``socket`` for IPv4 or IPv6 fails, all else passes."""
    instructions = (
        (_LOAD, 0, 0, _OFFSET_ARCH),
        (_JUMP_IF_EQUAL, 0, 5, architecture),
        (_LOAD, 0, 0, _OFFSET_CALL),
        (_JUMP_IF_EQUAL, 0, 3, socket_call),
        (_LOAD, 0, 0, _OFFSET_FIRST_ARGUMENT),
        (_JUMP_IF_EQUAL, 2, 0, _AF_INET),
        (_JUMP_IF_EQUAL, 1, 0, _AF_INET6),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _FAIL | errno.EACCES),
    )
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in instructions)
