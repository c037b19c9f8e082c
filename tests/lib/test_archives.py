"""An archive is written file by file, and never half of it is kept."""

import errno
import io
import zipfile

import pytest
from django.core.files.storage import default_storage

from apmsl.lib.archives import Archive


def test_files_of_the_same_name_are_all_there():
    packed = b"".join(Archive([("a.pdf", b"1"), ("A.pdf", b"2"), ("a.pdf", b"3")]).chunks())

    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
        assert [(name, archive.read(name)) for name in archive.namelist()] == [
            ("a.pdf", b"1"),
            ("A-2.pdf", b"2"),
            ("a-3.pdf", b"3"),
        ]


def test_a_file_leaves_before_the_next_is_read():
    read = []

    def members():
        for name in ("a", "b"):
            read.append(name)
            yield name, b"x" * 1000

    chunks = Archive(members()).chunks()

    assert len(next(chunks)) > 1000
    assert read == ["a"]


def test_the_same_files_give_the_same_archive():
    first, second = (b"".join(Archive([("a", b"1")]).chunks()) for _ in range(2))

    assert first == second


def test_a_disk_that_fills_up_leaves_no_half_of_it():
    def members():
        yield "a", b"x" * 100_000
        raise OSError(errno.ENOSPC, "No space left on device")

    before = set(default_storage.listdir("")[1])
    with pytest.raises(OSError, match="No space left"):
        default_storage.save("archive.zip", Archive(members()))

    assert set(default_storage.listdir("")[1]) == before
