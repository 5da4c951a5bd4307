"""Strict readers of settings from the environment.

A setting that cannot be understood stops the process with one line that names the variable, its
value and the remedy, because a typo such as ``DEBUG=yess`` must never quietly mean "off". Values
that may hold a secret are masked in that line. Every name read is remembered, so that a test can
compare code, ``.env.example`` and ``docs/operators.md``.
"""

import difflib
import os
import re
import secrets
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

YES = {"true", "yes", "on", "1"}
NO = {"false", "no", "off", "0"}
SHORTEST_PASSPHRASE = 32
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
LINE = re.compile(r"(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?P<value>.*)")


class SettingError(ImproperlyConfigured):
    """A setting is missing or wrong; the text is one line for the operator."""

    def __init__(self, name: str, value: str | None, remedy: str) -> None:
        """``value`` is shown as it is: mask it first if it may hold a secret."""
        self.name = name
        found = "is not set" if value is None else f"is {value!r}"
        super().__init__(f"{name} {found}: {remedy}")


def masked(url: str) -> str:
    """``url`` without the parts that may hold a secret: user, password and query."""
    scheme, separator, rest = url.partition("://")
    if not separator or not scheme.replace("+", "").isalnum():
        return f"({len(url)} characters, not shown)"
    host = rest.rpartition("@")[2].partition("?")[0]
    return f"{scheme}://{'…@' if '@' in rest else ''}{host}"


def file_url(scheme: str, path: Path) -> str:
    """``sqlite`` and ``/srv/the portal`` → ``sqlite:////srv/the%20portal``."""
    slashes = "///" if scheme == "sqlite" else "//"
    return f"{scheme}:{slashes}{quote(str(path))}"


def reachable_host(host: str) -> str:
    """What to write into an address for a server that listens on ``host``."""
    if host in {"0.0.0.0", "::"}:  # noqa: S104
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def read_file(path: Path) -> dict[str, str]:
    """``NAME=value`` lines of ``path``; comments and empty lines are passed over.

    A value may be quoted; one that is not ends before a `` #`` comment. Any other line is refused
    with its number but without its text, which may be half of a secret.
    """
    values: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        match = LINE.fullmatch(text)
        if match is None:
            raise SettingError(f"{path.name} line {number}", "not understood", "write NAME=value")
        value = match["value"].strip()
        if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        else:
            value = re.sub(r"(^|\s+)#.*", "", value)
        values[match["name"]] = value
    return values


