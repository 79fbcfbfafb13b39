"""Convolution and pooling, as lesson 04 builds them: one picture first, then whole layers, forward and backward.

"Convolution" means cross-correlation here, as in all networks: the kernel is laid on the picture without flipping it.
Layers take pictures as Keras does: (n, height, width, channels), kernels (height, width, channels, filters).

Sources: LeCun et al., "Gradient-based learning applied to document recognition", 1998; B. Rohrer, "How convolutional
neural networks work" (the X-or-O example, where pooling keeps the cut windows at the edge).
"""

import numpy as np

from ._checks import checked, numbers, whole

_stride = whole(1)
_padding = whole(0)


def _kernel_fits(n, kernel, padding):
    if kernel > n + 2 * padding:
        return (
            f"kernel is {kernel} wide, but there are only {n + 2 * padding} places (n = {n}, padding = {padding} on "
            "each side): take a smaller kernel or more padding."
        )


def _kernel_fits_image(image, kernel, padding):
    for axis, words in enumerate(("high", "wide")):
        size, n = kernel.shape[axis], image.shape[axis] + 2 * padding
        if size > n:
            return (
                f"kernel is {size} {words}, but the image with its padding is only {n} {words}: "
                "take a smaller kernel or more padding."
            )


@checked(_kernel_fits, n=whole(1), kernel=whole(1), stride=_stride, padding=_padding)
def output_size(n, kernel, stride=1, padding=0):
    """How many places a kernel of that size finds along a side of n: ⌊(n + 2·padding − kernel) / stride⌋ + 1.

    Where the division leaves a remainder, so many rows or columns at the far edge are never seen.
    Raises ValueError where the kernel is larger than the padded side.
    """
    return (n + 2 * padding - kernel) // stride + 1


@checked(_kernel_fits_image, image=numbers(2), kernel=numbers(2), stride=_stride, padding=_padding)
def convolve2d_loops(image, kernel, stride=1, padding=0):
    """The same as `convolve2d` in plain loops: to read, not to use (some hundred times slower)."""
    image = np.pad(image, padding)
    height, width = kernel.shape
    rows = output_size(image.shape[0], height, stride)
    columns = output_size(image.shape[1], width, stride)
    output = np.zeros((rows, columns))
    for row in range(rows):
        for column in range(columns):
            for i in range(height):
                for j in range(width):
                    output[row, column] += kernel[i, j] * image[row * stride + i, column * stride + j]
    return output


@checked(_kernel_fits_image, image=numbers(2), kernel=numbers(2), stride=_stride, padding=_padding)
def convolve2d(image, kernel, stride=1, padding=0):
    """Lay the kernel on every place of the image and sum the products (cross-correlation: the kernel is not flipped).

    image: (h, w), kernel: (kh, kw), padding: zeros on each side. Returns (rows, columns), see `output_size`.
    Fast because it loops over the few numbers of the kernel instead of over the many places of the image.
    Raises ValueError or TypeError for a kernel larger than the padded image, a negative stride, padding given as text.
    """
    image = np.pad(image, padding)
    rows = output_size(image.shape[0], kernel.shape[0], stride)
    columns = output_size(image.shape[1], kernel.shape[1], stride)
    output = np.zeros((rows, columns))
    for i, j in np.ndindex(kernel.shape):
        output += kernel[i, j] * image[i : i + rows * stride : stride, j : j + columns * stride : stride]
    return output


def _window_fits(image, size, stride, partial):
    if size > min(image.shape[:2]):
        return f"size is {size}, but the image has shape {image.shape}: take a window no larger than the image."
    if partial and stride > size:
        return (
            f"stride is {stride} and size is {size}, but partial=True keeps windows that touch the edge and so needs "
            "windows without gaps: take a stride no larger than the size."
        )


@checked(_window_fits, image=numbers(2), size=whole(1), stride=_stride)
def max_pool2d(image, size=2, stride=2, partial=False):
    """The largest number in every window of size × size.

    image: (h, w). partial=False leaves out the windows that stick out at the far edge, as Keras' "valid" does;
    partial=True keeps them and takes the largest of what is there (7 × 7 gives 4 × 4 instead of 3 × 3).
    """
    left_over = stride - 1 if partial else 0
    rows = output_size(image.shape[0] + left_over, size, stride)
    columns = output_size(image.shape[1] + left_over, size, stride)
    image = np.pad(image, (0, left_over), constant_values=-np.inf)  # beyond the edge there is nothing to find
    seen = []  # for each place in the window, what all windows have there
    for i, j in np.ndindex(size, size):
        seen.append(image[i : i + rows * stride : stride, j : j + columns * stride : stride])
    return np.max(seen, axis=0)


def _images_fit_kernels(images, kernels, padding):
    if images.shape[3] != kernels.shape[2]:
        return (
            f"kernels has shape {kernels.shape} for {kernels.shape[2]} channels, but images has {images.shape[3]} "
            f"in its last axis: give kernels of shape (height, width, {images.shape[3]}, filters)."
        )
    return _kernel_fits_image(images[0], kernels, padding)


