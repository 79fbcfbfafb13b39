"""Numbers and fixed words in English, German and the German of Switzerland."""

import re

LOCALES = ("en", "de", "de-CH")
TOPICS = {
    "neuron": ("Neuron", "Neuron"),
    "mlp": ("Multilayer perceptron", "Mehrschichtiges Netz"),
    "descent": ("Gradient descent", "Gradientenabstieg"),
    "cnn": ("Convolutional networks", "Faltungsnetze"),
    "rnn": ("Recurrent networks", "Rekurrente Netze"),
    "transformer": ("Transformer", "Transformer"),
    "gan": ("Generative adversarial networks", "Generative gegnerische Netze"),
    "adversarial": ("Adversarial examples", "Gegnerische Beispiele"),
    "saliency": ("Saliency", "Salienz"),
    "foundations": ("Foundations", "Grundlagen"),
    "society": ("Uses and society", "Anwendungen und Gesellschaft"),
}
DIFFICULTIES = {"easy": ("easy", "leicht"), "medium": ("medium", "mittel"), "hard": ("hard", "schwierig")}
KNOWLEDGE = {
    "recall": ("recall from the lecture", "Abfragewissen (Vorlesung)"),
    "application": ("application from the literature", "Anwendungswissen (Literatur)"),
}
OPERATORS = ("name", "state", "describe", "explain", "compute", "determine", "justify", "compare", "assign", "order",
             "find", "sketch", "read", "assess", "complete", "write", "derive", "decide", "choose")  # fmt: skip
COLORS = {
    "green": ("green", "grün", "#cfe8cf"),
    "yellow": ("yellow", "gelb", "#fff3b8"),
    "red": ("red", "rot", "#f6cfc4"),
}

TEXT = {
    "name": ("Name", "Name"),
    "number": ("Matriculation number", "Matrikelnummer"),
    "date": ("Date", "Datum"),
    "form": ("Form", "Variante"),
    "minutes": ("minutes", "Minuten"),
    "min": ("min", "min"),
    "aids": ("Aids", "Hilfsmittel"),
    "none": ("none", "keine"),
    "calculator": ("calculator", "Taschenrechner"),
    "question": ("Question", "Aufgabe"),
    "points": ("points", "Punkte"),
    "point": ("point", "Punkt"),
    "reached": ("reached", "erreicht"),
    "total": ("Total", "Summe"),
    "page": ("Page", "Seite"),
    "of": ("of", "von"),
    "solution": ("Solutions", "Lösungen"),
    "steps": ("Solution", "Lösung"),
    "marking": ("Marking", "Bewertung"),
    "mistakes": ("Known mistakes", "Bekannte Fehler"),
    "part": ("Part", "Teil"),
    "reference": ("Reference", "Literatur"),
    "true": ("true", "wahr"),
    "false": ("false", "falsch"),
    "statement": ("Statement", "Aussage"),
    "answer": ("Answer", "Antwort"),
    "reason": ("Reason", "Begründung"),
    "line": ("Wrong line", "Falsche Zeile"),
    "correction": ("Correction", "Berichtigung"),
    "right": ("right", "richtig"),
    "wrong": ("wrong", "falsch"),
    "blank": ("not answered yet", "noch nicht beantwortet"),
    "check": ("Check", "Prüfen"),
    "show": ("Show the solution", "Lösung zeigen"),
    "rubric": ("How it is marked", "So wird bewertet"),
    "value": ("value", "Wert"),
    "task": ("Task", "Zuordnung"),
    "position": ("Position", "Platz"),
    "matrix": ("Questions by difficulty and kind of knowledge", "Aufgaben nach Schwierigkeit und Art des Wissens"),
    "difficulty": ("Difficulty", "Schwierigkeit"),
    "sketch": ("Space for your sketch", "Platz für die Skizze"),
    "space": ("Space for your answer", "Platz für die Antwort"),
    "aids_note": ("Numbers may be rounded to the decimals stated.",
    "Zahlen dürfen auf die genannten Stellen gerundet werden."),
    "one": ("Exactly one answer is right.", "Genau eine Antwort ist richtig."),
    "several": ("One or more answers are right; wrong crosses take away points within the question.",
                "Eine oder mehrere Antworten sind richtig; falsche Kreuze geben innerhalb der Aufgabe Abzug."),
    "kprim": ("Mark every statement as true or false: four right give all points, three right half.",
              "Entscheiden Sie bei jeder Aussage: vier richtige geben alle Punkte, drei richtige die Hälfte."),
    "match": ("Write the right letter next to each number; a letter may stay unused.",
              "Schreiben Sie zu jeder Zahl den passenden Buchstaben; Buchstaben können übrig bleiben."),
    "order": ("Number the steps in the right order, beginning with 1.",
              "Nummerieren Sie die Schritte in der richtigen Reihenfolge, beginnend mit 1."),
    "decimals": ("decimals", "Nachkommastellen"),
    "decimal": ("decimal", "Nachkommastelle"),
    "follow": ("Errors carry forward: a later part is right if it follows rightly from your earlier result.",
               "Folgefehler zählen nicht: ein späterer Teil ist richtig, wenn er aus Ihrem früheren Ergebnis folgt."),
}  # fmt: skip