class Environment:
    """Reads settings from ``values``, one method per kind of value.

    An empty value counts as "not set", so that a line ``SECRET_KEY=`` copied from
    ``.env.example`` means the default.
    """

    def __init__(self, values: Mapping[str, str], file: Path | None = None) -> None:
        """``file`` adds settings that ``values`` (the process environment) does not have."""
        self.file = file if file is not None and file.is_file() else None
        self.file_values = read_file(self.file) if self.file else {}
        self.values = {**self.file_values, **values}
        self.names: set[str] = set()

    def text(self, name: str, default: str = "") -> str:
        self.names.add(name)
        return self.values.get(name, "").strip() or default

    def flag(self, name: str, default: bool) -> bool:
        value = self.text(name)
        if not value:
            return default
        if value.lower() not in YES | NO:
            raise SettingError(name, value, "write true or false")
        return value.lower() in YES

    def integer(self, name: str, default: int, minimum: int, maximum: int) -> int:
        value = self.text(name, str(default))
        if not re.fullmatch(r"\d{1,12}", value, re.ASCII) or not minimum <= int(value) <= maximum:
            raise SettingError(name, value, f"write a whole number from {minimum} to {maximum}")
        return int(value)

    def choice(self, name: str, default: str, choices: Sequence[str]) -> str:
        value = self.text(name, default)
        if value not in choices:
            raise SettingError(name, value, f"write one of: {', '.join(choices)}")
        return value

    def items(self, name: str, default: Sequence[str] = ()) -> list[str]:
        """A list, written with commas."""
        found = [item.strip() for item in self.text(name).split(",") if item.strip()]
        return found or list(default)

    def counts(self, name: str, default: Mapping[str, int]) -> dict[str, int]:
        """Numbers from 0 to 999 by the names that ``default`` has: ``daily=7,weekly=4``.

        What is left out counts as 0; all of it left out is the default.
        """
        found = {}
        for item in self.items(name):
            key, _sign, number = item.partition("=")
            if key not in default or not re.fullmatch(r"\d{1,3}", number, re.ASCII):
                example = ",".join(f"{key}={number}" for key, number in default.items())
                raise SettingError(name, item, f"write numbers from 0 to 999: {example}")
            found[key] = int(number)
        return {key: found.get(key, 0) for key in default} if found else dict(default)

    def passphrase(self, name: str) -> str:
        """A secret that nobody guesses, however fast he tries; empty for none."""
        value = self.text(name)
        if value and len(value) < SHORTEST_PASSPHRASE:
            remedy = (
                f"write {SHORTEST_PASSPHRASE} random characters or more: openssl rand -base64 33"
            )
            raise SettingError(name, masked(value), remedy)
        return value

    def hosts(self, name: str, default: Sequence[str]) -> list[str]:
        """Host names without scheme, port or path."""
        hosts = self.items(name, default)
        for host in hosts:
            if not re.fullmatch(r"\*|\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:.]+\]", host):
                raise SettingError(
                    name, host, "write host names with commas, without http:// and port"
                )
        return hosts

    def mail_addresses(self, name: str) -> list[str]:
        addresses = self.items(name)
        for address in addresses:
            self._check_mail_address(name, address)
        return addresses

    def mail_address(self, name: str, default: str) -> str:
        """One address, with or without a name: ``desk@example.org``, ``Desk <desk@…>``."""
        value = self.text(name, default)
        match = re.fullmatch(r"(?:[^<>\r\n]*<)?([^<>\s]+@[^<>\s]+?)>?", value)
        self._check_mail_address(name, match[1] if match else value)
        return value

    @staticmethod
    def _check_mail_address(name: str, address: str) -> None:
        try:
            if not address.endswith("@localhost"):
                validate_email(address)
        except ValidationError:
            raise SettingError(name, address, "write e-mail addresses: a@example.org") from None

    def path(self, name: str, default: Path) -> Path:
        """A folder or file; a relative one counts from where the process was started."""
        return Path(self.text(name, str(default))).expanduser().resolve()

    def time_zone(self, name: str, default: str) -> str:
        value = self.text(name, default)
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            remedy = "write a name of the time zone database: Asia/Shanghai"
            raise SettingError(name, value, remedy) from None
        return value

    def site_address(self, name: str, default: str) -> str:
        """``https://host`` without a path or a slash at the end."""
        value = self.text(name, default).rstrip("/")
        remedy = "write scheme and host only: https://invest.example.org"
        try:
            parts = urlsplit(value)
            valid = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        except ValueError:
            valid = False
        if not valid or parts.path or parts.query or parts.fragment or parts.username:
            raise SettingError(name, masked(value), remedy)
        return value

    def database(self, name: str, default: str) -> dict[str, Any]:
        """Django's database settings from ``sqlite:///path`` or ``postgres://…``."""
        remedy = "write sqlite:////path/db.sqlite3 or postgres://user:password@host:5432/name"
        value = self._url(name, default, ("sqlite", "postgres", "postgresql"), remedy)
        parsed = self._parsed(name, value, remedy, environ.Env.db_url_config)
        if not parsed.get("NAME"):
            raise SettingError(name, masked(value), f"it names no database; {remedy}")
        return parsed

    def cache(self, name: str, default: str) -> dict[str, Any]:
        """Django's cache settings from ``locmemcache://`` or ``redis://host:6379/0``."""
        remedy = "write redis://host:6379/0, or leave it out for the memory of the process"
        value = self._url(name, default, ("locmemcache", "redis", "rediss"), remedy)
        if value.startswith("locmemcache"):
            # Django forgets a third at 300 entries, rate limits among them.
            return {
                "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
                "OPTIONS": {"MAX_ENTRIES": 20_000},
            }
        if not urlsplit(value).hostname:
            raise SettingError(name, masked(value), remedy)
        return {"BACKEND": "core.cache.FailOpenRedisCache", "LOCATION": value}

    def mail(self, name: str, default: str) -> dict[str, Any]:
        """Django's ``EMAIL_*`` settings from a URL."""
        remedy = "write smtp+tls://user:password@host:587 or smtp+ssl://user:password@host:465"
        schemes = ("smtp", "smtp+tls", "smtp+ssl", "filemail", "consolemail")
        value = self._url(name, default, schemes, remedy)
        parsed = self._parsed(name, value, remedy, environ.Env.email_url_config)
        if value.startswith("smtp") and not parsed.get("EMAIL_HOST"):
            raise SettingError(name, masked(value), remedy)
        if value.startswith("filemail"):
            parsed["EMAIL_FILE_PATH"] = unquote(urlsplit(value).path)
        return {key: setting for key, setting in parsed.items() if setting not in (None, "")}

    def socket_address(self, name: str) -> str:
        """``tcp://host:port`` or ``unix:///path``; empty for none."""
        value = self.text(name)
        if value and not re.fullmatch(r"tcp://[^\s/:@]+:[0-9]{1,5}|unix:///\S+", value):
            remedy = "write tcp://127.0.0.1:3310 or unix:///run/clamav/clamd.ctl"
            raise SettingError(name, masked(value), remedy)
        return value

    def mailbox(self, name: str) -> dict[str, Any] | None:
        """A mailbox to read by IMAP: host, port, user, password, folder and kind of encryption.

        None if it is not set. Without encryption only on the same machine: the password would
        be read on the way.
        """
        if not self.text(name):
            return None
        remedy = "write imap+ssl://user:password@host:993/INBOX or imap+tls://user:password@host"
        value = self._url(name, "", ("imap", "imap+tls", "imap+ssl"), remedy)
        parts = urlsplit(value)
        is_complete = parts.hostname and parts.username and parts.password
        if not is_complete or (
            parts.scheme == "imap" and parts.hostname not in {"127.0.0.1", "::1", "localhost"}
        ):
            raise SettingError(name, masked(value), remedy)
        return {
            "host": parts.hostname,
            "port": parts.port or (993 if parts.scheme == "imap+ssl" else 143),
            "user": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "folder": unquote(parts.path.strip("/")) or "INBOX",
            "encryption": parts.scheme.partition("+")[2],
        }

    def object_storage(self, name: str) -> dict[str, Any] | None:
        """Options of ``core.object_storage`` from ``s3://key:secret@host/bucket/folder``.

        None if it is not set. ``s3+http://`` is for a server on the same machine or network: what
        it is sent can be read on the way.
        """
        if not self.text(name):
            return None
        remedy = "write s3://key:secret@host/bucket, with ?region=… if the storage wants one"
        value = self._url(name, "", ("s3", "s3+http"), remedy)
        parts = urlsplit(value)
        bucket, _slash, folder = parts.path.strip("/").partition("/")
        query = parse_qsl(parts.query, keep_blank_values=True)
        is_complete = parts.hostname and parts.username and parts.password
        if (
            not is_complete
            or not BUCKET.fullmatch(bucket)
            or {key for key, _ in query} - {"region"}
        ):
            raise SettingError(name, masked(value), remedy)
        scheme = "http" if parts.scheme == "s3+http" else "https"
        return {
            "endpoint_url": f"{scheme}://{parts.netloc.rpartition('@')[2]}",
            "access_key": unquote(parts.username or ""),
            "secret_key": unquote(parts.password or ""),
            "bucket_name": bucket,
            "region_name": dict(query).get("region") or "us-east-1",
            "location": f"{unquote(folder)}/" if folder else "",
        }

    def _url(self, name: str, default: str, schemes: Sequence[str], remedy: str) -> str:
        value = self.text(name, default)
        if value.partition("://")[0] not in schemes or "://" not in value:
            raise SettingError(name, masked(value), remedy)
        if not value.startswith("sqlite"):
            try:
                # A port that is no number shows only when it is read.
                _port = urlsplit(value).port
            except ValueError:
                raise SettingError(name, masked(value), remedy) from None
        return value

    @staticmethod
    def _parsed(name: str, value: str, remedy: str, parse: Any) -> dict[str, Any]:
        try:
            return dict(parse(value))
        except (ImproperlyConfigured, ValueError, KeyError, TypeError):
            raise SettingError(name, masked(value), remedy) from None

    def refuse_unknown_names(self) -> None:
        """Stop at a name in the file that no setting has: a typo would otherwise do nothing.

        Call it when all settings have been read. The process environment is not looked at: it
        is full of other programs' variables.
        """
        for name in self.file_values:
            if name not in self.names:
                near = difflib.get_close_matches(name, sorted(self.names), n=1)
                hint = f"did you mean {near[0]}?" if near else "take it out"
                raise SettingError(name, f"in {self.file}", f"there is no such setting; {hint}")


def kept_secret(path: Path) -> str:
    """The secret in ``path``; the first call makes it, readable by its owner only.

    Two processes that start at once get the same one: the loser of the race reads the winner's.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingError("SECRET_KEY", "readable by others", f"chmod 600 {path}")
    return path.read_text(encoding="ascii").strip()
