"""The figures of lesson 08 about defences: training against attacks, hidden gradients, transfer, detection."""
import numpy as np

from . import style
from .adversarial import accuracy_curves, change_axes, picture_axes
from .interactive import InteractiveFigure, choice, slider


def training_replay(recording):
    """Scrub through the recorded trainings: accuracy on clean and on attacked pictures, without and with attacks."""
    arrays = recording.arrays
    steps = arrays["steps"]
    kinds = (("plain", "clean", "plainly", "-", "sky"), ("robust", "clean", "against PGD", "-", "orange"),
             ("robust", "attacked", "against PGD", "--", "vermillion"), ("plain", "attacked", "plainly", "--", "blue"))
    figure, axes = style.figure(size=(9.0, 4.2))
    means = {}
    for kind, pictures, how, dashes, color in kinds:
        runs = arrays[f"{kind}_{pictures}"]
        means[kind, pictures] = runs.mean(axis=1)
        axes.fill_between(steps, runs.min(axis=1), runs.max(axis=1), color=style.COLORS[color], alpha=0.25, linewidth=0)
        axes.plot(steps, means[kind, pictures], color=style.COLORS[color], linestyle=dashes,
                  label=f"{pictures}, trained {how}")
    line = axes.axvline(0, color=style.COLORS["ink"], linestyle=":")
    axes.set(ylim=(0, 1.03), xlim=(0, steps[-1]), xlabel="training step", ylabel="accuracy")
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))

    def update(step):
        row = int(np.abs(steps - step).argmin())
        line.set_xdata([steps[row]] * 2)
        words = "; ".join(f"trained {how}: {means[kind, 'clean'][row]:.3f} clean, {means[kind, 'attacked'][row]:.3f} "
                          "attacked" for kind, how in (("plain", "plainly"), ("robust", "against PGD")))
        return f"Step {steps[row]} of {steps[-1]}, mean of three trainings, PGD with ε = 32/255: {words}."

    last, gap = int(steps[-1]), int(steps[1] - steps[0])
    return InteractiveFigure(figure, update, name="Training against attacks",
                             controls={"step": slider("training step", 0, last, last, gap)})


def robust_curves(recording):
    """A static picture: accuracy against ε for the plain and the robust networks, mean of the seeds."""
    arrays = recording.arrays
    curves = {name: (arrays["levels"], arrays[key].mean(axis=0))
              for name, key in (("trained plainly", "plain_levels"), ("trained against PGD", "robust_levels"))}
    at = list(arrays["levels"]).index(32)
    words = "; ".join(f"{name}: {values[0]:.3f} on clean pictures, {values[at]:.3f} at ε = 32"
                      for name, (_, values) in curves.items())
    return accuracy_curves(curves, f"Accuracy under PGD against ε, mean of three trainings. {words}.")


def gradients_side_by_side(models, images, labels):
    """The gradient of the loss for the picture, for two networks: models name -> model. One picture of each class."""
    from course_utils.keras_tools.attacks import loss_and_gradient

    gradients = {name: loss_and_gradient(model)(images, labels)[1][..., 0] for name, model in models.items()}
    figure, axes = style.figure(1, 3, size=(9.4, 3.7))
    shown = picture_axes(axes[0], "")
    fields = [change_axes(one, name, 0.5) for one, name in zip(axes[1:], gradients, strict=True)]

    def update(picture):
        shown.set_data(images[picture, ..., 0])
        axes[0].set_title(f"a {labels[picture]}", loc="center")
        words = []
        for field, (name, values) in zip(fields, gradients.items(), strict=True):
            one = values[picture]
            field.set_data(one / max(np.abs(one).max(), 1e-12))
            inside = np.abs(one[images[picture, ..., 0] > 0.1]).sum() / max(np.abs(one).sum(), 1e-12)
            words.append(f"{name}: {inside:.0%} of the gradient lies on the ink")
        return f"A {labels[picture]}. " + "; ".join(words) + f"; ink covers {np.mean(images[picture] > 0.1):.0%}."

    return InteractiveFigure(figure, update, name="What the gradient looks like",
                             controls={"picture": slider("picture", 0, len(images) - 1, 3, 1)})


def loss_along(models, images, labels, direction_of, *, levels=32):
    """The loss on the way of the attack, for two networks: left the whole way, right its first 1/20 grey level.

    models: name -> model. The way is the sign of the gradient of the network named ``direction_of``.
    """
    from course_utils.from_scratch.neuron import softmax
    from course_utils.keras_tools.attacks import logits, loss_and_gradient

    sign = np.sign(loss_and_gradient(models[direction_of])(images, labels)[1])
    places = {"far": np.linspace(0, levels, 65), "near": np.linspace(0, 0.05, 51)}
    losses = {}
    for name, model in models.items():
        for part, steps in places.items():
            for i in range(len(images)):
                way = np.clip(images[i] + (steps / 255)[:, None, None, None].astype("float32") * sign[i], 0, 1)
                shares = softmax(logits(model, way).astype(float))[:, labels[i]]
                losses[name, part, i] = -np.log(np.maximum(shares, 1e-30))
    figure, panels = style.figure(1, 2, size=(9.4, 3.9))
    lines = {}
    for axes, part in zip(panels, places, strict=True):
        for name, color, dashes in zip(models, ("blue", "vermillion"), ("-", "--"), strict=True):
            lines[name, part], = axes.plot([], [], color=style.COLORS[color], linestyle=dashes, label=name)
        axes.set(xlabel="way along the attack, grey levels", xlim=(0, places[part][-1]))
    panels[0].set_ylabel("loss")
    panels[0].set_title("the whole way")
    panels[1].set_title("the first 1/20 level, loss × 1000")
    scale = {"far": 1, "near": 1000}
    panels[0].legend(loc="upper left")

    def update(picture):
        for (name, part), line in lines.items():
            line.set_data(places[part], scale[part] * losses[name, part, picture])
        for axes, part in zip(panels, places, strict=True):
            both = scale[part] * np.concatenate([losses[name, part, picture] for name in models])
            room = 0.1 * max(np.ptp(both), 1e-9)
            axes.set_ylim(both.min() - room, both.max() + room)
        ends = ", ".join(f"{name} {losses[name, 'far', picture][-1]:.2f}" for name in models)
        return f"A {labels[picture]}: loss at {levels} grey levels: {ends}."

    return InteractiveFigure(figure, update, name="Loss along the attack",
                             controls={"picture": slider("picture", 0, len(images) - 1, 3, 1)})


