"""Reading QTI back: a small engine for the response processing of 2.1, and for what text2qti writes (1.2, for Canvas).

Numbers are read with a point or a comma. Canvas marks "multiple answers" with parts (a right one adds, a wrong one
takes away, never below zero) although the file that text2qti writes says all or nothing; the reader follows Canvas.
"""

import io
import re
import zipfile

from lxml import etree

from course_utils.exam.exports.reader import Found, refuse, typed

Q = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
P = "{http://www.imsglobal.org/xsd/imscp_v1p1}"
C = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
ORDER = ("responseDeclaration", "outcomeDeclaration", "itemBody", "responseProcessing", "modalFeedback")
BODY = {"p", "div", "ol", "ul", "li", "table", "tbody", "tr", "td", "code", "strong", "em", "img", "rubricBlock"}


def qti21(data):
    """All items of a QTI 2.1 package by title; raises ExamError where the package does not hang together."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = etree.fromstring(files["imsmanifest.xml"])
    listed = {file.get("href") for file in manifest.iter(P + "file")} | {"imsmanifest.xml"}
    if listed != set(files):
        raise refuse("imsmanifest.xml", f"it does not list exactly the files ({sorted(listed ^ set(files))})")
    names = {resource.get("identifier") for resource in manifest.iter(P + "resource")}
    if {node.get("identifierref") for node in manifest.iter(P + "dependency")} - names:
        raise refuse("imsmanifest.xml", "a dependency leads nowhere")
    found = {}
    for ref in etree.fromstring(files["test.xml"]).iter(Q + "assessmentItemRef"):
        item = etree.fromstring(files[ref.get("href")])
        found[item.get("title")] = _item(item, files)
    return found


def _item(item, files):
    name = item.get("title")
    order = [ORDER.index(child.tag.replace(Q, "")) for child in item]
    if order != sorted(order) or item.find(Q + "itemBody") is None:
        raise refuse(name, "its parts do not stand in the order of the specification")
    body = item.find(Q + "itemBody")
    for node in body.iterdescendants():
        tag = node.tag
        if tag.startswith(Q) and tag[len(Q):] not in BODY and not re.search(r"Interaction|Choice|MatchSet", tag):
            raise refuse(name, f"an item body has no {tag[len(Q):]}")
        if tag == Q + "img" and node.get("src").replace("../", "") not in files:
            raise refuse(name, "its picture is not in the package")
    declared = {node.get("identifier"): node for node in item.iterfind(Q + "responseDeclaration")}
    places = [node for node in body.iter() if node.get("responseIdentifier")]
    if {node.get("responseIdentifier") for node in places} != set(declared) or len(places) != len(declared):
        raise refuse(name, "its responses are not those it declares")
    told = {node.get("identifier"): "".join(node.itertext()) for node in item.iterfind(Q + "modalFeedback")}
    kind = places[0].tag[len(Q):].replace("Interaction", "")
    points = float(item.findtext(f"{Q}outcomeDeclaration[@identifier='MAXSCORE']/{Q}defaultValue/{Q}value"))
    choices = [node.get("identifier") for node in body.iter(Q + "simpleChoice")]
    sets = [[node.get("identifier") for node in group] for group in body.iter(Q + "simpleMatchSet")]

    def grade(answer):
        state = {"SCORE": 0.0, "FEEDBACK": []} | _responses(kind, answer, declared, choices, sets)
        processing = item.find(Q + "responseProcessing")
        for rule in [] if processing is None else processing:
            _run(rule, state, declared)
        return state["SCORE"], [told[key] for key in state["FEEDBACK"]]

    kinds = {"extendedText": "open", "upload": "file", "match": "match", "order": "order", "textEntry": "gaps"}
    return Found(name, kinds.get(kind, "choice"), points, "".join(body.itertext()), grade, choices)


def _responses(kind, answer, declared, choices, sets):
    """What the interactions would hand over for an answer: NULL (None) where nothing was given."""
    if kind == "choice":
        if isinstance(answer, set):
            return {"RESPONSE": [choices[i] for i in answer] or None}
        if isinstance(answer, bool):
            return {"RESPONSE": "true" if answer else "false"}
        return {"RESPONSE": None if answer is None else choices[answer]}
    if kind == "order":
        return {"RESPONSE": [choices[i] for i in answer] or None}
    if kind == "match":
        return {"RESPONSE": [f"{sets[0][i]} {sets[1][j]}" for i, j in answer.items()] or None}
    if kind == "textEntry":
        given = answer if isinstance(answer, list) else [answer]
        names = sorted(declared, key=lambda key: int(key.partition("_")[2] or 0))
        return {name: (typed(text) if declared[name].get("baseType") == "float" else text) if text.strip() else None
                for name, text in zip(names, given, strict=True)}  # fmt: skip
    return {}


def _run(rule, state, declared):
    tag = rule.tag[len(Q):]
    if tag == "setOutcomeValue":
        state[rule.get("identifier")] = _value(rule[0], state, declared)
        return
    if tag != "responseCondition":
        raise refuse("a response processing", f"the rule {tag} is not known")
    for branch in rule:  # responseIf, then responseElseIf: the first that holds
        if _value(branch[0], state, declared) is True:
            for then in branch[1:]:
                _run(then, state, declared)
            return


def _value(node, state, declared):
    """The value of an expression of QTI 2.1; None is NULL."""
    tag, name = node.tag[len(Q):], node.get("identifier")
    if tag == "variable":
        return state[name]
    if tag == "baseValue":
        return float(node.text) if node.get("baseType") == "float" else node.text
    if tag == "correct":
        values = [value.text for value in declared[name].iterfind(f"{Q}correctResponse/{Q}value")]
        return values if declared[name].get("cardinality") != "single" else values[0]
    if tag == "mapResponse":
        return _mapped(declared[name], state[name])
    parts = [_value(child, state, declared) for child in node]
    if tag == "index":
        n = int(node.get("n")) - 1
        return None if parts[0] is None or n >= len(parts[0]) else parts[0][n]
    if tag == "isNull":
        return parts[0] is None
    if tag == "multiple":
        return [x for part in parts if part is not None for x in (part if isinstance(part, list) else [part])]
    if tag in ("and", "or"):
        return all(part is True for part in parts) if tag == "and" else any(part is True for part in parts)
    if None in parts:
        return None
    simple = {"not": lambda a: not a, "match": lambda a, b: a == b, "member": lambda a, b: a in b,
        "gte": lambda a, b: a >= b, "lte": lambda a, b: a <= b, "gt": lambda a, b: a > b,
        "sum": lambda *all_: sum(all_)}  # fmt: skip
    if tag not in simple:
        raise refuse("a response processing", f"the expression {tag} is not known")
    return simple[tag](*parts)


def _mapped(declaration, given):
    mapping = declaration.find(Q + "mapping")
    rows = [(row.get("mapKey"), float(row.get("mappedValue")), row.get("caseSensitive") == "false") for row in mapping]
    total = 0.0
    for key in [] if given is None else dict.fromkeys(given if isinstance(given, list) else [given]):
        hits = [w for k, w, fold in rows if k == key or (fold and k.lower() == key.strip().lower())]
        total += hits[0] if hits else float(mapping.get("defaultValue"))
    return max(float(mapping.get("lowerBound")), total)


def canvas(text, folder):
    """Let text2qti read a text whose pictures lie in folder, and read what it makes of it: questions by title."""
    from text2qti.config import Config
    from text2qti.err import Text2qtiError
    from text2qti.qti import QTI
    from text2qti.quiz import Quiz

    located = re.sub(r"(!\[[^\]]*\]\()([^)]+)", lambda match: f"{match[1]}<{folder}/{match[2]}>", text)
    try:
        made = QTI(Quiz(located, config=Config()))
    except Text2qtiError as error:
        raise refuse("the text for Canvas", f"text2qti says: {' '.join(str(error).split())}") from None
    found = {}
    for item in etree.fromstring(made.assessment.encode()).iter(C + "item"):
        meta = {row.findtext(C + "fieldlabel"): row.findtext(C + "fieldentry")
                for row in item.iter(C + "qtimetadatafield")}  # fmt: skip
        kind = meta["question_type"]
        if kind != "text_only_question":
            found[item.get("title")] = _canvas_item(item, kind, float(meta["points_possible"]))
    return found


def _canvas_item(item, kind, points):
    name = item.get("title")
    options = [label.get("ident") for label in item.iter(C + "response_label")]
    told = {node.get("ident"): "".join(node.itertext()) for node in item.iter(C + "itemfeedback")}

    def grade(answer):
        given = {options[i] for i in answer} if isinstance(answer, set) else answer
        if kind in ("true_false_question", "multiple_choice_question") and answer is not None:
            given = {options[int(not answer) if isinstance(answer, bool) else answer]}  # true stands first
        if kind == "multiple_answers_question":
            wrong = {node.text for node in item.iter(C + "not") for node in node.iter(C + "varequal")}
            right = set(options) - wrong
            return points * max(0, len(given & right) - len(given & wrong)) / len(right), []
        score, feedback = 0.0, []
        for rule in item.iter(C + "respcondition"):
            held = [_holds(node, given) for node in rule.find(C + "conditionvar")]
            if any(held) if kind == "short_answer_question" else all(held):  # its words are alternatives
                setvar = rule.find(C + "setvar")
                score = float(setvar.text) if setvar is not None else score
                feedback += [told[node.get("linkrefid")] for node in rule.iter(C + "displayfeedback")]
                if rule.get("continue") == "No":
                    break
        return points * score / 100, feedback

    kinds = {"essay_question": "open", "file_upload_question": "file", "numerical_question": "number",
        "short_answer_question": "text", "multiple_answers_question": "several"}  # fmt: skip
    return Found(name, kinds.get(kind, "choice"), points, item.findtext(f".//{C}mattext") or "", grade, options)


def _holds(node, given):
    tag = node.tag[len(C):]
    if tag in ("and", "or", "not"):
        parts = [_holds(child, given) for child in node]
        return not parts[0] if tag == "not" else all(parts) if tag == "and" else any(parts)
    if tag == "other":
        return True
    if isinstance(given, (set, type(None))):
        return node.text in (given or ())
    value = typed(given)
    if tag == "varequal":
        return given.strip().lower() == node.text.strip().lower() or (value is not None and _same(value, node.text))
    return value is not None and (value >= float(node.text) if tag == "vargte" else value <= float(node.text))


def _same(value, text):
    return typed(text) == value
