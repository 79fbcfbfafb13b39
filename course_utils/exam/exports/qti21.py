"""A QTI 2.1 package: one item a task, a test that holds them in order, pictures, and the manifest, as a zip.

Written to the IMS QTI 2.1 specification (2012). Formulas are MathML. Dialects, none of which was run here: OpenOlat
plays QTI 2.1 (its manual says so) and has templates of its own for what its editor can change, so these items may be
playable but not editable there. ILIAS, as far as we know, imports QTI 1.2 in a dialect of its own and not 2.1. QTI
leaves to the system whether a student may type a decimal comma into a number: the items ask for a float, so a system
that is strict about it wants the point.
"""

import html
import io
import itertools
import zipfile

from lxml import etree

from course_utils.exam import formulas
from course_utils.exam.errors import ExamError
from course_utils.exam.exports import tasks as t
from course_utils.exam.words import say

CAN = ("choice", "several", "kprim", "truth", "number", "gaps", "match", "order", "open", "file")
NAMESPACE = "http://www.imsglobal.org/xsd/imsqti_v2p1"
PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
MATHML = 'xmlns="http://www.w3.org/1998/Math/MathML"'
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
CORRECT = "<match><variable identifier='RESPONSE'/><correct identifier='RESPONSE'/></match>"


def package(title, found, schema=None):
    """The bytes of the zip for these tasks; schema: a path of imsqti_v2p1.xsd to validate each item and the test with,
    or None. Raises ExamError naming the first item that the schema refuses."""
    files, pictures = {}, {}
    for task in found:
        picture = task.entry.picture()
        if picture:
            pictures[_name(task)] = f"images/q{task.entry.number:02d}.svg"
            files[pictures[_name(task)]] = picture[0]
        files[f"items/{_name(task)}.xml"] = HEAD + item(task)
    files["test.xml"] = HEAD + _test(title, found)
    files["imsmanifest.xml"] = HEAD + _manifest(found, pictures)
    rules = _schema(schema) if schema else None
    for name, words in files.items():
        tree = etree.fromstring(words.encode())  # every file is well-formed, or this raises
        if rules is not None and name.endswith(".xml") and name != "imsmanifest.xml" and not rules.validate(tree):
            raise ExamError(f"export: {name} does not follow {schema} ({rules.error_log[0].message}): report this.")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, words in files.items():  # a fixed date, so that the same lock gives the same bytes
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, words)
    return out.getvalue()


def _schema(path):
    try:
        return etree.XMLSchema(etree.parse(str(path)))
    except (etree.XMLSyntaxError, etree.XMLSchemaParseError) as error:
        raise ExamError(f"{path}: this is no XML schema that can be read here ({error}): "
                        "keep the schemas that it imports beside it.") from None  # fmt: skip


def _name(task):
    return f"q{task.entry.number:02d}{task.part}"


def _math(locale):
    return lambda tex, block: formulas.mathml(tex, locale, block).replace("<math", f"<math {MATHML}", 1)


def item(task):
    """One task as the text of an assessmentItem."""
    entry = task.entry
    math = _math(entry.locale)
    declared, interaction, rules, feedback = WRITERS[task.kind](task, math)

    def gap(key):
        hint = t.decimals_hint(task, key)
        number = [f["key"] for f in task.fields].index(key) + 1
        return _entry(f"RESPONSE_{number}") + (f" ({hint})" if hint else "")

    body = t.stem(task, math, gap if task.kind == "gaps" else lambda key: f"____ ({key})",
                  lambda alt: f'<p><img src="../images/q{entry.number:02d}.svg" '
                              f'alt="{html.escape(alt)}"/></p>')  # fmt: skip
    notes = f"<rubricBlock view='scorer'>{t.notes(task, math)}</rubricBlock>" if task.kind in ("open", "file") else ""
    modal = "".join(f"<modalFeedback outcomeIdentifier='FEEDBACK' showHide='show' identifier='{name}'>{words}"
                    "</modalFeedback>" for name, words in feedback)  # fmt: skip
    processing = f"<responseProcessing>{rules}</responseProcessing>" if rules else ""
    return (f"<assessmentItem xmlns='{NAMESPACE}' identifier='{_name(task)}' title='{html.escape(task.name)}' "
            f"adaptive='false' timeDependent='false' xml:lang='{entry.locale}'>{declared}"
            + _outcome("SCORE", 0) + _outcome("MAXSCORE", task.points)
            + "<outcomeDeclaration identifier='FEEDBACK' cardinality='multiple' baseType='identifier'/>"
            f"<itemBody>{notes}<div>{body}</div>{interaction}</itemBody>{processing}{modal}"
            "</assessmentItem>")  # fmt: skip


