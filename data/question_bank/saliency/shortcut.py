# %% header [markdown]
# - id: saliency.shortcut
# - version: 1
# - topic: saliency
# - lesson: 9
# - difficulty: hard
# - knowledge: application
# - kind: open
# - operator: assess
# - points: 4
# - minutes: 7
# - reference: Lapuschkin et al., Unmasking Clever Hans predictors and assessing what machines really learn, 2019; Zech et al. 2018
# %% question.en [markdown]
# A classifier for lung X-rays reaches $97$ percent on its test set. Its saliency maps light up a metal token in the corner that some hospitals put on the film. Explain what happened, why the test did **not** show it, and propose two measures.
# %% question.de [markdown]
# Ein Klassifikator für Lungenröntgenbilder erreicht $97$ Prozent auf seinem Testsatz. Seine Salienzkarten heben eine Metallmarke in der Ecke hervor, die manche Kliniken auf den Film legen. Erklären Sie, was geschehen ist, warum der Test es **nicht** zeigte, und schlagen Sie zwei Maßnahmen vor.
# %% rubric.en [markdown]
# - 1: the token goes with the class and was learned as a shortcut
# - 1: the test set comes from the same hospitals, so the shortcut works there, too
# - 1: a measure on the data, such as covering the token or balancing the hospitals
# - 1: a test on data of another hospital
# %% rubric.de [markdown]
# - 1: die Marke tritt mit der Klasse zusammen auf und wurde als Abkürzung gelernt
# - 1: der Testsatz stammt aus denselben Kliniken, also hilft die Abkürzung auch dort
# - 1: eine Maßnahme an den Daten, etwa die Marke verdecken oder die Kliniken ausgleichen
# - 1: ein Test mit Daten einer anderen Klinik
# %% solution.en [markdown]
# The network learned the hospital, not the disease. A random split shares the shortcut between training and test; only data from elsewhere, or covering the token, reveals it.
# %% solution.de [markdown]
# Das Netz lernte die Klinik, nicht die Krankheit. Eine zufällige Teilung hat die Abkürzung in Training und Test; erst Daten von anderswo oder das Verdecken der Marke decken sie auf.
