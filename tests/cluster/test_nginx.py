"""``deploy/nginx.conf`` in front of a running portal: what it keeps, refuses and passes on."""

from __future__ import annotations

import contextlib
import gzip
import re
import socket
import subprocess
import time

import pytest

from tests.cluster.nodes import until
from tests.cluster.proxy import DEPLOY, answer


def state(cluster, path: str, **headers: str) -> str:
    """What nginx says of the last answer in its log: HIT, MISS, REVALIDATED, "-" …"""
    log = cluster.proxy.folder / "portal.log"
    before = log.stat().st_size
    answer(f"{cluster.url}{path}", **headers)
    until(lambda: log.stat().st_size > before)
    return log.read_text()[before:].splitlines()[-1].split()[-2]


def test_the_configuration_is_accepted(running):
    done = subprocess.run(
        [*running.proxy.command, "-t"], capture_output=True, text=True, check=False
    )
    assert "syntax is ok" in done.stderr
    assert "[warn]" not in done.stderr


@pytest.mark.parametrize("site", ["site", "compose/site"])
def test_the_examples_of_a_site_are_accepted(place, running, site):
    """One has TLS; the other belongs to containers, whose names mean nothing here."""
    folder = place / site.replace("/", "-")
    for name in ("site", "run", "var/cache/nginx", "var/lib/nginx", "var/log/nginx"):
        (folder / name).mkdir(parents=True)
    (folder / "nginx.conf").write_text((DEPLOY / "nginx.conf").read_text())
    (folder / "portal").symlink_to(running.proxy.folder / "portal")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-subj", "/CN=invest.example.org"),
            *("-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")),
        ],
        check=True,
        capture_output=True,
    )
    for example in (DEPLOY / site).glob("*.conf"):
        text = example.read_text(encoding="utf-8")
        text = text.replace("/etc/letsencrypt/live/invest.example.org/", f"{folder}/")
        text = text.replace(" modules/", " /usr/lib/nginx/modules/")
        text = re.sub(r"(?<= )/(var|run)/", rf"{folder}/\1/", text)
        text = re.sub(r"^user .*", "", text, flags=re.MULTILINE)
        text = re.sub(r"server node\d", "server 127.0.0.1", text)
        (folder / "site" / example.name).write_text(text, encoding="utf-8")
    command = [running.proxy.command[0], "-p", str(folder), "-c", str(folder / "nginx.conf"), "-t"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "syntax is ok" in done.stderr, done.stderr


def test_a_page_is_answered_without_the_portal(running):
    states = [state(running, "/en/", Accept_Encoding="gzip") for _number in range(10)]
    assert set(states) <= {"HIT", "EXPIRED", "REVALIDATED"}
    assert "HIT" in states


def test_each_form_of_a_page_is_what_was_asked_for(running):
    plain = answer(f"{running.url}/en/", Accept_Encoding="identity")
    small = answer(f"{running.url}/en/", Accept_Encoding="gzip, deflate")
    never = answer(f"{running.url}/en/", Accept_Encoding="br;q=0, gzip;q=0")
    brotli = answer(f"{running.url}/en/", Accept_Encoding="gzip, br")
    assert "content-encoding" not in plain[1] | never[1]
    assert gzip.decompress(small[2]) == plain[2] == never[2]
    assert brotli[1]["content-encoding"] == "br"
    assert len(brotli[2]) < len(small[2])


def test_browsers_ask_again_and_are_told_that_nothing_changed(running):
    status, headers, _body = answer(f"{running.url}/en/", Accept_Encoding="gzip")
    assert status == 200
    assert headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert "x-accel-expires" not in headers
    again = answer(f"{running.url}/en/", Accept_Encoding="gzip", If_None_Match=headers["etag"])
    assert (again[0], again[2]) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/en/inquiry/",
        "/en/inquiry/status/",
        "/zh-hans/report/",
        "/en/search/?q=park",
        "/en/parks/?unknown=1",
        "/en/nothing-here/",
        "/admin/",
        "/accounts/login/",
    ],
)
def test_what_belongs_to_one_visitor_is_not_kept(running, path):
    for _number in range(3):
        assert state(running, path, Accept_Encoding="gzip") in {"-", "MISS", "BYPASS"}


def test_members_of_staff_are_answered_by_the_portal(running):
    for name in ("session", "__Host-session"):
        assert state(running, "/en/", Cookie=f"a=b; {name}=x") == "BYPASS"
    assert state(running, "/en/", Cookie="mysession=x") != "BYPASS"


def test_two_visitors_never_get_the_same_token(running):
    tokens = {
        re.search(rb'name="guard_token" value="([^"]+)"', answer(f"{running.url}/en/inquiry/")[2])[
            1
        ]
        for _number in range(4)
    }
    assert len(tokens) == 4


