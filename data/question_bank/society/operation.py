# %% header [markdown]
# - id: society.operation
# - version: 1
# - topic: society
# - lesson: 0
# - difficulty: hard
# - knowledge: application
# - kind: open
# - operator: explain
# - points: 4
# - minutes: 7
# - reference: Sculley et al., Hidden technical debt in machine learning systems, 2015
# %% question.en [markdown]
# A network that separates the articles on scanned newspaper pages works well when it is delivered. After half a year its results are worse although **nobody** changed it. Explain two causes and describe an operation that notices and mends it.
# %% question.de [markdown]
# Ein Netz, das auf gescannten Zeitungsseiten die Artikel voneinander trennt, arbeitet bei der Übergabe gut. Nach einem halben Jahr sind die Ergebnisse schlechter, obwohl **niemand** es geändert hat. Erklären Sie zwei Ursachen und beschreiben Sie einen Betrieb, der das bemerkt und behebt.
# %% rubric.en [markdown]
# - 1: the inputs have changed, such as a new layout (data drift)
# - 1: the wanted outputs have changed, or the preparation of the data has
# - 1: watching inputs and a sample of labeled outputs, with an alarm
# - 1: collecting new labels, training again, testing before the exchange
# %% rubric.de [markdown]
# - 1: die Eingaben haben sich geändert, etwa ein neues Layout (*data drift*)
# - 1: die gewünschten Ausgaben oder die Aufbereitung der Daten haben sich geändert
# - 1: Beobachten der Eingaben und einer Stichprobe etikettierter Ausgaben, mit Alarm
# - 1: neue Etiketten sammeln, neu trainieren, vor dem Austausch testen
# %% solution.en [markdown]
# The world moved on: other layouts, other wishes, another scanner. One watches the distribution of inputs and a labeled sample, retrains on new data, and exchanges the model only after a test.
# %% solution.de [markdown]
# Die Welt hat sich verändert: andere Layouts, andere Wünsche, ein anderer Scanner. Man beobachtet die Verteilung der Eingaben und eine etikettierte Stichprobe, trainiert mit neuen Daten nach und tauscht das Modell erst nach einem Test aus.
