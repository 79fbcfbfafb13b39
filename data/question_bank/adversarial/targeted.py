# %% header [markdown]
# - id: adversarial.targeted
# - version: 1
# - topic: adversarial
# - lesson: 8
# - difficulty: medium
# - knowledge: application
# - kind: open
# - operator: explain
# - points: 3
# - minutes: 5
# - reference: Kurakin, Goodfellow & Bengio, Adversarial examples in the physical world, 2017
# %% question.en [markdown]
# An attack is to make a network call a stop sign "speed limit 80" (targeted). Say how loss, direction of the step and end of the search differ from an attack that only wants **any** wrong answer.
# %% question.de [markdown]
# Ein Angriff soll ein Netz dazu bringen, ein Stoppschild „Tempo 80“ zu nennen (gezielt). Sagen Sie, wie sich Loss, Richtung des Schritts und Ende der Suche von einem Angriff unterscheiden, der nur **irgendeine** falsche Antwort will.
# %% rubric.en [markdown]
# - 1: loss for the target class instead of the true class
# - 1: step down that loss instead of up
# - 1: ends when the target class has the highest score
# %% rubric.de [markdown]
# - 1: Loss zur Zielklasse statt zur wahren Klasse
# - 1: Schritt abwärts statt aufwärts
# - 1: Ende, wenn die Zielklasse die höchste Punktzahl hat
# %% solution.en [markdown]
# Targeted: $x' = x - \epsilon \cdot \operatorname{sign}(\nabla_x L_\text{target})$ until the target wins; untargeted: up the loss of the true class until it loses.
# %% solution.de [markdown]
# Gezielt: $x' = x - \epsilon \cdot \operatorname{sign}(\nabla_x L_\text{target})$, bis das Ziel gewinnt; ungezielt: den Loss der wahren Klasse hinauf, bis sie verliert.