def _outcome(name, value):
    return (f"<outcomeDeclaration identifier='{name}' cardinality='single' baseType='float'><defaultValue><value>"
            f"{t.decimal(value)}</value></defaultValue></outcomeDeclaration>")  # fmt: skip


def _declare(kind, right, name="RESPONSE", cardinality="single", mapping=(), fold=False):
    """A responseDeclaration with its correct values and its mapping [(key, points)], never below zero."""
    values = "".join(f"<value>{html.escape(str(value))}</value>" for value in right)
    sensitive = " caseSensitive='false'" if fold else ""
    entries = "".join(f"<mapEntry mapKey='{html.escape(key)}' mappedValue='{t.decimal(worth)}'{sensitive}/>"
                      for key, worth in mapping)  # fmt: skip
    return (f"<responseDeclaration identifier='{name}' cardinality='{cardinality}' baseType='{kind}'>"
            + (f"<correctResponse>{values}</correctResponse>" if values else "")
            + (f"<mapping lowerBound='0' defaultValue='0'>{entries}</mapping>" if entries else "")
            + "</responseDeclaration>")  # fmt: skip


def _score(worth):
    return f"<setOutcomeValue identifier='SCORE'>{worth}</setOutcomeValue>"


def _add(worth):
    return _score(f"<sum><variable identifier='SCORE'/>{worth}</sum>")


def _float(value):
    return f"<baseValue baseType='float'>{t.decimal(value)}</baseValue>"


def _if(condition, then, otherwise=""):
    return (f"<responseCondition><responseIf>{condition}{then}</responseIf>{otherwise}</responseCondition>")


def _tell(condition, name):
    """Show the feedback `name` where the condition holds."""
    return _if(condition, "<setOutcomeValue identifier='FEEDBACK'><multiple><variable identifier='FEEDBACK'/>"
               f"<baseValue baseType='identifier'>{name}</baseValue></multiple></setOutcomeValue>")  # fmt: skip


def _entry(name):
    return f"<textEntryInteraction responseIdentifier='{name}' expectedLength='10'/>"


def _between(name, value, margin):
    """The condition that a number lies within the margin; a hair wider, so that a bound typed exactly is inside."""
    reach = margin + t.TICK
    variable = f"<variable identifier='{name}'/>"
    return (f"<and><gte>{variable}{_float(value - reach)}</gte>"
            f"<lte>{variable}{_float(value + reach)}</lte></and>")  # fmt: skip


def _choice(task, math, several=False):
    options = t.choices(task)
    count = 0 if several else 1
    boxes = "".join(f"<simpleChoice identifier='c{i}'>{t.rich_line(words, math)}</simpleChoice>"
                    for i, (words, _, _) in enumerate(options, start=1))  # fmt: skip
    right = [f"c{i}" for i, (_, good, _) in enumerate(options, start=1) if good]
    told = [(i, why) for i, (_, good, why) in enumerate(options, start=1) if why]
    variable = "<variable identifier='RESPONSE'/>"
    chosen = "<member><baseValue baseType='identifier'>c{0}</baseValue>" + variable + "</member>" if several else \
        "<match>" + variable + "<baseValue baseType='identifier'>c{0}</baseValue></match>"  # fmt: skip
    worth = task.points / len(right)
    mapping = [(f"c{i}", worth if good else -worth) for i, (_, good, _) in enumerate(options, start=1)]
    rules = _score("<mapResponse identifier='RESPONSE'/>") if several else _if(CORRECT, _score(_float(task.points)))
    rules += "".join(_tell(chosen.format(i), f"f{i}") for i, _ in told)
    declared = _declare("identifier", right, cardinality="multiple" if several else "single",
                        mapping=mapping if several else ())  # fmt: skip
    return (declared, f"<choiceInteraction responseIdentifier='RESPONSE' shuffle='false' maxChoices='{count}'>{boxes}"
            "</choiceInteraction>", rules, [(f"f{i}", t.rich_line(why, math)) for i, why in told])  # fmt: skip


