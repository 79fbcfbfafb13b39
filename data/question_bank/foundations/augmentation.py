# %% header [markdown]
# - id: foundations.augmentation
# - version: 1
# - topic: foundations
# - lesson: 0
# - difficulty: easy
# - knowledge: application
# - kind: kprim
# - operator: decide
# - points: 2
# - minutes: 3
# - reference: Simard, Steinkraus & Platt 2003; Shorten & Khoshgoftaar, A survey on image data augmentation, 2019
# %% question.en [markdown]
# Is this a sensible augmentation of training images for recognizing **handwritten digits** from 0 to 9? True means sensible.
# %% question.de [markdown]
# Ist das eine sinnvolle Augmentierung von Trainingsbildern zur Erkennung **handgeschriebener Ziffern** von 0 bis 9? Wahr heißt sinnvoll.
# %% options.en [markdown]
# - [x] shifting the digit by up to two pixels
# - [x] rotating it by up to ten degrees
# - [x] bending it a little like a rubber sheet
# - [ ] rotating it by $180$ degrees
# - [ ] mirroring it left to right
# - [ ] exchanging its label with that of another image
# %% options.de [markdown]
# - [x] die Ziffer um bis zu zwei Pixel verschieben
# - [x] sie um bis zu zehn Grad drehen
# - [x] sie ein wenig wie ein Gummituch verbiegen
# - [ ] sie um $180$ Grad drehen
# - [ ] sie seitlich spiegeln
# - [ ] ihr Etikett mit dem eines anderen Bildes tauschen
# %% solution.en [markdown]
# A change is sensible if the label stays right: a six turned upside down is a nine, a mirrored two is no digit.
# %% solution.de [markdown]
# Eine Änderung ist sinnvoll, wenn das Etikett richtig bleibt: eine auf den Kopf gestellte Sechs ist eine Neun, eine gespiegelte Zwei ist keine Ziffer.
