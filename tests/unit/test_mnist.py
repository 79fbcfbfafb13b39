"""mnist() gives MNIST or one sentence. The files here have MNIST's form and labels, but one picture all over."""

import gzip
import hashlib
import http.server
import socket
import threading

import numpy as np
import pytest

from course_utils.datasets import mnist, mnist_file

NAMES = ("x_train", "y_train", "x_test", "y_test")


def like_mnist():
    arrays = {}
    picture = np.random.default_rng(0).integers(256, size=(28, 28), dtype=np.uint8)  # one, repeated: it packs well
    picture[3, 4] = 255
    for part, counts in mnist_file.COUNTS.items():
        arrays[f"x_{part}"] = np.tile(picture, (sum(counts), 1, 1))
        arrays[f"y_{part}"] = np.repeat(np.arange(10, dtype=np.uint8), counts)
    return arrays


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A well-formed mnist.npz and its bytes."""
    file = tmp_path_factory.mktemp("mnist") / "mnist.npz"
    np.savez_compressed(file, **like_mnist())
    return file


@pytest.fixture(autouse=True)
def nothing_at_home(tmp_path, monkeypatch):
    """No file of the machine the tests run on is found by accident."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("COURSE_MNIST", raising=False)


def saved(tmp_path, **changed):
    arrays = {name: array for name, array in (like_mnist() | changed).items() if array is not None}
    np.savez_compressed(tmp_path / "changed.npz", **arrays)
    return tmp_path / "changed.npz"


def originals(folder, ending="", dot="-"):
    """Write the four original files."""
    for name, array in like_mnist().items():
        head = bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
        content = head + array.tobytes()
        file = folder / (mnist_file.ORIGINALS[name].replace("-idx", f"{dot}idx") + ending)
        file.write_bytes(gzip.compress(content, 1) if ending else content)
    return folder


def refused(path, kind=ValueError):
    with pytest.raises(kind) as caught:
        mnist(path)
    sentence = str(caught.value)
    assert sentence.startswith("mnist: ") and sentence.endswith(".") and "\n" not in sentence
    return sentence


def assert_is_mnist(result):
    (x_train, y_train), (x_test, y_test) = result
    assert (x_train.shape, x_test.shape) == ((60000, 28, 28), (10000, 28, 28))
    assert {a.dtype for a in (x_train, y_train, x_test, y_test)} == {np.dtype(np.uint8)}
    assert tuple(np.bincount(y_test)) == mnist_file.COUNTS["test"]
    assert x_train[0, 3, 4] == 255 and (x_train == x_test[0]).all() and (x_test == x_test[0]).all()
    x_train[0] = 1  # a reader may change what was given


def test_a_file_is_found_in_the_order_promised(good, tmp_path, monkeypatch):
    assert_is_mnist(mnist(good))
    assert_is_mnist(mnist(good.parent))  # the folder it lies in
    monkeypatch.setenv("COURSE_MNIST", str(good))
    assert_is_mnist(mnist())
    assert "nowhere.npz" in refused(tmp_path / "nowhere.npz", FileNotFoundError)  # a path given is not passed over
    monkeypatch.setenv("COURSE_MNIST", str(tmp_path / "elsewhere.npz"))
    assert "elsewhere.npz" in refused(None, FileNotFoundError)
    monkeypatch.delenv("COURSE_MNIST")
    for place in ("data/mnist.npz", "home/.keras/datasets/mnist.npz"):  # the later one of these comes first
        (tmp_path / place).parent.mkdir(parents=True)
        (tmp_path / place).write_bytes(good.read_bytes())
        assert_is_mnist(mnist())
        (tmp_path / "data/mnist.npz").write_bytes(b"no longer looked at")


def test_without_a_file_all_ways_out_are_named():
    sentence = refused(None, FileNotFoundError)
    assert all(way in sentence for way in ("download=True", "path=", "COURSE_MNIST", "digits()", "ubyte"))


@pytest.mark.parametrize(("ending", "dot"), [("", "-"), (".gz", "-"), ("", ".")])
def test_the_four_original_files_are_read(tmp_path, ending, dot):
    assert_is_mnist(mnist(str(originals(tmp_path, ending, dot))))


def test_original_files_that_are_missing_or_damaged(tmp_path):
    originals(tmp_path, ".gz")
    labels = tmp_path / "t10k-labels-idx1-ubyte.gz"
    content = labels.read_bytes()
    for damaged in (b"", content[:-5], content[:20], b"not gzip", gzip.compress(b"\0\0\x08"), gzip.compress(b"text")):
        labels.write_bytes(damaged)
        assert "t10k-labels" in refused(tmp_path)
    plain = gzip.decompress(content)
    labels.write_bytes(gzip.compress(plain[:-1]))
    assert "9,999" in refused(tmp_path) and "10,000" in refused(tmp_path)
    labels.unlink()
    assert "t10k-labels-idx1-ubyte.gz" in refused(tmp_path, FileNotFoundError)


