# %% header [markdown]
# - id: adversarial.entropy_detect
# - version: 1
# - topic: adversarial
# - lesson: 8
# - difficulty: hard
# - knowledge: application
# - kind: open
# - operator: explain
# - points: 4
# - minutes: 7
# - reference: Amirian, Schwenker & Stadelmann, Trace and detect adversarial attacks on CNNs using feature response maps, 2018
# %% question.en [markdown]
# Explain how an attack can be detected by the average local spatial entropy of feature response maps: what is computed, why an attacked image differs, how the threshold is set, and one limit of the method.
# %% question.de [markdown]
# Erklären Sie, wie ein Angriff über die mittlere lokale räumliche Entropie von Merkmalsantworten erkannt werden kann: was berechnet wird, warum ein angegriffenes Bild abweicht, wie die Schwelle gesetzt wird und eine Grenze des Verfahrens.
# %% rubric.en [markdown]
# - 1: response map on the image, entropy in small windows, mean over all windows
# - 1: an attacked image lights up scattered regions, so the entropy differs
# - 1: threshold from clean images by the accepted rate of false alarms
# - 1: a limit, such as an attacker who knows the detector
# %% rubric.de [markdown]
# - 1: Antwortkarte auf dem Bild, Entropie in kleinen Fenstern, Mittel über alle Fenster
# - 1: ein angegriffenes Bild spricht verstreute Bereiche an, daher weicht die Entropie ab
# - 1: Schwelle aus unveränderten Bildern nach der erlaubten Fehlalarmrate
# - 1: eine Grenze, etwa ein Angreifer, der den Detektor kennt
# %% solution.en [markdown]
# Clean images give focused responses, attacked ones scattered responses. The detector compares the mean entropy with a threshold found on clean images; an attacker who includes the entropy in his loss can evade it.
# %% solution.de [markdown]
# Unveränderte Bilder geben gebündelte Antworten, angegriffene verstreute. Der Detektor vergleicht die mittlere Entropie mit einer an unveränderten Bildern bestimmten Schwelle; wer die Entropie in seinen Loss aufnimmt, kann ihm entgehen.
