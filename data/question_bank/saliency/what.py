# %% header [markdown]
# - id: saliency.what
# - version: 1
# - topic: saliency
# - lesson: 9
# - difficulty: easy
# - knowledge: recall
# - kind: single
# - operator: state
# - points: 1
# - minutes: 1
# %% question.en [markdown]
# What does a saliency map of an image classifier show?
# %% question.de [markdown]
# Was zeigt eine Salienzkarte (*saliency map*) eines Bildklassifikators?
# %% options.en [markdown]
# - [x] which pixels the score of a class depends on || It belongs to one image, one network and one class.
# - [ ] which weights of the network are largest || Weights do not depend on the image.
# - [ ] which training images were labeled wrongly || That is a check of the data.
# - [ ] which classes the network has never seen || That is the detection of unknown inputs.
# - [ ] which pixels are brightest in the image || Brightness says nothing about the score.
# %% options.de [markdown]
# - [x] von welchen Pixeln die Punktzahl einer Klasse abhängt || Sie gehört zu einem Bild, einem Netz und einer Klasse.
# - [ ] welche Gewichte des Netzes am größten sind || Gewichte hängen nicht vom Bild ab.
# - [ ] welche Trainingsbilder falsch etikettiert waren || Das ist eine Prüfung der Daten.
# - [ ] welche Klassen das Netz noch nie gesehen hat || Das ist die Erkennung unbekannter Eingaben.
# - [ ] welche Pixel im Bild am hellsten sind || Helligkeit sagt nichts über die Punktzahl.
# %% solution.en [markdown]
# It weighs the input's pixels by their influence on one output.
# %% solution.de [markdown]
# Sie gewichtet die Pixel der Eingabe nach ihrem Einfluss auf eine Ausgabe.
