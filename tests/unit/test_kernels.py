"""The two kernels: what they contain, that a second installation changes nothing, and that a GPU is proven."""

import os
import sys
from pathlib import Path

import pytest

from course_utils.publish import kernels
from course_utils.publish.environment import CourseError


@pytest.fixture
def prefix(tmp_path, monkeypatch):
    """An empty environment to install into, in which no backend is asked unless a test says so."""
    monkeypatch.setattr(kernels.sys, "prefix", str(tmp_path))
    monkeypatch.setattr(kernels, "installed_backends", list)
    return tmp_path


def backends(monkeypatch, **gpus):
    """Let these backends be installed, each with the GPU it sees or None."""
    monkeypatch.setattr(kernels, "installed_backends", lambda: list(gpus))
    monkeypatch.setattr(kernels, "gpu_of", lambda backend, variables=None: gpus[backend])


def test_both_kernels_start_this_python(prefix):
    kernels.install()
    for name in ("course-cpu", "course-gpu"):
        spec = kernels.specification(name)
        assert spec["argv"][0] == sys.executable and "ipykernel_launcher" in spec["argv"]
        assert spec["language"] == "python"
    assert kernels.specification("course-cpu")["env"] == {"CUDA_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu"}
    assert kernels.specification("course-gpu")["env"] == {
        "TF_FORCE_GPU_ALLOW_GROWTH": "true",
        "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
    }


def test_jupyter_finds_and_reads_them(prefix):
    from jupyter_client.kernelspec import KernelSpecManager

    kernels.install()
    manager = KernelSpecManager(kernel_dirs=[str(prefix / "share" / "jupyter" / "kernels")])
    assert manager.get_kernel_spec("course-cpu").display_name == "Course (CPU)"


def contents(folder):
    return {path: path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


def test_installing_again_changes_nothing(prefix):
    kernels.install()
    first = contents(prefix)
    kernels.install()
    assert contents(prefix) == first and len(first) == 2


def test_missing_or_foreign_kernels_are_installed_and_good_ones_left(prefix, monkeypatch):
    kernels.install_missing()
    assert len(contents(prefix)) == 2
    monkeypatch.setattr(kernels, "install", lambda: pytest.fail("both are there"))
    kernels.install_missing()
    again = []
    monkeypatch.setattr(kernels, "install", lambda: again.append(1))
    path = Path(kernels.path_of("course-cpu"))
    path.write_text(path.read_text().replace(os.path.dirname(sys.executable), "/moved/away"))
    kernels.install_missing()
    path.write_text("{")
    kernels.install_missing()
    assert again == [1, 1]


def test_the_gpu_kernel_takes_the_first_backend_that_sees_one(prefix, monkeypatch):
    backends(monkeypatch, tensorflow=None, jax="Big GPU", torch="Big GPU")
    kernels.install()
    assert kernels.specification("course-gpu")["env"]["KERAS_BACKEND"] == "jax"
    assert "KERAS_BACKEND" not in kernels.specification("course-cpu")["env"]
    assert kernels.prove_gpu() == ("jax", "Big GPU")


def test_a_gpu_that_came_later_is_found_by_the_proof(prefix, monkeypatch):
    kernels.install()
    backends(monkeypatch, torch="New GPU")
    assert kernels.prove_gpu() == ("torch", "New GPU")


def test_without_a_gpu_the_proof_fails_in_one_sentence(prefix, monkeypatch):
    backends(monkeypatch, tensorflow=None, torch=None)
    with pytest.raises(CourseError, match=r"asked: tensorflow, torch.*lab --gpu"):
        kernels.prove_gpu()


def test_a_gpu_that_is_gone_is_no_proof(prefix, monkeypatch):
    backends(monkeypatch, jax="Big GPU")
    kernels.install()
    backends(monkeypatch, jax=None)
    with pytest.raises(CourseError, match="No GPU"):
        kernels.prove_gpu()


@pytest.mark.parametrize(
    "program, answer",
    [
        ("print('noise'); name = 'Some GPU'", "Some GPU"),
        ("raise RuntimeError('driver')", None),
        ("import os; name = os.environ['TF_FORCE_GPU_ALLOW_GROWTH']", "true"),
        ("name = 'dies later'; import os, atexit; atexit.register(os._exit, 3)", None),
    ],
)
def test_a_backend_is_asked_in_its_own_process(monkeypatch, capfd, program, answer):
    monkeypatch.setitem(kernels.PROOFS, "torch", program)
    assert kernels.gpu_of("torch") == answer
    assert capfd.readouterr() == ("", "")


def test_a_backend_that_hangs_is_left(monkeypatch):
    monkeypatch.setitem(kernels.PROOFS, "torch", "import time; time.sleep(60)")
    monkeypatch.setattr(kernels, "SECONDS", 0.5)
    assert kernels.gpu_of("torch") is None


def test_a_folder_that_cannot_be_written_to(prefix):
    (prefix / "share").write_text("a file where a folder should be")
    with pytest.raises(CourseError, match="cannot be written to"):
        kernels.install()
