"""Attention and the Transformer block: by hand, against PyTorch's stored values and Keras' layers."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.from_scratch.attention import (
    causal_mask,
    feed_forward,
    layer_normalization,
    multi_head_attention,
    positional_encoding,
    scaled_dot_product_attention,
    split_heads,
    transformer_block,
)

TORCH = Path(__file__).parents[1] / "reference" / "values_torch.npz"


@pytest.fixture(scope="module")
def torch_values():
    with np.load(TORCH, allow_pickle=False) as values:
        return {name.removeprefix("att_"): values[name] for name in values if name.startswith("att_")}


def random(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def eight_arrays(width=6, heads=2, d_k=3, d_v=4, out=5):
    shapes = [(width, heads, d_k), (heads, d_k)] * 2 + [(width, heads, d_v), (heads, d_v), (heads, d_v, out), (out,)]
    return [random(*shape, seed=i) for i, shape in enumerate(shapes)]


def test_attention_by_hand():
    q, k, v = [[2.0, 0.0]], [[1.0, 0.0], [0.0, 1.0]], [[10.0], [20.0]]
    output, weights = scaled_dot_product_attention(q, k, v)
    share = 1 / (1 + np.exp(-2 / np.sqrt(2)))  # scores √2 and 0
    np.testing.assert_allclose(weights, [[share, 1 - share]])
    np.testing.assert_allclose(output, [[10 * share + 20 * (1 - share)]])


@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 6), st.integers(0, 1000))
def test_rows_sum_to_one_and_shut_pairs_get_nothing(queries, keys, width, seed):
    mask = np.random.default_rng(seed).random((queries, keys)) < 0.5
    mask[:, seed % keys] = True
    q, k, v = random(queries, width, seed=seed) * 30, random(keys, width, seed=seed + 1), random(keys, 2, seed=seed + 2)
    output, weights = scaled_dot_product_attention(q, k, v, mask)
    np.testing.assert_allclose(weights.sum(axis=-1), 1)
    assert (weights[~mask] == 0).all()
    assert (output <= v.max(axis=0) + 1e-9).all()


def test_attention_without_positions_does_not_know_the_order():
    q, k, v = random(2, 4), random(5, 4, seed=1), random(5, 3, seed=2)
    order = [3, 0, 4, 1, 2]
    np.testing.assert_allclose(
        scaled_dot_product_attention(q, k[order], v[order])[0], scaled_dot_product_attention(q, k, v)[0]
    )


def test_a_causal_mask_hides_what_comes_later():
    np.testing.assert_array_equal(causal_mask(3), [[1, 0, 0], [1, 1, 0], [1, 1, 1]])
    x, later = random(4, 6), random(4, 6)
    later[2:] += 1
    parameters = eight_arrays()
    first, weights = multi_head_attention(x, x, parameters, causal_mask(4))
    second, _ = multi_head_attention(later, later, parameters, causal_mask(4))
    np.testing.assert_allclose(first[:2], second[:2])
    assert weights.shape == (2, 4, 4)
    assert (weights[:, ~causal_mask(4)] == 0).all()


def test_attention_and_block_equal_pytorch(torch_values):
    v = torch_values
    mask = np.broadcast_to(v["mask"], (2, 3, 4, 6))
    np.testing.assert_allclose(
        scaled_dot_product_attention(v["q"], v["k"], v["v"], mask)[0], v["attended"], atol=1e-12
    )
    np.testing.assert_allclose(
        layer_normalization(v["x"], v["norms"][0], v["norms"][1]), v["normalized"], atol=1e-12
    )
    projections = []
    for w, b in zip(v["w_in"], v["b_in"], strict=True):
        projections += [w.reshape(8, 2, 4), b.reshape(2, 4)]
    parameters = {
        "attention": [*projections, v["w_out"].reshape(2, 4, 8), v["b_out"]],
        "norm_1": v["norms"][:2],
        "feed_forward": [v["w_1"], v["b_1"], v["w_2"], v["b_2"]],
        "norm_2": v["norms"][2:],
    }
    np.testing.assert_allclose(transformer_block(v["x"], parameters, causal_mask(5)), v["block"], atol=1e-12)


def test_positional_encoding_is_interleaved():
    encoding = positional_encoding(50, 6)
    np.testing.assert_array_equal(encoding[0], [0, 1, 0, 1, 0, 1])
    slower = 7 / 10000 ** (2 / 6)
    np.testing.assert_allclose(encoding[7, :4], [np.sin(7), np.cos(7), np.sin(slower), np.cos(slower)])
    assert positional_encoding(3, 5).shape == (3, 5)
    np.testing.assert_allclose(positional_encoding(3, 5)[2, 4], np.sin(2 / 10000 ** (4 / 5)))


@given(st.integers(0, 30), st.integers(1, 10))
def test_a_shift_turns_every_pair_by_the_same_angle(position, shift):
    pairs = positional_encoding(position + shift + 1, 8).reshape(-1, 4, 2)
    products = np.sum(pairs[position] * pairs[position + shift], axis=-1)
    np.testing.assert_allclose(products, np.cos(shift * 10000.0 ** (-np.arange(4) / 4)), atol=1e-12)


def test_layer_normalization_gives_mean_0_and_variance_1():
    x = 5 + 3 * random(4, 64)
    normal = layer_normalization(x, np.ones(64), np.zeros(64), epsilon=1e-12)
    np.testing.assert_allclose(normal.mean(axis=-1), 0, atol=1e-12)
    np.testing.assert_allclose(normal.var(axis=-1), 1, atol=1e-9)


Q, K, V = np.ones((2, 3)), np.ones((4, 3)), np.ones((4, 5))


@pytest.mark.parametrize(
    ("use", "error", "words"),
    [
        (lambda: scaled_dot_product_attention(Q, np.ones((4, 2)), V), ValueError, "k is 2 wide, but q is 3 wide"),
        (lambda: scaled_dot_product_attention(Q, K, np.ones((3, 5))), ValueError, "v has 3 rows, but k has 4"),
        (lambda: scaled_dot_product_attention(Q[None], K, V), ValueError, "the same leading axes"),
        (lambda: scaled_dot_product_attention(Q, K, V, np.ones((4, 2), bool)), ValueError, r"mask has shape \(4, 2\)"),
        (
            lambda: scaled_dot_product_attention(Q, K, V, [[True] * 4, [False] * 4]),
            ValueError,
            "mask is False in all of row 1",
        ),
        (lambda: scaled_dot_product_attention(Q, K, V, np.ones((2, 4))), TypeError, "mask is an array of float64"),
        (lambda: scaled_dot_product_attention(Q, K, V, "causal"), TypeError, "mask is the text 'causal'"),
        (lambda: multi_head_attention(Q, Q, [1, 2]), ValueError, "parameters is a list of 2 values, but eight arrays"),
        (
            lambda: multi_head_attention(Q, Q, eight_arrays()),
            ValueError,
            r"parameters\[0\] \(w_q\) has shape \(6, 2, 3\), but \(3, 2, 3\) is expected",
        ),
        (
            lambda: multi_head_attention(np.ones((4, 6)), np.ones((4, 6)), eight_arrays(), causal_mask(3)),
            ValueError,
            r"mask has shape \(3, 3\), but there are 4 queries and 4 keys",
        ),
        (lambda: split_heads(Q, np.ones((2, 1, 1)), [[0]]), ValueError, "kernel has 2 rows, but x is 3 wide"),
        (lambda: causal_mask(0), ValueError, "causal_mask: length is 0"),
        (lambda: positional_encoding(3, 2.5), TypeError, "positional_encoding: width is 2.5"),
        (lambda: layer_normalization(Q, [1], [0, 0, 0]), ValueError, "gamma has 1 numbers, but x is 3 wide"),
        (lambda: feed_forward(Q, np.ones((3, 2)), [0], [[1], [1]], [0]), ValueError, r"b_1 has shape \(1,\)"),
        (lambda: transformer_block(Q, {}), ValueError, "transformer_block: parameters is an empty dict, but"),
        (lambda: transformer_block(Q, {"mlp": []}), ValueError, "parameters is a dict with the parts mlp, but"),
        (lambda: transformer_block(Q, None), ValueError, "transformer_block: parameters is None"),
    ],
)
def test_bad_input_gets_a_sentence(use, error, words):
    with pytest.raises(error, match=words):
        use()


@pytest.mark.keras
@pytest.mark.parametrize("masked", [False, True])
def test_multi_head_attention_equals_keras(masked):
    import keras

    x, memory = random(2, 4, 6), random(2, 7, 6, seed=9)
    layer = keras.layers.MultiHeadAttention(num_heads=2, key_dim=3, value_dim=4, output_shape=5)
    layer.build(x.shape, memory.shape)
    parameters = eight_arrays()
    layer.set_weights(parameters)
    mask = np.random.default_rng(1).random((2, 4, 7)) < 0.6 if masked else None
    if masked:
        mask[..., 0] = True
    theirs = layer(x, memory, attention_mask=mask, return_attention_scores=True)
    for ours, expected in zip(multi_head_attention(x, memory, parameters, mask), theirs, strict=True):
        np.testing.assert_allclose(ours, keras.ops.convert_to_numpy(expected), atol=1e-5)


@pytest.mark.keras
def test_a_block_equals_keras_layers():
    import keras

    x = random(2, 5, 6)
    attention = keras.layers.MultiHeadAttention(2, 3)
    dense = [keras.layers.Dense(8, activation="relu"), keras.layers.Dense(6)]
    norms = [keras.layers.LayerNormalization(), keras.layers.LayerNormalization()]
    inputs = keras.Input((5, 6))
    middle = norms[0](inputs + attention(inputs, inputs, use_causal_mask=True))
    model = keras.Model(inputs, norms[1](middle + dense[1](dense[0](middle))))
    model.set_weights([random(*w.shape, seed=i) for i, w in enumerate(model.get_weights())])
    parameters = {
        "attention": attention.get_weights(),
        "norm_1": norms[0].get_weights(),
        "feed_forward": dense[0].get_weights() + dense[1].get_weights(),
        "norm_2": norms[1].get_weights(),
    }
    np.testing.assert_allclose(
        transformer_block(x, parameters, causal_mask(5)), keras.ops.convert_to_numpy(model(x)), atol=1e-5
    )