def test_what_a_visitor_claims_of_himself_changes_no_page(running):
    clean = answer(f"{running.url}/en/parks/")[2]
    forged = answer(
        f"{running.url}/en/parks/",
        X_Forwarded_Host="evil.example",
        X_Forwarded_Proto="https",
        X_Forwarded_For="1.2.3.4",
        Forwarded="host=evil.example",
        X_Original_URL="/en/news/",
        X_Proxy_Time="9999999999.0",
    )
    assert (forged[0], forged[2]) == (200, clean)
    assert answer(f"{running.url}/en/parks/")[2] == clean


def test_a_forged_time_does_not_keep_a_page_longer(running):
    path = "/en/contact/"
    state(running, path, X_Proxy_Time="9999999999.0")
    time.sleep(2.1)
    assert state(running, path) in {"REVALIDATED", "EXPIRED"}


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example"])
def test_other_hosts_get_no_answer(running, host):
    with socket.create_connection(("127.0.0.1", running.proxy.port)) as visitor:
        visitor.sendall(f"GET /en/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        # Closed or reset, as the kernel likes.
        with contextlib.suppress(ConnectionResetError):
            assert visitor.recv(100) == b""


def test_trace_is_refused(running):
    assert answer(f"{running.url}/en/", method="TRACE")[0] == 405


@pytest.mark.parametrize(
    ("path", "size", "is_refused"),
    [
        ("/en/inquiry/", 2_000_000, True),
        ("/en/inquiry/status/add/", 9_000_000, False),
        ("/en/inquiry/status/add/", 12_000_000, True),
        ("/admin/login/", 15_000_000, False),
        ("/admin/login/", 23_000_000, True),
    ],
)
def test_large_bodies_are_refused_before_they_are_read(running, path, size, is_refused):
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {running.url[7:]}\r\nContent-Length: {size}\r\n"
        "Content-Type: application/octet-stream\r\nExpect: 100-continue\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", running.proxy.port), timeout=5) as visitor:
        visitor.sendall(head.encode())
        first = visitor.recv(100).decode()
    assert first.startswith("HTTP/1.1 413" if is_refused else "HTTP/1.1 100"), first


def test_static_files_come_compressed_with_a_year(running):
    page = answer(f"{running.url}/en/")[2].decode()
    sheet = re.search(r'href="(/static/css/site\.[0-9a-f]{12}\.css)"', page)[1]
    status, headers, _body = answer(f"{running.url}{sheet}", Accept_Encoding="br, gzip")
    assert status == 200
    assert headers["content-encoding"] == "br"
    assert headers["content-type"].startswith("text/css")
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["x-content-type-options"] == "nosniff"
    assert answer(f"{running.url}{sheet}", Accept_Encoding="gzip")[1]["content-encoding"] == "gzip"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../secret_key",
        "/static/..%2fsecret_key",
        "/media/../db.sqlite3",
        "/media/%2e%2e/secret_key",
        "/media/..%2fsecret_key",
        "/secret_key",
        "/private/",
        "/static../secret_key",
        "/media../secret_key",
    ],
)
def test_nothing_else_of_the_folder_can_be_read(running, path):
    status, _headers, body = raw(running, path)
    assert status in {301, 302, 400, 404}, status
    secret = (running.nodes[0].folder / "secret_key").read_bytes().strip()
    assert secret not in body


def raw(cluster, path: str) -> tuple[int, str, bytes]:
    """Without the tidying of a library."""
    with socket.create_connection(("127.0.0.1", cluster.proxy.port), timeout=10) as visitor:
        visitor.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {cluster.url[7:]}\r\nConnection: close\r\n\r\n".encode()
        )
        found = b""
        while piece := visitor.recv(65536):
            found += piece
    head, _empty, body = found.partition(b"\r\n\r\n")
    return int(head.split()[1]), head.decode(), body


def test_uploaded_files_on_the_disk_cannot_run_as_pages(running):
    folder = running.nodes[0].folder / "media" / "documents"
    folder.mkdir(parents=True, exist_ok=True)
    folder.parent.chmod(0o755)
    folder.chmod(0o755)
    (folder / "evil.html").write_text("<script>alert(1)</script>")
    (folder / f"{'a' * 32}.pdf").write_bytes(b"%PDF-1.7")
    _status, headers, _body = answer(f"{running.url}/media/documents/evil.html")
    assert headers["content-disposition"] == "attachment"
    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    _status, headers, _body = answer(f"{running.url}/media/documents/{'a' * 32}.pdf")
    assert "content-disposition" not in headers
    assert headers["content-type"] == "application/pdf"
    assert "immutable" in headers["cache-control"]


def test_the_log_has_no_query_and_no_whole_address(running):
    state(running, "/en/inquiry/status/?secret=abcdefgh")
    log = (running.proxy.folder / "portal.log").read_text()
    assert "abcdefgh" not in log
    assert "127.0.0.1" not in log
    assert "127.0.0.0" in log


def test_health_is_asked_each_time(running):
    status, headers, _body = answer(f"{running.url}/readyz")
    assert status == 200
    assert "no-store" in headers["cache-control"]