def language(locale):
    """0 for English, 1 for German: the position in the pairs above."""
    return 0 if locale == "en" else 1


def say(key, locale):
    """A fixed word or sentence in the language of the locale."""
    return TEXT[key][language(locale)]


def points_of(points, locale):
    """A number of points with its word: "1 point", "1,5 Punkte"."""
    shown = points if isinstance(points, str) else number(points, locale)
    return f"{shown} {say('point' if shown == '1' else 'points', locale)}"


def decimals_of(decimals, locale):
    """How many decimals to give, in words."""
    return f"{decimals} {say('decimal' if decimals == 1 else 'decimals', locale)}"


def color_of(difficulty, knowledge):
    """The color of the lecture's matrix: easy recall green; easy application and medium recall yellow; the rest red."""
    if difficulty == "easy":
        return "green" if knowledge == "recall" else "yellow"
    return "yellow" if (difficulty, knowledge) == ("medium", "recall") else "red"


def plain(value, decimals=None):
    """A number with a decimal point: that many decimals, or as many as it has; never "-0"."""
    text = f"{value:.{decimals}f}" if decimals is not None else f"{round(float(value), 10):.10g}"
    if "e" in text:
        text = f"{float(value):.10f}".rstrip("0").rstrip(".")
    return text[1:] if text.startswith("-") and not text.strip("-0.") else text


def number(value, locale, decimals=None):
    """A number as that locale prints it: 1.5, 1,5 or 1.5, a true minus, and groups of three from 10 000 on."""
    sign, digits = ("\u2212", plain(abs(value), decimals)) if value < 0 else ("", plain(value, decimals))
    if not digits.strip("0."):
        sign = ""
    whole, point, rest = digits.partition(".")
    return (
        sign
        + grouped(whole, "\u2019" if locale == "de-CH" else "\u202f")
        + ("," if locale == "de" else ".") * bool(point)
        + rest
    )


def grouped(whole, mark):
    """The digits of a whole number in groups of three, if there are at least five."""
    return f"{int(whole):,}".replace(",", mark) if len(whole) > 4 and whole.isdigit() else whole


def read_number(text):
    """The number that somebody wrote: point or comma, either minus, groups; None if it is no number."""
    if isinstance(text, (int, float)) and not isinstance(text, bool):
        return float(text) if text == text and abs(text) != float("inf") else None
    cleaned = str(text).strip().replace("\u2212", "-").replace(",", ".")
    for mark in "\u202f\u2019' \u00a0":
        cleaned = cleaned.replace(mark, "")
    try:
        value = float(cleaned) if cleaned and cleaned[-1].isdigit() and "_" not in cleaned else None
    except ValueError:
        return None
    return value if value is None or abs(value) < 1e300 else None


def readings(text, unit=""):
    """The numbers that a written answer may mean, the likeliest first: "15.000" is 15 and 15000.

    "80 %" is 80, where percents are asked for, and 0.8; but "0.8 %" is 0.008 and no share of 0.8.
    """
    if not isinstance(text, str):
        found = [read_number(text)]
    else:
        bare = text.strip().removesuffix(unit).rstrip() if unit else text.strip()
        percent, bare = bare.endswith("%"), bare.removesuffix("%").rstrip()
        found = [read_number(bare)]
        if re.fullmatch(r"[-\u2212]?[1-9]\d{0,2}([.,]\d{3})+", bare):
            found.append(read_number(re.sub("[.,]", "", bare)))
        if percent and found[0] is not None:
            found = [found[0] / 100] if abs(found[0]) <= 1 else [found[0], found[0] / 100]
    return [value for value in found if value is not None]
