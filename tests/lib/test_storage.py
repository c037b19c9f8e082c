import os
import threading

import pytest
from django.core.files.base import ContentFile

from apmsl.lib.storage import WholeFiles


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
