import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from apmsl.lib.storage import LEFT_BEHIND, WholeFiles


def content(storage: WholeFiles, name: str) -> bytes:
    with storage.open(name) as file:
        return file.read()


@pytest.fixture
def storage(tmp_path) -> WholeFiles:
    return WholeFiles(location=tmp_path)


def test_a_file_is_kept_under_its_name(storage):
    name = storage.save("dossier/a.txt", ContentFile(b"bonjour"))

    assert name == "dossier/a.txt"
    assert content(storage, name) == b"bonjour"
    assert storage.listdir("dossier") == ([], ["a.txt"])


def test_a_name_that_is_taken_is_left_alone(storage):
    storage.save("a.txt", ContentFile(b"un"))

    other = storage.save("a.txt", ContentFile(b"deux"))

    assert other != "a.txt"
    assert content(storage, "a.txt") == b"un"


def test_a_writing_that_breaks_leaves_nothing(storage):
    class Broken(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"ha"
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        storage.save("a.txt", Broken(b"half"))

    assert os.listdir(storage.location) == []


def test_two_at_once_get_two_names(storage):
    start, names = threading.Barrier(4), []

    def save(number: int) -> None:
        start.wait()
        names.append(storage._save("a.txt", ContentFile(str(number).encode())))

    threads = [threading.Thread(target=save, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(names)) == 4
    assert {content(storage, name) for name in names} == {b"0", b"1", b"2", b"3"}


def test_a_reader_never_sees_half_of_a_file(storage):
    seen = []

    class Slow(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"a"
            seen.append(storage.exists("a.txt"))
            yield b"b"

    storage.save("a.txt", Slow(b"ab"))

    assert seen == [False]
    assert content(storage, "a.txt") == b"ab"
    assert os.listdir(storage.location) == ["a.txt"]


KILLED = """
import os, signal, sys
from django.conf import settings
settings.configure()
from django.core.files.base import ContentFile
from apmsl.lib.storage import WholeFiles

class Slow(ContentFile):
    def chunks(self, chunk_size=None):
        yield b"ha"
        os.kill(os.getpid(), signal.SIGKILL)

WholeFiles(location=sys.argv[1]).save("dossier/a.txt", Slow(b"half"))
"""


def test_what_a_killed_process_was_writing_is_swept_once_it_is_old(storage):
    storage.save("dossier/b.txt", ContentFile(b"whole"))
    subprocess.run([sys.executable, "-c", KILLED, storage.location], check=False)
    [half] = Path(storage.location).rglob("*.part")

    assert storage.sweep() == 0  # somebody may be writing it

    long_ago = time.time() - LEFT_BEHIND - 1
    for path in Path(storage.location).rglob("*.*"):
        os.utime(path, (long_ago, long_ago))
    assert storage.sweep() == 1
    assert not half.exists()
    assert storage.listdir("dossier") == ([], ["b.txt"])
