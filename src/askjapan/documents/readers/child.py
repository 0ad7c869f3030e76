"""A process that does one job after another for this one within limits of memory and time: JSON in, JSON out, a line each.

If a job hangs, takes too much memory or crashes, only that job is lost: the process is ended, and the next job starts another.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import IO, Any

from askjapan import errors
from askjapan.errors import AskJapanError
from askjapan.sayings import Saying

Message = Mapping[str, Any]


class Child:
    """A child process, started when it is first needed.

    Args:
        module: run with `python -m`; it answers with `serve`, or as that does.
    """

    def __init__(self, module: str) -> None:
        self.module = module
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._replies: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._owner = 0

    def ask(self, request: Message, seconds: float, patience: float) -> Any:  # noqa: ANN401 - what a reply holds depends on the request
        """The reply to a request.

        Args:
            request: JSON-ready.
            seconds: that the job may take.
            patience: seconds to wait for the jobs of other threads before; -1 for as long as they take.

        Raises:
            BlockingIOError: the jobs before it took too long.
            TimeoutError: the job took too long.
            ChildProcessError: the process ended over the job; its `errno` is the exit code, below zero for a signal.
            OSError: it cannot be started.
            AskJapanError: the job raised it; the reply is `told` of it.
        """
        if not self._lock.acquire(timeout=patience):
            raise BlockingIOError(f"{self.module} is busy.")
        try:
            reply = self._exchange(json.dumps(request), seconds)
        finally:
            self._lock.release()
        if isinstance(reply, dict) and "error" in reply:
            kind: type[AskJapanError] = getattr(errors, reply["error"])
            raise kind(Saying.parsed(reply["saying"]) if "saying" in reply else reply["message"], reply["remedy"])
        return reply

    def stop(self) -> None:
        """End the process, if it runs."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()

    def _exchange(self, request: str, seconds: float) -> Any:  # noqa: ANN401
        process = self._running()
        assert process.stdin is not None
        over = False
        try:
            process.stdin.write(request + "\n")
            process.stdin.flush()
            line = self._replies.get(timeout=seconds)
            over = True
        except queue.Empty:
            raise TimeoutError(f"{self.module} took longer than {seconds:.0f} seconds.") from None
        except OSError:
            line, over = "", True  # it ended before it had read the request
        finally:
            # Whoever is interrupted goes on without the reply, which would be taken for that to the next request.
            if not over:
                self.stop()
        if line.endswith("\n"):
            reply = json.loads(line)
            if isinstance(reply, dict) and reply.get("spoiled"):
                self.stop()
            return reply
        code = process.wait(10)
        self.stop()
        raise ChildProcessError(code, f"{self.module} ended with code {code}.")

    def _running(self) -> subprocess.Popen[str]:
        if self._process is not None and self._owner == os.getpid() and self._process.poll() is None:
            return self._process
        self.stop()
        # It finds the package where this process found it, and nothing in the folder that it happens to run in.
        path = os.pathsep.join(os.path.abspath(place) for place in sys.path)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-W", "ignore", "-m", self.module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1"},
            encoding="utf-8",
        )
        self._owner, self._replies = os.getpid(), queue.SimpleQueue()
        threading.Thread(target=_listen, args=(self._process.stdout, self._replies), name=self.module, daemon=True).start()
        return self._process


class Children:
    """Several processes of one kind, each started when it is first needed.

    Of jobs that share a name only one is done at a time: so what takes long, such as the pages of one file, never takes all processes.

    Args:
        module: as for `Child`.
        count: of processes.
    """

    def __init__(self, module: str, count: int) -> None:
        self.module = module
        self._all = [Child(module) for _ in range(count)]
        self._idle = list(self._all)
        self._named: set[str] = set()
        self._changed = threading.Condition()

    def ask(self, request: Message, name: str, seconds: float, patience: float) -> Any:  # noqa: ANN401 - as of `Child.ask`
        """The reply to a request.

        Args:
            request, seconds: as for `Child.ask`; errors as there.
            name: which no other job that is being done has.
            patience: seconds to wait for a process, and for the job with that name.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._idle and name not in self._named, patience):
                raise BlockingIOError(f"{self.module} is busy.")
            self._named.add(name)
            child = self._idle.pop()
        try:
            return child.ask(request, seconds, 0)
        finally:
            with self._changed:
                self._named.discard(name)
                self._idle.append(child)
                self._changed.notify_all()

    def stop(self) -> None:
        """End the processes that run."""
        for child in self._all:
            child.stop()


def _listen(pipe: IO[str], replies: queue.SimpleQueue[str]) -> None:
    try:
        for line in pipe:
            replies.put(line)
    except ValueError:
        return  # the pipe was closed by `stop`
    replies.put("")


def told(error: AskJapanError) -> Message:
    """An error as a reply, which `Child.ask` raises again."""
    message = {"error": type(error).__name__, "message": error.message, "remedy": error.remedy}
    return message if error.reason == type(error).__name__ else {**message, "saying": asdict(error.saying)}


def words_of(error: Exception) -> str:
    """The kind of an unforeseen error and its words, on one line and cut, without a full stop."""
    words = " ".join(str(error).split())[:200].rstrip(".")
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def serve(reply: Callable[[Message], Message]) -> None:
    """Answer requests until the other side closes the pipe, or a reply has `spoiled`: a failed job may have left this process unusable.

    `memory` in a request is the limit that holds from then on.
    """
    # Libraries may print; only replies go to the other side.
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    limited = 0
    for line in sys.stdin:
        request = json.loads(line)
        if request["memory"] != limited:
            limit_memory(limited := request["memory"])
        replies.write(json.dumps(answer := reply(request)) + "\n")
        replies.flush()
        if answer.get("spoiled"):
            return


def limit_memory(limit: int) -> None:
    """Limit the address space of this process to so many bytes, where the system has such a limit (not on macOS and Windows)."""
    try:
        import resource
    except ImportError:
        return
    _, highest = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit, highest))