def _one_bias_per_filter(kernels, biases):
    if len(biases) != kernels.shape[3]:
        return f"biases has {len(biases)} numbers, but kernels has {kernels.shape[3]} filters: give one per filter."


def _gradient_fits_output(images, kernels, output_gradient, stride, padding):
    sides = [(images.shape[a + 1] + 2 * padding - kernels.shape[a]) // stride + 1 for a in (0, 1)]
    expected = (len(images), *sides, kernels.shape[3])
    if output_gradient.shape != expected:
        return (
            f"output_gradient has shape {output_gradient.shape}, but the layer's output has shape {expected}: "
            "give one slope per output."
        )


@checked(
    _images_fit_kernels,
    _one_bias_per_filter,
    images=numbers(4),
    kernels=numbers(4),
    biases=numbers(1),
    stride=_stride,
    padding=_padding,
)
def conv_layer(images, kernels, biases, stride=1, padding=0):
    """A convolutional layer without its activation: every filter looks at all channels.

    images: (n, h, w, channels), kernels: (kh, kw, channels, filters), biases: (filters,).
    Returns (n, rows, columns, filters), as Keras' Conv2D.
    """
    images = np.pad(images, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows = output_size(images.shape[1], kernels.shape[0], stride)
    columns = output_size(images.shape[2], kernels.shape[1], stride)
    output = np.zeros((len(images), rows, columns, len(biases))) + biases
    for i, j in np.ndindex(kernels.shape[:2]):
        seen = images[:, i : i + rows * stride : stride, j : j + columns * stride : stride]
        output += seen @ kernels[i, j]
    return output


@checked(
    _images_fit_kernels,
    _gradient_fits_output,
    images=numbers(4),
    kernels=numbers(4),
    output_gradient=numbers(4),
    stride=_stride,
    padding=_padding,
)
def conv_layer_gradients(images, kernels, output_gradient, stride=1, padding=0):
    """The way back through `conv_layer`: from the slope of the loss by each output to those by its three arguments.

    output_gradient: as the output, (n, rows, columns, filters). Returns the gradients of images, kernels and biases.
    """
    n, rows, columns, filters = output_gradient.shape
    images = np.pad(images, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    image_gradient = np.zeros_like(images)
    kernel_gradient = np.zeros_like(kernels)
    for i, j in np.ndindex(kernels.shape[:2]):
        place = np.s_[:, i : i + rows * stride : stride, j : j + columns * stride : stride]
        kernel_gradient[i, j] = np.tensordot(images[place], output_gradient, axes=((0, 1, 2), (0, 1, 2)))
        image_gradient[place] += output_gradient @ kernels[i, j].T
    height, width = images.shape[1:3]
    image_gradient = image_gradient[:, padding : height - padding, padding : width - padding]
    return image_gradient, kernel_gradient, output_gradient.sum(axis=(0, 1, 2))


def _window_fits_images(images, size):
    if size > min(images.shape[1:3]):
        return f"size is {size}, but images has shape {images.shape}: take a window no larger than the images."


def _gradient_fits_pool(images, output_gradient, size, stride):
    sides = [(n - size) // stride + 1 for n in images.shape[1:3]]
    expected = (len(images), *sides, images.shape[3])
    if output_gradient.shape != expected:
        return (
            f"output_gradient has shape {output_gradient.shape}, but the layer's output has shape {expected}: "
            "give one slope per output."
        )


@checked(_window_fits_images, images=numbers(4), size=whole(1), stride=_stride)
def pool_windows(images, size, stride):
    """The numbers in each place of the window, for all windows at once.

    Returns the list of the size · size slices of images, and what they hold: (size · size, n, rows, columns, channels).
    """
    rows = output_size(images.shape[1], size, stride)
    columns = output_size(images.shape[2], size, stride)
    places = []
    for i, j in np.ndindex(size, size):
        places.append(np.s_[:, i : i + rows * stride : stride, j : j + columns * stride : stride])
    return places, np.stack([images[place] for place in places])


@checked(_window_fits_images, images=numbers(4), size=whole(1), stride=_stride)
def max_pool_layer(images, size=2, stride=2):
    """`max_pool2d` for a batch: (n, h, w, channels) to (n, rows, columns, channels), as Keras' MaxPooling2D."""
    places, seen = pool_windows(images, size, stride)
    return seen.max(axis=0)


@checked(
    _window_fits_images,
    _gradient_fits_pool,
    images=numbers(4),
    output_gradient=numbers(4),
    size=whole(1),
    stride=_stride,
)
def max_pool_layer_gradient(images, output_gradient, size=2, stride=2):
    """The way back through `max_pool_layer`: each slope goes to the place where the largest number was found.

    Where several are equally large, to the first of them, row by row. Returns the gradient of images.
    """
    places, seen = pool_windows(images, size, stride)
    winner = seen.argmax(axis=0)
    image_gradient = np.zeros_like(images)
    for k, place in enumerate(places):
        image_gradient[place] += np.where(winner == k, output_gradient, 0)
    return image_gradient
