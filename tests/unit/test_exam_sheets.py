"""Sheets: PDF/UA, HTML and notebook; the same bytes again; nothing of the solution in a student's file."""

import io
import json
import re

import pytest
from pypdf import PdfReader

from course_utils.exam import bank, formulas
from course_utils.exam.build import build, leaks, verify
from course_utils.exam.html_sheet import page
from course_utils.exam.lock import make
from course_utils.exam.notebook_sheet import notebook
from course_utils.exam.typst_sheet import pdf
from course_utils.exam.words import color_of

NAMES = ["cnn.conv_valid", "neuron.forward", "society.deepfakes", "mlp.forward", "descent.largest_rate",
    "gan.step_order",
         "rnn.lstm_gates", "neuron.xor_claim", "neuron.code_error", "cnn.code_size", "saliency.perturbation",
         "rnn.idea",
         "mlp.parameters", "society.energy", "transformer.temperature"]  # fmt: skip


@pytest.fixture(scope="module")
def lock():
    questions = [bank.load()[name] for name in NAMES]
    return make(
        {"en": "Deep learning", "de": "Tiefes Lernen – Prüfung"}, questions, seed=2026, forms=2, date="2026-07-02"
    )


def words(data):
    return "".join(p.extract_text() for p in PdfReader(io.BytesIO(data)).pages)


@pytest.mark.parametrize("locale", ["en", "de", "de-CH"])
def test_pdf_is_accessible_and_the_same_again(lock, locale):
    data = pdf(lock, "A", locale)
    assert data == pdf(lock, "A", locale)
    reader = PdfReader(io.BytesIO(data))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"].startswith(locale[:2]) and "/StructTreeRoot" in root
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data().replace(b" ", b"")
    assert "/CreationDate" not in (reader.metadata or {})


def alternatives(data):
    """All /Alt texts of a PDF's structure tree."""
    found, seen, todo = [], set(), [PdfReader(io.BytesIO(data)).trailer["/Root"]["/StructTreeRoot"]]
    while todo:
        node = todo.pop().get_object()
        if isinstance(node, list):
            todo += [n for n in node if hasattr(n, "get_object")]
        elif isinstance(node, dict) and id(node) not in seen:
            seen.add(id(node))
            found += [node["/Alt"]] if "/Alt" in node else []
            todo += [node["/K"]] if hasattr(node.get("/K"), "get_object") else []
    return found


def test_formulas_and_figures_have_words_in_both_languages(lock):
    english, german = alternatives(pdf(lock, "A", "en")), alternatives(pdf(lock, "A", "de"))
    assert len(english) == len(german) > 30 and all(english) and all(german)
    assert any("A parabola" in a for a in english) and any("Eine Parabel" in a for a in german)
    assert any("hoch" in a for a in german) and not any("to the power" in a for a in german)


def test_the_sheet_says_what_an_examiner_needs(lock):
    text = words(pdf(lock, "A", "de"))
    for piece in (
        "Name",
        "Matrikelnummer",
        "Hilfsmittel",
        "Punkte",
        "Summe",
        "Seite 1 von",
        "2026-07-02",
        "Prüfung",
        "Variante A",
    ):
        assert piece in text
    solution = words(pdf(lock, "A", "de", True))
    assert "grün: " in solution and "rot: " in solution and "Bewertung" in solution and "Bekannte Fehler" in solution
    assert "green: " in words(pdf(lock, "A", "en", True))


def test_decimal_signs(lock):
    item = next(i for i in lock["forms"][0]["items"] if i["id"] == "neuron.forward")
    z = item["answer"]["z"]
    for locale, sign in (("en", "."), ("de", ","), ("de-CH", ".")):
        assert f"{abs(z):.1f}".replace(".", sign) in words(pdf(lock, "A", locale, True))


def test_no_solution_in_a_students_file(lock):
    for locale in ("en", "de"):
        sheet = {
            "pdf": pdf(lock, "A", locale),
            "html": page(lock, "A", locale).encode(),
            "ipynb": notebook(lock, "A", locale).encode(),
        }
        for kind, data in sheet.items():
            assert leaks(lock, f"sheet_A_{locale}.{kind}", data) == []
        assert leaks(lock, f"sheet_A_{locale}.pdf", pdf(lock, "A", locale, True))  # the search finds what is there


def test_html_stands_alone(lock):
    for solution in (False, True):
        text = page(lock, "B", "de", solution)
        addresses = set(re.findall(r"https?://[^\"'\s<)]+", text))
        assert addresses <= {"http://www.w3.org/2000/svg"} and "<script" not in text and "<link" not in text
        assert "<math" in text and 'role="img"' in text and 'lang="de"' in text


