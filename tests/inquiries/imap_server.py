"""A real IMAP server (Dovecot) for one run of tests, as an unprivileged user on loopback.

Its files live in a temporary folder; it is stopped by its pid.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

DOVECOT = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/sbin")
USER, PASSWORD = "answers", "pass/word:1"

CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_location = maildir:{folder}/mail
first_valid_uid = 1
first_valid_gid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""


@contextmanager
def running_server() -> Iterator[tuple[int, Path]]:
    """Port and mail folder of a server that answers."""
    folder = Path(tempfile.mkdtemp(prefix="portal-imap-"))
    user = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    group = subprocess.check_output(["getent", "group", str(user.pw_gid)], text=True).split(":")[0]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    for name in ("run", "state", "home", "mail", "mail/new", "mail/cur", "mail/tmp"):
        (folder / name).mkdir()
    names = {"folder": folder, "user": user.pw_name, "group": group}
    (folder / "dovecot.conf").write_text(
        CONFIGURATION.format(**names, password=PASSWORD, port=port)
    )
    as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    is_root = os.geteuid() == 0
    if is_root:
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, user.pw_uid, user.pw_gid)
    process = subprocess.Popen(
        [DOVECOT, "-F", "-c", str(folder / "dovecot.conf")],
        cwd="/",
        stderr=subprocess.DEVNULL,
        **(as_user if is_root else {}),
    )
    try:
        wait_for(port, folder / "dovecot.log")
        yield port, folder / "mail"
    finally:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(port: int, log: Path) -> None:
    """Until the greeting comes; an answer of the kernel alone is not enough."""
    for _attempt in range(100):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.5) as connection:
            if connection.recv(100).startswith(b"* OK"):
                return
        time.sleep(0.1)
    raise RuntimeError(log.read_text() if log.exists() else "The IMAP server said nothing.")