def test_a_damaged_archive_is_never_used(good, tmp_path):
    content = bytearray(good.read_bytes())
    file = tmp_path / "damaged.npz"
    for damaged in (b"", b"text", content[: len(content) // 2], content[:-30], content[30:]):
        file.write_bytes(damaged)
        assert "damaged.npz" in refused(file)
    generator = np.random.default_rng(0)
    kept = 0
    for _ in range(12):
        changed = content.copy()
        changed[generator.integers(len(changed))] ^= 1 << generator.integers(8)
        file.write_bytes(changed)
        try:
            result = mnist(file)
        except ValueError as problem:
            assert str(problem).startswith("mnist: ")
        else:  # the bit was in a part of the archive that holds no data, such as a date
            assert_is_mnist(result)
            kept += 1
    assert kept < 3


def test_an_array_alone_and_pickled_objects_are_refused(tmp_path):
    np.save(tmp_path / "alone.npy", np.zeros(3))
    assert "alone.npy" in refused(tmp_path / "alone.npy")
    objects = np.array([{"a": 1}, None], object)
    np.savez(tmp_path / "objects.npz", **dict.fromkeys(NAMES, objects))
    assert "plain arrays" in refused(tmp_path / "objects.npz")
    np.save(tmp_path / "pickled.npy", objects, allow_pickle=True)
    assert "pickled.npy" in refused(tmp_path / "pickled.npy")


def test_other_data_in_the_same_form_is_refused(tmp_path):
    assert "no array y_test" in refused(saved(tmp_path, y_test=None))
    assert "(9999, 28, 28)" in refused(saved(tmp_path, x_test=np.zeros((9999, 28, 28), np.uint8)))
    assert "float64" in refused(saved(tmp_path, y_test=np.zeros(10000)))
    too_high = like_mnist()["y_train"]
    too_high[7] = 11
    assert "label 11" in refused(saved(tmp_path, y_train=too_high))
    even = np.repeat(np.arange(10, dtype=np.uint8), 6000)  # as in Fashion-MNIST
    assert "other data" in refused(saved(tmp_path, y_train=even))


@pytest.mark.parametrize("path", [3, "", ["mnist.npz"], b"mnist.npz"])
def test_a_path_that_is_none_gets_one_sentence(path):
    assert "path" in refused(path, TypeError)


def test_download_must_be_yes_or_no():
    with pytest.raises(ValueError, match="download is the text 'yes'"):
        mnist(download="yes")


@pytest.fixture
def server(monkeypatch):
    """A web server on this machine; answer(content, length) sets what it sends."""
    sent = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            if "content" not in sent:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(sent["length"]))
            self.end_headers()
            self.wfile.write(sent["content"])

        def log_message(self, *_):
            pass

    def answer(content, length=None):
        sent.update(content=content, length=len(content) if length is None else length)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        monkeypatch.setattr(mnist_file, "ADDRESS", f"http://127.0.0.1:{running.server_port}/mnist.npz")
        yield answer
        running.shutdown()


def fails(tmp_path):
    """Download, expect one sentence and nothing left behind; give the sentence."""
    with pytest.raises(ConnectionError) as caught:
        mnist(download=True)
    left = list((tmp_path / "data").iterdir()) if (tmp_path / "data").exists() else []
    assert left == [] and "\n" not in str(caught.value) and str(caught.value).startswith("mnist: ")
    return str(caught.value)


def test_a_download_shows_progress_and_is_kept(good, server, tmp_path, monkeypatch, capsys):
    content = good.read_bytes()
    server(content)
    monkeypatch.setattr(mnist_file, "SHA256", hashlib.sha256(content).hexdigest())
    assert_is_mnist(mnist(download=True))
    shown = capsys.readouterr()
    assert f"of {len(content) / 1e6:.1f} MB\n" in shown.out and shown.err == ""
    assert [file.name for file in (tmp_path / "data").iterdir()] == ["mnist.npz"]
    server(b"not asked again")
    assert_is_mnist(mnist(download=True))
    assert_is_mnist(mnist())


def test_a_download_goes_where_the_path_says(good, server, tmp_path, monkeypatch):
    server(good.read_bytes())
    monkeypatch.setattr(mnist_file, "SHA256", hashlib.sha256(good.read_bytes()).hexdigest())
    assert_is_mnist(mnist(tmp_path / "new folder" / "mine.npz", download=True))
    assert (tmp_path / "new folder" / "mine.npz").is_file() and not (tmp_path / "data").exists()


def test_a_download_that_fails_leaves_nothing(good, server, tmp_path, monkeypatch):
    assert "404" in fails(tmp_path)
    server(good.read_bytes())  # well-formed, but not the file whose hash is known
    assert "SHA-256" in fails(tmp_path)
    server(good.read_bytes()[:1000], length=5000)
    assert "1,000 of 5,000" in fails(tmp_path)
    server(b"")
    assert "SHA-256" in fails(tmp_path)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setattr(mnist_file, "ADDRESS", f"http://127.0.0.1:{unused.getsockname()[1]}/mnist.npz")
        assert "network" in fails(tmp_path)


def test_the_address_and_hash_are_those_keras_uses():
    """Keras is the reference for both; they are read from its source, so that nothing heavy is imported."""
    import importlib.util
    from pathlib import Path

    keras = Path(importlib.util.find_spec("keras").origin).parent
    source = (keras / "src/datasets/mnist.py").read_text(encoding="utf-8")
    assert mnist_file.SHA256 in source and mnist_file.ADDRESS.rpartition("/")[0] in source
