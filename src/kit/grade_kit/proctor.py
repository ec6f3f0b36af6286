"""Proctors: processes that have collected a day's hidden suite and fork an examiner for each job, where many are expected.

```text
large zygote ──fork──► stand-in ──fork──► proctor ──fork──► examiner
      │                       ▲             ▲
      └──messages, descriptors┴─────────────┘ of one suite, over one socket: the proctor reads them while there is one
```

To start pytest and collect a suite takes as long as many suites run. A proctor does so once. Where it cannot, or where it dies, it leaves what it has
not read to its stand-in, which is as the zygote was and has each job collect the suite anew. So what is wrong with a suite is said of each job by an
examiner of its own, and a proctor has nothing to report.

Neither holds what a job brings, and both end when the zygote hangs up, or ends. No learner's code ever runs in them.
"""

from __future__ import annotations

import os
import socket

from . import examiner, forks

# Suites that have a proctor at one time: more than a course has days.
MOST = 32


class Proctors:
    """The proctors of a zygote that is told what to do on `control`."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        # To the proctor of each suite, by its folder, whose name has the digest of what is in it. Those that were needed last stand last.
        self._sockets: dict[str, socket.socket] = {}

    def take(self, told: forks.Told) -> bool:
        """Hands a job on to the proctor of its suite, who may have to be there first. Returns whether it was one, and taken."""
        kind, job = told.parts()
        if kind != "examine":
            return False
        suite = job["suite"]
        proctor = self._sockets.pop(suite, None) or self._start(suite, told)
        try:
            told.send(proctor)
        except OSError:
            # It is gone, with its stand-in. The next job has another one.
            proctor.close()
            return False
        self._sockets[suite] = proctor
        if len(self._sockets) > MOST:
            self._sockets.pop(next(iter(self._sockets))).close()
        return True

    def close(self) -> None:
        """Lets go of all of them: a fork that held on to one would keep it from its end."""
        while self._sockets:
            self._sockets.popitem()[1].close()

    def _start(self, suite: str, told: forks.Told) -> socket.socket:
        ours, theirs = forks.sockets()
        if os.fork() == 0:
            try:
                self.close()
                for other in (ours, self._control, told):
                    other.close()
                _stand_in(suite, theirs)
            finally:
                os._exit(0)
        theirs.close()
        return ours


def _stand_in(suite: str, jobs: socket.socket) -> None:
    """Has a proctor do the work, and does it where there is none."""
    if os.fork() == 0:
        try:
            examiner.attend(suite, jobs)
        finally:
            os._exit(0)
    os.wait()
    if told := forks.serve(jobs):
        _, job = told.parts()
        examiner.main(job, *told.descriptors)
    else:
        forks.wait()
