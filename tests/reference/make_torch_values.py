"""Make values_torch.npz: what PyTorch gives for fixed inputs, for the from-scratch rooms to be compared with.

Run it with an interpreter that has torch 2.13: ``python tests/reference/make_torch_values.py``. All numbers are
float64; only arrays are stored. Inputs and weights are stored as well, in our (that is, Keras') layout, and carried
over to PyTorch's here, so that the conversion is part of the reference and not of the code under test.
"""

from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

RNG = np.random.default_rng(20260101)


def normal(*shape):
    return RNG.normal(size=shape).round(3)


def tensor(array, learn=False):
    return torch.tensor(array, dtype=torch.float64, requires_grad=learn)


def convolution():
    """A layer with stride and padding, its gradients, and max pooling with and without the cut windows."""
    images, kernels, biases = normal(2, 7, 8, 3), normal(3, 3, 3, 4), normal(4)
    x, w = tensor(images.transpose(0, 3, 1, 2), True), tensor(kernels.transpose(3, 2, 0, 1), True)
    b = tensor(biases, True)
    output = F.conv2d(x, w, b, stride=2, padding=1)
    slope = normal(*output.permute(0, 2, 3, 1).shape)
    output.backward(tensor(slope.transpose(0, 3, 1, 2)))
    picture = normal(7, 7)
    pool = {
        f"pool_{name}": F.max_pool2d(tensor(picture)[None], 2, 2, ceil_mode=partial)[0].numpy()
        for name, partial in (("whole", False), ("partial", True))
    }
    pool_3 = F.max_pool2d(tensor(picture)[None], 3, 2, ceil_mode=True)[0].numpy()
    return {
        "images": images, "kernels": kernels, "biases": biases, "slope": slope,
        "output": output.detach().permute(0, 2, 3, 1).numpy(),
        "image_gradient": x.grad.permute(0, 2, 3, 1).numpy(),
        "kernel_gradient": w.grad.permute(2, 3, 1, 0).numpy(),
        "bias_gradient": b.grad.numpy(),
        "picture": picture, "pool_3": pool_3, **pool,
    }


