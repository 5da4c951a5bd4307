"""S3 servers on loopback, and the portal's files in a bucket of theirs."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config
from moto.server import ThreadedMotoServer

from tests.browser.running_portal import free_port

KEY, SECRET, REGION = "key", "secret", "us-east-1"
BACKEND = "core.object_storage.ObjectStorage"


@contextmanager
def s3_server() -> Iterator[str]:
    """Address of a server in this process, without a bucket."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(3), verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def s3_client(address: str) -> Any:
    """Past the portal's own storage; ``address`` of a server, or of a bucket with its account."""
    server = address.rpartition("@")[2].removeprefix("http://").partition("/")[0]
    return boto3.client(
        "s3",
        endpoint_url=f"http://{server}",
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
        region_name=REGION,
        config=Config(connect_timeout=2, read_timeout=10),
    )


def storages_in(address: str, bucket: str) -> dict[str, Any]:
    """What ``MEDIA_STORAGE_URL`` makes of ``STORAGES``: both kinds of files in one bucket."""
    options = {
        "endpoint_url": address,
        "access_key": KEY,
        "secret_key": SECRET,
        "bucket_name": bucket,
        "region_name": REGION,
    }
    media = {**options, "location": "media", "base_url": "/media/"}
    return {
        "default": {"BACKEND": BACKEND, "OPTIONS": media},
        "private": {"BACKEND": BACKEND, "OPTIONS": {**options, "location": "private"}},
    }
