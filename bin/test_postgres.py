#!/usr/bin/env python3
"""Runs the tests on a PostgreSQL and a Redis of their own, made for this run and removed after it.

Both servers run as an unprivileged user (PostgreSQL refuses root), listen on loopback only, on
free ports below 32768, and keep their files in a temporary folder. They are stopped by pid.
Arguments are handed on to pytest.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UNPRIVILEGED = ("postgres", "nobody")
#: Tests that read files and no database.
ABOUT_FILES = ("architecture", "dependencies", "docs", "translations")
#: Nothing of a test is kept, so nothing has to reach the disk.
FAST = "-c fsync=off -c full_page_writes=off"


def main() -> int:
    command = [str(ROOT / ".venv/bin/python"), "-m", "pytest", "-n", "2"]
    command += ["--ignore=tests/browser", "--ignore=tests/faults", "--ignore=tests/cluster"]
    command += ["--ignore=tests/security"]  # both databases: make test-security
    # publishing/page_cache/test_evidence.py edits every model, too.
    command += ["--ignore=tests/publishing/test_never_stale.py"]
    command += [f"--ignore=tests/test_{name}.py" for name in ABOUT_FILES]
    with servers() as environment:
        # Each process of the run copies this database instead of migrating one of its own.
        migrate = [str(ROOT / ".venv/bin/python"), "manage.py", "migrate", "--verbosity=0"]
        own = {"ENV_FILE": os.devnull, "DATA_DIR": environment["TEST_SERVERS"]}
        subprocess.run(migrate, cwd=ROOT, env={**environment, **own}, check=True)
        environment["TEST_TEMPLATE"] = "portal"
        return subprocess.call([*command, *sys.argv[1:]], cwd=ROOT, env=environment)


@contextlib.contextmanager
def servers(*, is_durable: bool = False) -> Iterator[dict[str, str]]:
    """The environment of a process that uses both servers, while they run.

    With ``is_durable``, what PostgreSQL acknowledges is on the disk.
    """
    commands = Path(required("initdb", Path("/usr/lib/postgresql").glob("*/bin"), "postgresql"))
    redis_server = required("redis-server", [], "redis-server")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix="portal-test-"))
    user = server_user()
    if user:
        shutil.chown(folder, user)
    try:
        postgres, redis = free_ports(2)
        run_as(
            user,
            [
                str(commands.parent / "initdb"),
                "-D",
                str(folder / "pg"),
                "-U",
                "portal",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
            ],
        )
        run_as(
            user,
            [
                str(commands.parent / "pg_ctl"),
                "-D",
                str(folder / "pg"),
                "-w",
                "-l",
                str(folder / "pg.log"),
                "-o",
                f"-p {postgres} -h 127.0.0.1 -k {folder} {'' if is_durable else FAST}",
                "start",
            ],
        )
        address = ["-h", "127.0.0.1", "-p", str(postgres), "-U", "portal"]
        run_as(user, [str(commands.parent / "createdb"), *address, "portal"])
        run_as(
            user,
            [
                redis_server,
                "--port",
                str(redis),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                str(folder),
                "--daemonize",
                "yes",
                "--pidfile",
                str(folder / "redis.pid"),
            ],
        )
        wait_for(redis)
        yield {
            **os.environ,
            "DATABASE_URL": f"postgres://portal@127.0.0.1:{postgres}/portal",
            "CACHE_URL": f"redis://127.0.0.1:{redis}/0",
            # Where their pid files are, for tests that stop them.
            "TEST_SERVERS": str(folder),
        }
    finally:
        stop(folder / "redis.pid", signal.SIGTERM)
        # "Fast shutdown": open connections are ended.
        stop(folder / "pg" / "postmaster.pid", signal.SIGINT)
        shutil.rmtree(folder, ignore_errors=True)


def required(name: str, folders: Iterable[Path], package: str) -> str:
    """Path of a server program; exits with the remedy if it is not installed."""
    for folder in sorted(folders, reverse=True):
        if (folder / name).exists():
            return str(folder / name)
    found = shutil.which(name)
    if not found:
        sys.exit(f"{name} is not installed: apt-get install {package}")
    return found


def server_user() -> str | None:
    """Whom to run the servers as: nobody in particular unless this is root."""
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED:
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    sys.exit("This is root, and there is no user postgres or nobody to run the servers as.")


def run_as(user: str | None, command: list[str]) -> None:
    """Run to its end as ``user``; a failure ends everything and shows what the program said."""
    with tempfile.TemporaryFile("w+") as output:
        # To a file, not a pipe: a server would keep the pipe open when the command has ended.
        result = subprocess.run(
            command,
            user=user,
            group=pwd.getpwnam(user).pw_gid if user else None,
            extra_groups=[] if user else None,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
        output.seek(0)
        if result.returncode:
            sys.exit(f"{command[0]} failed:\n{output.read()}")


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on, outside the range the kernel gives to clients."""
    found: list[int] = []
    for port in range(20000 + os.getpid() % 5000, 32768):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        found.append(port)
        if len(found) == count:
            return found
    sys.exit("No free ports between 20000 and 32768.")


def wait_for(port: int) -> None:
    for _attempt in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=0.2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"Nothing answers on port {port}.")


def stop(pid_file: Path, number: signal.Signals) -> None:
    """Ask the process named in ``pid_file`` to stop and wait up to ten seconds for its end."""
    try:
        pid = int(pid_file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return
    try:
        os.kill(pid, number)
        for _attempt in range(100):
            os.kill(pid, 0)
            time.sleep(0.1)
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


if __name__ == "__main__":
    sys.exit(main())
