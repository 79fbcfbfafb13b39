"""Make values_saliency.npz: what captum and tf-keras-vis give for eight digits, for lesson 09 to be compared with.

Run it with an interpreter that has the course's packages, torch, captum and tf-keras-vis:
``python tests/reference/make_saliency_values.py``. The network is the course's `digit_cnn` with its stored weights; for
captum it is rebuilt in PyTorch here, so that the conversion is part of the reference and not of the code under test.
"""

from pathlib import Path

import numpy as np
import torch
from captum.attr import GuidedBackprop, IntegratedGradients, Saliency
from tf_keras_vis.gradcam import Gradcam
from tf_keras_vis.saliency import Saliency as KerasSaliency
from tf_keras_vis.utils.scores import CategoricalScore

from course_utils.datasets import digits
from course_utils.keras_tools.models import as_input, digit_cnn

STEPS = 20


class Flat(torch.nn.Module):
    """Flattens in Keras' order: rows, columns, channels."""

    def forward(self, x):
        return x.permute(0, 2, 3, 1).reshape(len(x), -1)


def in_torch(model):
    """The same network in PyTorch, in double precision."""
    kernel_1, bias_1, kernel_2, bias_2, kernel_3, bias_3 = (torch.tensor(w, dtype=torch.float64)
                                                            for w in model.get_weights())
    convolutions = [torch.nn.Conv2d(1, 16, 3, padding=1), torch.nn.Conv2d(16, 32, 3, padding=1)]
    last = torch.nn.Linear(1568, 10)
    net = torch.nn.Sequential(convolutions[0], torch.nn.ReLU(), torch.nn.MaxPool2d(2), convolutions[1],
                              torch.nn.ReLU(), torch.nn.MaxPool2d(2), Flat(), last).double().eval()
    with torch.no_grad():
        for layer, kernel, bias in zip(convolutions, (kernel_1, kernel_2), (bias_1, bias_2), strict=True):
            layer.weight.copy_(kernel.permute(3, 2, 0, 1))
            layer.bias.copy_(bias)
        last.weight.copy_(kernel_3.T)
        last.bias.copy_(bias_3)
    return net


def captums(model, images, labels):
    """Gradient, integrated gradients (midpoints, from black) and guided backpropagation by captum."""
    net, x = in_torch(model), torch.tensor(images.transpose(0, 3, 1, 2), dtype=torch.float64)
    target = torch.tensor(labels)
    found = {
        "captum_gradient": Saliency(net).attribute(x.clone().requires_grad_(), target=target, abs=False),
        "captum_integrated": IntegratedGradients(net).attribute(x, target=target, n_steps=STEPS,
                                                                method="riemann_middle"),
        "captum_guided": GuidedBackprop(net).attribute(x.clone().requires_grad_(), target=target),
        "torch_logits": net(x),
    }
    return {name: value.detach().numpy().transpose(0, 2, 3, 1) if value.ndim == 4 else value.detach().numpy()
            for name, value in found.items()}


def keras_vis(model, images, labels):
    """Gradient and Grad-CAM by tf-keras-vis, neither scaled nor made positive beyond what the method says."""
    score = CategoricalScore(labels.tolist())
    gradient = KerasSaliency(model, clone=False)(score, images, normalize_map=False, keepdims=True,
                                                             gradient_modifier=None)
    cams = {f"keras_vis_cam_{layer}": Gradcam(model, clone=False)(score, images, penultimate_layer=layer,
                                                                  normalize_cam=False)
            for layer in ("conv_1", "conv_2")}
    return {"keras_vis_gradient": np.asarray(gradient), **{name: np.asarray(cam) for name, cam in cams.items()}}


if __name__ == "__main__":
    model = digit_cnn()
    _, (pictures, labels) = digits()
    images, labels = as_input(pictures[:8]), labels[:8].astype(int)
    arrays = {"images": images, "labels": labels, "steps": np.array(STEPS), **captums(model, images, labels),
              **keras_vis(model, images, labels)}
    arrays = {name: value.astype(np.float32) if value.dtype == np.float64 else value
              for name, value in arrays.items()}
    np.savez_compressed(Path(__file__).with_name("values_saliency.npz"), **arrays)