def run_cells(text):
    space = {}
    for cell in json.loads(text)["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), space)
    return space


def test_notebooks_run(lock):
    blank = run_cells(notebook(lock, "A", "en"))
    assert all(
        value is None for name, answer in blank.items() if name.startswith("answer_") for value in answer.values()
    )
    assert "result" in run_cells(notebook(lock, "A", "de", solution=True))


def test_the_solution_notebook_notices_a_wrong_answer(lock):
    text = notebook(lock, "A", "en", solution=True)
    wrong = re.sub(r"answer_3 = \{\\n    'choice': '(\w)'", "answer_3 = {\\\\n    'choice': 'Z'", text)
    assert wrong != text
    with pytest.raises(AssertionError):
        run_cells(wrong)


def test_nbgrader_metadata_on_request(lock):
    cells = json.loads(notebook(lock, "A", "en", nbgrader=True))["cells"]
    graded = [c["metadata"]["nbgrader"] for c in cells if c["metadata"].get("nbgrader", {}).get("grade")]
    assert sum(meta["points"] for meta in graded) == sum(bank.load()[name].points for name in NAMES)
    assert not any("nbgrader" in c["metadata"] for c in json.loads(notebook(lock, "A", "en"))["cells"])


def test_build_and_verify(lock, tmp_path):
    folder = tmp_path / "out"
    names = build(lock, folder, ["de"], ("pdf", "html", "ipynb"))
    assert len(names) == 12 and verify(folder) == []
    with pytest.raises(ValueError, match="the output folder exists"):
        build(lock, folder)
    (folder / "sheet_A_de.html").write_text("changed", encoding="utf-8")
    (folder / "sheet_B_de.pdf").unlink()
    (folder / "notes.txt").write_text("", encoding="utf-8")
    problems = " ".join(verify(folder))
    assert "sheet_A_de.html is not what the lock gives" in problems and "sheet_B_de.pdf is missing" in problems
    assert "notes.txt belongs to no exam" in problems
    with pytest.raises(ValueError, match="manifest.json cannot be read"):
        verify(tmp_path)


def test_many_files_come_from_processes_and_are_the_same(lock, tmp_path, monkeypatch):
    few = build(lock, tmp_path / "few", ["de", "en"], ("pdf", "html"))
    monkeypatch.setattr("course_utils.exam.build.MANY", 2)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert build(lock, tmp_path / "many", ["de", "en"], ("pdf", "html")) == few
    for name in few:
        assert (tmp_path / "few" / name).read_bytes() == (tmp_path / "many" / name).read_bytes()
    with pytest.raises(ValueError, match="locale is 'fr'"):
        build(lock, tmp_path / "out", ["fr"], ("html",))


def test_a_failing_build_leaves_nothing(lock, tmp_path):
    with pytest.raises(ValueError, match="locale is 'fr'"):
        build(lock, tmp_path / "out", ["de", "fr"], ("html",))
    assert list(tmp_path.iterdir()) == []


def test_the_colors_of_the_lecture():
    colors = [color_of(d, k) for d in ("easy", "medium", "hard") for k in ("recall", "application")]
    assert colors == ["green", "yellow", "yellow", "red", "red", "red"]


@pytest.mark.parametrize(
    "tex", [r"\foo", r"\frac{1}", "x^", "{x", "x}", r"\begin{pmatrix} 1", r"\begin{cases} 1 \end{cases}", "x^2^3", "€"]
)
def test_formulas_that_do_not_compile(tex):
    with pytest.raises(ValueError, match="does not compile"):
        formulas.parse(tex)


def test_one_formula_four_ways():
    tex = r"\frac{x_1^2}{\sqrt{2.5}} \le \max(0, z)"
    assert formulas.words(tex,
        "en") == ("fraction x sub 1 to the power 2 over square root of 2.5 end of root end of fraction "
                                         "is at most max open parenthesis 0 comma z close parenthesis")  # fmt: skip
    assert "Bruch x Index 1 hoch 2" in formulas.words(tex, "de")
    assert "<mn>2,5</mn>" in formulas.mathml(tex, "de") and '2 class("normal", comma) 5' in formulas.typst(tex, "de")
    assert formulas.latex("2.5", "de") == "2{,}5" and formulas.latex("2.5", "de-CH") == "2.5"
    assert formulas.typst(r"|w| + \left| \frac{1}{z} \right|", "en").count("lr(bar.v") == 2


def test_known_mistakes_name_the_part_and_never_a_comma_between_numbers(lock):
    text = " ".join(words(pdf(lock, "A", "de", True)).split())
    assert "Teil 1: " in text and re.search(r"Teil 1: [−\d,]+; Teil 2: ", text)
