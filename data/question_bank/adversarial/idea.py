# %% header [markdown]
# - id: adversarial.idea
# - version: 1
# - topic: adversarial
# - lesson: 8
# - difficulty: easy
# - knowledge: recall
# - kind: kprim
# - operator: decide
# - points: 2
# - minutes: 3
# %% question.en [markdown]
# True or false? The statements are about adversarial examples for image classifiers.
# %% question.de [markdown]
# Wahr oder falsch? Die Aussagen betreffen gegnerische Beispiele für Bildklassifikatoren.
# %% options.en [markdown]
# - [x] The change can be so small that people do not see it.
# - [x] The image is changed, the weights of the network stay as they are.
# - [x] The same changed image often fools another network, too.
# - [ ] The change is random noise of the camera.
# - [ ] A network with high test accuracy is safe from them.
# - [ ] They need training images with wrong labels.
# %% options.de [markdown]
# - [x] Die Änderung kann so klein sein, dass Menschen sie nicht sehen.
# - [x] Das Bild wird geändert, die Gewichte des Netzes bleiben, wie sie sind.
# - [x] Dasselbe geänderte Bild täuscht oft auch ein anderes Netz.
# - [ ] Die Änderung ist zufälliges Rauschen der Kamera.
# - [ ] Ein Netz mit hoher Testgenauigkeit ist vor ihnen sicher.
# - [ ] Sie brauchen Trainingsbilder mit falschen Etiketten.
# %% solution.en [markdown]
# The change is computed from the network, not random; it needs no wrong labels and also hits accurate networks.
# %% solution.de [markdown]
# Die Änderung wird aus dem Netz berechnet, sie ist nicht zufällig; sie braucht keine falschen Etiketten und trifft auch genaue Netze.