def transfer_matrix(recording):
    """Accuracy of each network (column) on pictures attacked with each network (row); the last row is random noise."""
    arrays = recording.arrays
    names, levels = [str(n) for n in arrays["names"]], [int(level) for level in arrays["levels"]]
    figure, axes = style.figure(size=(8.8, 4.8))
    image = axes.imshow(np.zeros((len(names) + 1, len(names))), cmap="cividis", vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(len(names)), [n.replace(", ", ",\n") for n in names])
    axes.set_yticks(range(len(names) + 1), [*names, "random ±ε"])
    axes.set(xlabel="tested on", ylabel="attacked with")
    texts = [[axes.text(j, i, "", ha="center", va="center", fontsize=14) for j in range(len(names))]
             for i in range(len(names) + 1)]
    figure.colorbar(image, ax=axes, label="accuracy")

    def update(level):
        k = levels.index(int(level))
        table = np.vstack([arrays["table"][k], arrays["noise"][k]])
        image.set_data(table)
        for i, row in enumerate(table):
            for j, value in enumerate(row):
                texts[i][j].set(text=f"{value:.2f}", color="white" if value < 0.55 else "black")
        own = np.diag(arrays["table"][k])
        others = arrays["table"][k][~np.eye(len(names), dtype=bool)]
        return (f"ε = {level}/255: accuracy {own.min():.2f} to {own.max():.2f} where a network is attacked itself, "
                f"{others.min():.2f} to {others.max():.2f} with pictures made for another, "
                f"{arrays['noise'][k].min():.2f} to {arrays['noise'][k].max():.2f} on random noise.")

    return InteractiveFigure(figure, update, name="Transfer", controls={
        "level": choice("ε, grey levels of 255", [str(level) for level in levels], "32")})


ATTACKS = {"FGSM": "fgsm", "PGD": "pgd", "PGD that knows the detector": "evading"}


def detector(recording):
    """Histogram of the scores of clean and attacked pictures, the ROC curve and a threshold to move."""
    from course_utils.keras_tools.detection import area, roc

    arrays = recording.arrays
    names = [str(name) for name in arrays["names"]]
    figure, (left, right) = style.figure(1, 2, size=(9.6, 4.2))
    colors = style.CLASS_COLORS
    shapes = [left.stairs(np.zeros(20), np.arange(21), fill=True, color=colors[0], alpha=0.7, label="clean"),
              left.stairs(np.zeros(20), np.arange(21), color=style.COLORS["vermillion"], linewidth=3, label="attacked")]
    line = left.axvline(0, color=style.COLORS["ink"], linestyle="--")
    left.set(xlabel="score", ylabel="share of the pictures")
    left.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    curve, = right.plot([], [], color=style.COLORS["vermillion"], linestyle="-")
    right.plot([0, 1], [0, 1], color=style.COLORS["grey"], linestyle=":")
    point, = right.plot([], [], "D", markersize=11, color=style.COLORS["ink"])
    right.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), xlabel="false alarms", ylabel="attacks caught")

    def update(name, attack, level, alarms):
        row, column = names.index(name), [str(n) for n in arrays["levels"]].index(level)
        clean, attacked = arrays["clean"][row], arrays[ATTACKS[attack]][row, column]
        attacked = attacked[~np.isnan(attacked)]
        both = np.concatenate([clean, attacked])
        edges = np.linspace(both.min(), both.max() + 1e-9, 21)
        highest = 0.0
        for shape, values in zip(shapes, (clean, attacked), strict=True):
            shares = np.histogram(values, edges)[0] / len(values)
            highest = max(highest, shares.max())
            shape.set_data(shares, edges)
        threshold = float(np.quantile(clean, 1 - alarms / 100, method="higher"))
        false, caught = np.mean(clean > threshold), np.mean(attacked > threshold)
        line.set_xdata([threshold, threshold])
        left.set(xlim=(edges[0], edges[-1]), ylim=(0, 1.1 * highest))
        curve.set_data(*roc(clean, attacked))
        point.set_data([false], [caught])
        right.set_title(f"area {area(clean, attacked):.2f}")
        return (f"{name}, {attack}, ε = {level}/255: with {false:.0%} false alarms it catches {caught:.0%} of "
                f"{len(attacked)} attacked pictures that fool; area under the curve {area(clean, attacked):.3f}.")

    return InteractiveFigure(figure, update, name="Detecting attacks", controls={
        "name": choice("detector", names), "attack": choice("attack", list(ATTACKS), "PGD"),
        "level": choice("ε, grey levels of 255", [str(n) for n in arrays["levels"]]),
        "alarms": slider("false alarms allowed", 0, 50, 5, 1, unit="%")})