def recurrent():
    """LSTM and simple RNN over a sequence, and the RNN's gradients. PyTorch's gates come in the order i, f, g, o."""
    inputs, kernel, recurrent_kernel, bias = normal(3, 6, 5), normal(5, 16), normal(4, 16), normal(16)
    lstm = torch.nn.LSTM(5, 4, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        lstm.weight_ih_l0.copy_(tensor(kernel.T))
        lstm.weight_hh_l0.copy_(tensor(recurrent_kernel.T))
        lstm.bias_ih_l0.copy_(tensor(bias))
        lstm.bias_hh_l0.zero_()
    hiddens, (_, cell) = lstm(tensor(inputs))

    rnn_kernel, rnn_recurrent_kernel, rnn_bias = normal(5, 4), normal(4, 4), normal(4)
    rnn = torch.nn.RNN(5, 4, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(tensor(rnn_kernel.T))
        rnn.weight_hh_l0.copy_(tensor(rnn_recurrent_kernel.T))
        rnn.bias_ih_l0.copy_(tensor(rnn_bias))
        rnn.bias_hh_l0.zero_()
    x = tensor(inputs, True)
    rnn_hiddens, _ = rnn(x)
    slope = normal(3, 6, 4)
    rnn_hiddens.backward(tensor(slope))
    return {
        "inputs": inputs, "kernel": kernel, "recurrent_kernel": recurrent_kernel, "bias": bias,
        "hiddens": hiddens.detach().numpy(), "last_cell": cell[0].detach().numpy(),
        "rnn_kernel": rnn_kernel, "rnn_recurrent_kernel": rnn_recurrent_kernel, "rnn_bias": rnn_bias,
        "rnn_hiddens": rnn_hiddens.detach().numpy(), "rnn_slope": slope, "rnn_input_gradient": x.grad.numpy(),
        "rnn_kernel_gradient": rnn.weight_ih_l0.grad.T.numpy(),
        "rnn_recurrent_gradient": rnn.weight_hh_l0.grad.T.numpy(),
        "rnn_bias_gradient": rnn.bias_ih_l0.grad.numpy(),
    }


def attention():
    """Scaled dot products with a mask, layer normalization, and a whole encoder block (normalized after each part)."""
    q, k, v = normal(2, 3, 4, 5), normal(2, 3, 6, 5), normal(2, 3, 6, 7)
    mask = RNG.random((4, 6)) < 0.6
    mask[:, 0] = True
    attended = F.scaled_dot_product_attention(tensor(q), tensor(k), tensor(v), attn_mask=torch.tensor(mask))

    width, heads, hidden = 8, 2, 16
    x = normal(2, 5, width)
    w_in, b_in, w_out, b_out = normal(3, width, width), normal(3, width), normal(width, width), normal(width)
    w_1, b_1, w_2, b_2 = normal(width, hidden), normal(hidden), normal(hidden, width), normal(width)
    norms = normal(4, width)
    block = torch.nn.TransformerEncoderLayer(
        width, heads, hidden, dropout=0.0, layer_norm_eps=1e-3, batch_first=True, dtype=torch.float64
    )
    with torch.no_grad():
        block.self_attn.in_proj_weight.copy_(tensor(np.concatenate([w.T for w in w_in])))
        block.self_attn.in_proj_bias.copy_(tensor(b_in.reshape(-1)))
        block.self_attn.out_proj.weight.copy_(tensor(w_out.T))
        block.self_attn.out_proj.bias.copy_(tensor(b_out))
        block.linear1.weight.copy_(tensor(w_1.T))
        block.linear1.bias.copy_(tensor(b_1))
        block.linear2.weight.copy_(tensor(w_2.T))
        block.linear2.bias.copy_(tensor(b_2))
        for norm, (gamma, beta) in zip((block.norm1, block.norm2), norms.reshape(2, 2, width), strict=True):
            norm.weight.copy_(tensor(gamma))
            norm.bias.copy_(tensor(beta))
    later = torch.triu(torch.ones(5, 5, dtype=torch.bool), diagonal=1)  # PyTorch: True may *not* attend
    output = block(tensor(x), src_mask=later)
    normalized = F.layer_norm(tensor(x), (width,), tensor(norms[0]), tensor(norms[1]), eps=1e-3)
    return {
        "q": q, "k": k, "v": v, "mask": mask, "attended": attended.numpy(),
        "x": x, "w_in": w_in, "b_in": b_in, "w_out": w_out, "b_out": b_out,
        "w_1": w_1, "b_1": b_1, "w_2": w_2, "b_2": b_2, "norms": norms,
        "block": output.detach().numpy(), "normalized": normalized.detach().numpy(),
    }


def network():
    """Loss and gradients of a small net, E = half the squared error, and of one with softmax and cross-entropy."""
    x, t = normal(6, 3), normal(6, 2)
    weights = [normal(3, 4), normal(4, 4), normal(4, 2)]
    biases = [normal(4), normal(4), normal(2)]
    arrays = {f"w_{i}": w for i, w in enumerate(weights)} | {f"b_{i}": b for i, b in enumerate(biases)}
    labels = RNG.integers(0, 2, size=6)
    for name in ("squared", "softmax"):
        ws, bs = [tensor(w, True) for w in weights], [tensor(b, True) for b in biases]
        a = tensor(x)
        for i, (w, b) in enumerate(zip(ws, bs, strict=True)):
            z = a @ w + b
            a = torch.tanh(z) if i < 2 else z
        if name == "squared":
            loss = 0.5 * ((a - tensor(t)) ** 2).sum() / len(x)
        else:
            loss = F.cross_entropy(a, torch.tensor(labels))
        loss = loss + 0.1 / 2 * sum((w**2).sum() for w in ws)
        loss.backward()
        arrays |= {f"{name}_w_{i}": w.grad.numpy() for i, w in enumerate(ws)}
        arrays |= {f"{name}_b_{i}": b.grad.numpy() for i, b in enumerate(bs)} | {f"{name}_loss": loss.detach().numpy()}
    return {"x": x, "t": t, "labels": labels, **arrays}


def optimizers():
    """Twenty steps on given gradients. PyTorch's RMSprop and Adam put epsilon elsewhere, so it is tiny here."""
    start, gradients = normal(3, 2), normal(20, 3, 2)
    makers = {
        "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
        "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.9, eps=1e-16),
        "adam": lambda p: torch.optim.Adam(p, lr=0.01, eps=1e-16),
    }
    paths = {}
    for name, make in makers.items():
        w = tensor(start, True)
        optimizer = make([w])
        path = []
        for g in gradients:
            w.grad = tensor(g)
            optimizer.step()
            path.append(w.detach().numpy().copy())
        paths[name] = np.array(path)
    return {"start": start, "gradients": gradients, **paths}


if __name__ == "__main__":
    torch.manual_seed(0)
    rooms = {"conv": convolution(), "rec": recurrent(), "att": attention(), "net": network(), "opt": optimizers()}
    values = {f"{room}_{name}": array for room, arrays in rooms.items() for name, array in arrays.items()}
    target = Path(__file__).with_name("values_torch.npz")
    np.savez_compressed(target, torch_version=np.array(torch.__version__), **values)
    print(f"{target.name}: {len(values)} arrays, {target.stat().st_size / 1000:.0f} kB, torch {torch.__version__}")