def _several(task, math):
    return _choice(task, math, True)


def _truth(task, math):
    locale = task.entry.locale
    boxes = "".join(f"<simpleChoice identifier='{key}'>{say(key, locale)}</simpleChoice>" for key in ("true", "false"))
    right = "true" if task.fields[0]["answer"] else "false"
    return (_declare("identifier", [right]), "<choiceInteraction responseIdentifier='RESPONSE' shuffle='false' "
            f"maxChoices='1'>{boxes}</choiceInteraction>", _if(CORRECT, _score(_float(task.points))), [])  # fmt: skip


def _sets(first, second, most):
    """A matchInteraction between numbered left sides (each used once) and right sides."""
    left = "".join(f"<simpleAssociableChoice identifier='{name}' matchMax='1'>{words}</simpleAssociableChoice>"
                   for name, words in first)  # fmt: skip
    right = "".join(f"<simpleAssociableChoice identifier='{name}' matchMax='{most}'>{words}</simpleAssociableChoice>"
                    for name, words in second)  # fmt: skip
    return (f"<matchInteraction responseIdentifier='RESPONSE' shuffle='false' maxAssociations='{most}'>"
            f"<simpleMatchSet>{left}</simpleMatchSet><simpleMatchSet>{right}</simpleMatchSet></matchInteraction>")


def _kprim(task, math):
    """Four pairs of a statement and true or false; four right give all, three right half, anything else nothing."""
    locale = task.entry.locale
    words = [(f"l{i}", t.rich_line(text, math)) for i, (text, _, _) in enumerate(task.entry.options(), start=1)]
    right = [f"l{i} {'true' if f['answer'] else 'false'}" for i, f in enumerate(task.fields, start=1)]
    count = "<mapResponse identifier='RESPONSE'/>"
    half = (f"<responseElseIf><gt>{count}{_float(2.5)}</gt>{_score(_float(task.points / 2))}</responseElseIf>")
    rules = _if(f"<gt>{count}{_float(3.5)}</gt>", _score(_float(task.points)), half)
    return (_declare("directedPair", right, cardinality="multiple", mapping=[(pair, 1) for pair in right]),
            _sets(words, [(key, say(key, locale)) for key in ("true", "false")], len(words)), rules, [])


def _match(task, math):
    entry = task.entry
    lefts = [(f"l{i}", t.rich_line(words, math)) for i, words in enumerate(entry.lefts(), start=1)]
    rights = [(f"r{i}", t.rich_line(words, math)) for i, (words, _, _) in enumerate(entry.options(), start=1)]
    right = [f"l{i} r{f['answer'] + 1}" for i, f in enumerate(task.fields, start=1)]
    mapping = [(pair, f["points"]) for pair, f in zip(right, task.fields, strict=True)]
    return (_declare("directedPair", right, cardinality="multiple", mapping=mapping),
            _sets(lefts, rights, len(lefts)), _score("<mapResponse identifier='RESPONSE'/>"), [])


def _told(name, entry, field, math, prefix="f"):
    """The rules and the feedback that answer to the named mistakes of a number, and the condition that it is right."""
    right = _between(name, field["answer"], t.margin(field))
    rules, feedback = "", []
    for i, (value, margin, words) in enumerate(t.wrongs(entry, field), start=1):
        rules += _tell(f"<and><not>{right}</not>{_between(name, value, margin)}</and>", f"{prefix}{i}")
        feedback.append((f"{prefix}{i}", t.rich_line(words, math)))
    return right, rules, feedback


def _number(task, math):
    field = task.fields[0]
    right, rules, feedback = _told("RESPONSE", task.entry, field, math)
    return (_declare("float", [t.decimal(field["answer"])]), f"<p>{_entry('RESPONSE')}</p>",
            _if(right, _score(_float(task.points))) + rules, feedback)


