"""The two kernels of the course: course-cpu never sees a GPU, course-gpu runs on the first Keras backend that does.

Standard library at import. Each backend is asked in a process of its own, so that its log lines show nowhere and a
second backend does not meet the first one's memory.
"""

import json
import os
import subprocess
import sys
from importlib.util import find_spec

from course_utils.publish.environment import CourseError

BACKENDS = ("tensorflow", "jax", "torch")
NAMES = {"course-cpu": "Course (CPU)", "course-gpu": "Course (GPU)"}
VARIABLES = {
    "course-cpu": {"CUDA_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu"},
    "course-gpu": {"TF_FORCE_GPU_ALLOW_GROWTH": "true", "XLA_PYTHON_CLIENT_PREALLOCATE": "false"},
}
SECONDS = 240  # the first start of a GPU library can take minutes
# Each program multiplies two matrices *on the GPU* and prints the device's name, so that a driver which is listed but
# does not work is no GPU to us.
PROOFS = {
    "tensorflow": """
import tensorflow as tf
gpu = tf.config.list_physical_devices("GPU")[0]
with tf.device("/GPU:0"):
    product = tf.linalg.matmul(tf.ones((64, 64)), tf.ones((64, 64)))
assert "GPU" in product.device and float(product[0, 0]) == 64
name = tf.config.experimental.get_device_details(gpu).get("device_name", "GPU")
""",
    "jax": """
import jax
gpu = [device for device in jax.devices() if device.platform not in ("cpu", "interpreter")][0]
ones = jax.device_put(jax.numpy.ones((64, 64)), gpu)
assert float((ones @ ones)[0, 0]) == 64
name = gpu.device_kind
""",
    "torch": """
import torch
ones = torch.ones((64, 64), device="cuda:0")
assert float((ones @ ones)[0, 0]) == 64
name = torch.cuda.get_device_name(0)
""",
}


def add_arguments(parser):
    """`python -m course_utils kernels` has no options."""


def main(arguments):
    """Install both kernels and say what they run on; returns 0."""
    install()
    backend = specification("course-gpu")["env"].get("KERAS_BACKEND")
    print(f"The kernels course-cpu and course-gpu are installed in {sys.prefix}.")
    print(f"course-gpu runs Keras on {backend}." if backend else "No Keras backend sees a GPU here: use course-cpu.")
    return 0


def install(prefix=None):
    """Write both kernels into an environment (default: the running one), asking the backends for a GPU.

    Raises CourseError where the environment cannot be written to.
    """
    seen = first_gpu()
    for name, variables in VARIABLES.items():
        variables = dict(variables)
        if name == "course-gpu" and seen:
            variables["KERAS_BACKEND"] = seen[0]
        text = {
            "argv": [sys.executable, "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            "display_name": NAMES[name],
            "language": "python",
            "metadata": {"debugger": True},
            "env": variables,
        }
        path = path_of(name, prefix)
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path + ".new", "w", encoding="utf-8") as file:
                json.dump(text, file, indent=1)
            os.replace(path + ".new", path)
        except OSError as error:
            raise CourseError(
                f"The kernels cannot be written to {os.path.dirname(path)} ({error.strerror}): start with a Python of "
                "your own, such as a virtual environment."
            ) from None


def install_missing():
    """Install the kernels unless both are there and start the running environment's Python."""
    for name in NAMES:
        interpreter = specification(name).get("argv", [""])[0]
        if os.path.dirname(interpreter) != os.path.dirname(sys.executable) or not os.path.exists(interpreter):
            install()
            return


def path_of(name, prefix=None):
    """Return the path of a kernel's file."""
    return os.path.join(prefix or sys.prefix, "share", "jupyter", "kernels", name, "kernel.json")


def specification(name, prefix=None):
    """Return what a kernel's file says, or an empty dict where there is none."""
    try:
        with open(path_of(name, prefix), encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return {}


def gpu_of(backend, variables=None):
    """Return the name of the GPU that a Keras backend computes on, or None. Takes seconds: it starts the backend.

    backend: "tensorflow", "jax" or "torch"; variables: environment variables to add (default: those of course-gpu).
    """
    program = PROOFS[backend] + "\nprint('GPU: ' + str(name))"
    added = VARIABLES["course-gpu"] if variables is None else variables
    try:
        answer = subprocess.run(
            [sys.executable, "-c", program],
            env=dict(os.environ, **added),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        return None
    lines = [line[5:] for line in answer.stdout.decode("utf-8", "replace").splitlines() if line.startswith("GPU: ")]
    return lines[-1].strip() if answer.returncode == 0 and lines else None


def installed_backends():
    """Return the Keras backends that this Python holds, in the order in which they are asked."""
    return [backend for backend in BACKENDS if find_spec(backend)]


def first_gpu():
    """Return (backend, device name) of the first backend that computes on a GPU, or None."""
    for backend in installed_backends():
        name = gpu_of(backend)
        if name:
            return backend, name
    return None


def prove_gpu():
    """Return (backend, device name) once the kernel course-gpu has multiplied two matrices on a GPU.

    Raises CourseError, with what to do, where there is none: a run "on the GPU" must not pass on the CPU in silence.
    """
    spec = specification("course-gpu")
    backend = spec.get("env", {}).get("KERAS_BACKEND")
    name = gpu_of(backend, spec["env"]) if backend in BACKENDS else None
    if name is None:  # no backend was seen at installation, or it is gone: look again
        install()
        spec = specification("course-gpu")
        backend = spec["env"].get("KERAS_BACKEND")
        name = gpu_of(backend, spec["env"]) if backend else None
    if name is None:
        asked = ", ".join(installed_backends()) or "no backend is installed"
        raise CourseError(
            f"No GPU can be used here (asked: {asked}): install the GPU packages with "
            "`python -m course_utils lab --gpu`, or run with --kernel course-cpu."
        )
    return backend, name


if __name__ == "__main__":
    install()
