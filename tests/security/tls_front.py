"""What a proxy does in front of the portal: TLS, here with a certificate that signs itself."""

from __future__ import annotations

import datetime
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "localhost"
HOP_BY_HOP = frozenset({"connection", "transfer-encoding", "keep-alive", "date", "server"})


def certificate(folder: Path) -> tuple[Path, Path]:
    """Files with a certificate for a day that signs itself, and with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files


class Forward(BaseHTTPRequestHandler):
    """Hands each request to the portal on ``portal_port``."""

    portal_port: int
    #: What the browser has in its address bar.
    host: str

    def do_GET(self) -> None:
        connection = HTTPConnection("127.0.0.1", self.portal_port, timeout=20)
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name: text for name, text in self.headers.items() if name.lower() != "host"}
        headers |= {"Host": self.host, "X-Forwarded-Proto": "https", "Connection": "close"}
        headers["X-Forwarded-For"] = "192.0.2.1"
        connection.request(self.command, self.path, self.rfile.read(length) or None, headers)
        answer = connection.getresponse()
        body = answer.read()
        self.send_response_only(answer.status)
        for name, text in answer.getheaders():
            if name.lower() not in {*HOP_BY_HOP, "content-length"}:
                self.send_header(name, text)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_HEAD = do_OPTIONS = do_TRACE = do_PUT = do_DELETE = do_GET

    def log_message(self, *_line: object) -> None:
        """Nobody reads it."""


@contextmanager
def front(portal_port: int, folder: Path) -> Iterator[tuple[int, Path]]:
    """Port for https in front of the portal, and the certificate to trust."""
    trusted, key = certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, key)
    handler = type("ForwardToPortal", (Forward,), {"portal_port": portal_port})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.host = f"{HOST}:{server.server_port}"
    server.socket = context.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port, trusted
    finally:
        server.shutdown()
        server.server_close()