def _gaps(task, math):
    declared, rules, feedback = "", "", []
    for i, field in enumerate(task.fields, start=1):
        name = f"RESPONSE_{i}"
        if field["type"] == "text":
            words = t.spellings(field)
            declared += _declare("string", words[:1], name, mapping=[(w, field["points"]) for w in words], fold=True)
            rules += _if(f"<not><isNull><variable identifier='{name}'/></isNull></not>",
                         _add(f"<mapResponse identifier='{name}'/>"))  # fmt: skip
            continue
        declared += _declare("float", [t.decimal(field["answer"])], name)
        right, told, words = _told(name, task.entry, field, math, f"f{i}_")
        rules += _if(right, _add(_float(field["points"]))) + told
        feedback += words
    return declared, "", rules, feedback


def _order(task, math):
    """Each pair of neighbors in the right order earns its share, wherever in the list it stands."""
    count = len(task.fields)
    boxes = "".join(f"<simpleChoice identifier='c{i}'>{t.rich_line(words, math)}</simpleChoice>"
                    for i, (words, _, _) in enumerate(task.entry.options(), start=1))  # fmt: skip
    right = [f"c{i + 1}" for i in sorted(range(count), key=lambda i: task.fields[i]["answer"])]

    def stands(name, place):
        return (f"<match><index n='{place}'><variable identifier='RESPONSE'/></index>"
                f"<baseValue baseType='identifier'>{name}</baseValue></match>")  # fmt: skip

    rules = "".join(
        _if("<or>" + "".join(f"<and>{stands(a, n)}{stands(b, n + 1)}</and>" for n in range(1, count)) + "</or>",
            _add(_float(task.points / (count - 1)))) for a, b in itertools.pairwise(right))  # fmt: skip
    return (_declare("identifier", right, cardinality="ordered"), "<orderInteraction responseIdentifier='RESPONSE' "
            f"shuffle='false'>{boxes}</orderInteraction>", rules, [])  # fmt: skip


def _open(task, math):
    return (_declare("string", []), "<extendedTextInteraction responseIdentifier='RESPONSE' "
            f"expectedLines='{task.entry.lines()}'/>", "", [])  # fmt: skip


def _file(task, math):
    return _declare("file", []), "<uploadInteraction responseIdentifier='RESPONSE'/>", "", []


WRITERS = {"choice": _choice, "several": _several, "kprim": _kprim, "truth": _truth, "number": _number, "gaps": _gaps,
    "match": _match, "order": _order, "open": _open, "file": _file}  # fmt: skip


def _test(title, found):
    refs = "".join(f"<assessmentItemRef identifier='{_name(task)}' href='items/{_name(task)}.xml'/>" for task in found)
    name = html.escape(title)
    return (f"<assessmentTest xmlns='{NAMESPACE}' identifier='exam' title='{name}'>{_outcome('SCORE', 0)}"
            "<testPart identifier='part' navigationMode='nonlinear' submissionMode='simultaneous'>"
            f"<assessmentSection identifier='section' title='{name}' visible='true'>{refs}</assessmentSection>"
            "</testPart><outcomeProcessing><setOutcomeValue identifier='SCORE'><sum><testVariables "
            "variableIdentifier='SCORE'/></sum></setOutcomeValue></outcomeProcessing></assessmentTest>")  # fmt: skip


def _manifest(found, pictures):
    rows = []
    for task in found:
        used = f"<file href='{pictures[_name(task)]}'/>" if _name(task) in pictures else ""
        rows.append(f"<resource identifier='r_{_name(task)}' type='imsqti_item_xmlv2p1' href='items/{_name(task)}.xml'>"
                    f"<file href='items/{_name(task)}.xml'/>{used}</resource>")  # fmt: skip
    needs = "".join(f"<dependency identifierref='r_{_name(task)}'/>" for task in found)
    return (f"<manifest xmlns='{PACKAGE}' identifier='exam'><metadata><schema>QTIv2.1 Package</schema>"
            "<schemaversion>1.0.0</schemaversion></metadata><organizations/><resources>"
            "<resource identifier='test' type='imsqti_test_xmlv2p1' href='test.xml'><file href='test.xml'/>"
            f"{needs}</resource>{''.join(rows)}</resources></manifest>")  # fmt: skip
