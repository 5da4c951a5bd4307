"""Archives: what is whole is read, everything else is refused with words before it does harm."""

import gzip
import io
import json
import random
import tarfile

import pytest

from operation.archive import ArchiveWriter, Manifest, Refused, members, verified

KEY = "k" * 40
FILES = {
    "database/db.sqlite3": random.Random(7).randbytes(200_000),
    "media/园区/a.webp": b"",
    "private/x": b"1",
}


def write(path, key="", files=FILES):
    with path.open("wb") as file:
        writer = ArchiveWriter(file, key)
        for name, content in files.items():
            writer.add(name, io.BytesIO(content), len(content))
        writer.finish(Manifest("2026-11-23T03:00:00+00:00", "sqlite", tables={"a": [3], "b": [4]}))
    return path


def forged(path, *entries, manifest=True):
    """An archive by another hand, with any members."""
    with tarfile.open(path, "w:gz") as tar:
        for name, kind in entries:
            member = tarfile.TarInfo(name)
            member.type = kind
            member.linkname = "/etc/passwd" if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE) else ""
            tar.addfile(member)
        if manifest:
            empty = {"size": 0}
            content = json.dumps({"made_at": "", "engine": "", "format": 1, "files": empty})
            member = tarfile.TarInfo("manifest.json")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content.encode()))
    return path


@pytest.mark.parametrize("key", ["", KEY])
def test_what_was_written_is_read(tmp_path, key):
    path = write(tmp_path / "a", key)
    manifest = verified(path, key)
    assert manifest.rows == 7
    assert manifest.size == 200_001
    assert set(manifest.files) == set(FILES)
    contents = {name: content.read() for name, content in members(path, key)}
    assert {name: contents[name] for name in FILES} == FILES
    assert b"manifest" not in path.read_bytes()


def test_tar_alone_opens_one_without_a_key(tmp_path):
    with tarfile.open(write(tmp_path / "a"), "r:gz") as tar:
        assert tar.getnames() == [*FILES, "manifest.json"]


@pytest.mark.parametrize("key", ["", KEY])
def test_every_kind_of_damage_is_refused(tmp_path, key):
    whole = write(tmp_path / "a", key).read_bytes()
    path = tmp_path / "b"
    for content in (
        *(whole[:length] for length in (0, 1, 100, len(whole) // 2, len(whole) - 1)),
        whole + b"more",
        *(
            whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :]
            for place in range(250, len(whole) - 8, len(whole) // 7)
        ),
    ):
        path.write_bytes(content)
        with pytest.raises(Refused, match=r"damaged|cut off"):
            verified(path, key)


def test_a_wrong_key_and_no_key_are_told_apart(tmp_path):
    path = write(tmp_path / "a", KEY)
    with pytest.raises(Refused, match="does not open this archive"):
        verified(path, KEY + "x")
    with pytest.raises(Refused, match="set BACKUP_KEY"):
        verified(path, "")


@pytest.mark.parametrize(
    "name",
    [
        "../x", "media/../../x", "/etc/x", "media/./x", "media//x", "media", "media/a\\b",
        "elsewhere/x", "x", "media/", "manifest.json/x", "media/..",
    ],
)  # fmt: skip
def test_names_that_lead_elsewhere_are_refused(tmp_path, name):
    with pytest.raises(Refused, match="names or links"):
        verified(forged(tmp_path / "a", (name, tarfile.REGTYPE)), "")


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
)
def test_only_plain_files_are_taken(tmp_path, kind):
    with pytest.raises(Refused, match="names or links"):
        verified(forged(tmp_path / "a", ("media/x", kind)), "")


def test_a_name_comes_once(tmp_path):
    twice = [("media/x", tarfile.REGTYPE)] * 2
    with pytest.raises(Refused, match="names or links"):
        verified(forged(tmp_path / "a", *twice), "")


def test_a_manifest_that_does_not_fit_is_refused(tmp_path):
    with pytest.raises(Refused, match="damaged"):
        verified(forged(tmp_path / "a", ("media/x", tarfile.REGTYPE)), "")
    with pytest.raises(Refused, match="no manifest"):
        verified(forged(tmp_path / "b", ("media/x", tarfile.REGTYPE), manifest=False), "")


def test_another_format_is_refused_with_its_number(tmp_path):
    path = write(tmp_path / "a")
    changed = gzip.decompress(path.read_bytes()).replace(b'"format": 1', b'"format": 7')
    path.write_bytes(gzip.compress(changed))
    with pytest.raises(Refused, match="format 7"):
        verified(path, "")


def test_a_file_that_shrank_while_it_was_read_is_no_backup(tmp_path):
    with (tmp_path / "a").open("wb") as file, pytest.raises(EOFError):
        ArchiveWriter(file, "").add("media/x", io.BytesIO(b"12"), 3)
