# %% header [markdown]
# - id: adversarial.fgsm_name
# - version: 1
# - topic: adversarial
# - lesson: 8
# - difficulty: easy
# - knowledge: application
# - kind: single
# - operator: name
# - points: 1
# - minutes: 1
# - reference: Goodfellow, Shlens & Szegedy, Explaining and harnessing adversarial examples, 2015
# %% question.en [markdown]
# An attack takes one step: every pixel moves by $\epsilon$ in the direction of the sign of the loss's gradient. What is it called?
# %% question.de [markdown]
# Ein Angriff macht einen einzigen Schritt: Jeder Pixel bewegt sich um $\epsilon$ in Richtung des Vorzeichens des Loss-Gradienten. Wie heißt er?
# %% options.en [markdown]
# - [x] FGSM (fast gradient sign method) || One step of the size $\epsilon$ along the sign.
# - [ ] PGD (projected gradient descent) || It takes many small steps and projects back.
# - [ ] One-pixel attack || It changes a single pixel and needs no gradient.
# - [ ] Data poisoning || It changes the training data, not the input.
# %% options.de [markdown]
# - [x] FGSM (Fast Gradient Sign Method) || Ein Schritt der Größe $\epsilon$ entlang des Vorzeichens.
# - [ ] PGD (Projected Gradient Descent) || Es macht viele kleine Schritte und projiziert zurück.
# - [ ] One-Pixel-Angriff || Er ändert einen einzigen Pixel und braucht keinen Gradienten.
# - [ ] Vergiften der Daten (*data poisoning*) || Das ändert die Trainingsdaten, nicht die Eingabe.
# %% solution.en [markdown]
# $x' = x + \epsilon \cdot \operatorname{sign}(\nabla_x L)$ is the fast gradient sign method.
# %% solution.de [markdown]
# $x' = x + \epsilon \cdot \operatorname{sign}(\nabla_x L)$ ist die *Fast Gradient Sign Method*.
