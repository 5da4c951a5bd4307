"""Web server and task worker live and die together."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from cluster_site import supervisor
from cluster_site.supervisor import (
    WORKER_NICENESS,
    Part,
    Supervisor,
    ending,
    parts,
    refuse_used_port,
    server_command,
)

PROGRAM = textwrap.dedent("""
    import sys
    from pathlib import Path
    from cluster_site.supervisor import Part, Supervisor
    folder = Path(sys.argv[1])
    lasting = (
        "import os, sys, time; from pathlib import Path;"
        "Path(sys.argv[1]).write_text(str(os.getpid())); time.sleep(60)"
    )
    parts = [
        Part("web server", [sys.executable, "-c", lasting, str(folder / "server.pid")]),
        Part("task worker", [sys.executable, "-c", sys.argv[2] or lasting,
                             str(folder / "worker.pid")], niceness=3),
    ]
    sys.exit(Supervisor(parts).run((folder / "server.pid").exists, "up"))
""")


def wait_until(condition, seconds=20.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def supervised(tmp_path):
    """Starts a supervisor over two small programs; gives its process and their pid files."""
    started = []

    def start(worker: str = "") -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(tmp_path), worker],
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def pid_of(tmp_path, name: str) -> int:
    path = tmp_path / f"{name}.pid"
    wait_until(lambda: path.exists() and path.read_text())
    return int(path.read_text())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_both_and_is_no_failure(supervised, tmp_path, number):
    process = supervised()
    pids = [pid_of(tmp_path, "server"), pid_of(tmp_path, "worker")]
    process.send_signal(number)
    output, _errors = process.communicate(timeout=20)
    assert process.returncode == 0
    assert output.endswith("Stopping.\n")
    assert not any(is_running(pid) for pid in pids)


@pytest.mark.parametrize(
    ("victim", "message"),
    [
        ("server", "The web server ended (signal 9): the task worker is stopped too."),
        ("worker", "The task worker ended (signal 9): the web server is stopped too."),
    ],
)
def test_when_one_dies_the_other_is_stopped(supervised, tmp_path, victim, message):
    process = supervised()
    pids = {name: pid_of(tmp_path, name) for name in ("server", "worker")}
    os.kill(pids[victim], signal.SIGKILL)
    output, _errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert message in output
    assert not any(is_running(pid) for pid in pids.values())


def test_the_worker_steps_back_for_visitors(supervised, tmp_path):
    server, worker = parts()[:2]
    assert (server.niceness, worker.niceness) == (0, WORKER_NICENESS)
    supervised()
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, pid_of(tmp_path, "server")) == own
    worker_pid = pid_of(tmp_path, "worker")
    assert os.getpriority(os.PRIO_PROCESS, worker_pid) == own + 3
    session = Path(f"/proc/{worker_pid}/autogroup")
    if session.exists():
        assert session.read_text().endswith(" nice 3\n")


def test_a_part_that_others_do_without_is_started_again(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(supervisor, "PAUSE", 0.0)
    starts = tmp_path / "starts"
    append = f"import sys; open({str(starts)!r}, 'a').write('x')"
    watched = [
        Part("web server", [sys.executable, "-c", "import time; time.sleep(60)"]),
        Part("metrics exporter", [sys.executable, "-c", append], is_vital=False),
    ]
    running = Supervisor(watched)
    monkeypatch.setattr(supervisor.signal, "signal", lambda *arguments: None)

    def is_up() -> bool:
        if starts.exists() and len(starts.read_text()) >= 3:
            running.is_asked_to_stop = True
        return False

    assert running.run(is_up, "up") == 0
    said = capsys.readouterr().out
    assert "The metrics exporter ended (exit code 0): it is started again." in said
    assert not is_running(watched[0].process.pid)


def test_a_part_that_ends_by_itself_is_named_with_its_exit_code(supervised, tmp_path):
    process = supervised("import sys; sys.exit(3)")
    output, _errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "The task worker ended (exit code 3): the web server is stopped too." in output


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help is Linux's")
def test_both_end_when_the_supervisor_itself_is_killed(supervised, tmp_path):
    process = supervised()
    pids = [pid_of(tmp_path, "server"), pid_of(tmp_path, "worker")]
    process.kill()
    process.wait()
    wait_until(lambda: not any(is_running(pid) for pid in pids))


def test_a_port_in_use_is_refused_with_another_proposed():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SystemExit, match=rf"port {port} .*PORT=\d+ make run"):
            refuse_used_port("127.0.0.1", port)


def test_a_host_that_does_not_exist_is_refused():
    with pytest.raises(SystemExit, match=r"no\.such\.host\.invalid"):
        refuse_used_port("no.such.host.invalid", 8000)


def test_the_server_runs_in_wsgi_mode_and_replaces_failed_workers():
    command = " ".join(server_command())
    assert "--interface wsgi" in command
    assert "--respawn-failed-workers" in command
    assert "--http1-header-read-timeout" in command


def test_endings_are_told_apart():
    assert ending(3) == "exit code 3"
    assert ending(-9) == "signal 9"
