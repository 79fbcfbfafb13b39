"""Exams leave the house: Moodle XML, a QTI 2.1 package and text2qti's format for Canvas, from one lock file.

tasks.py says what a question becomes; moodle.py, qti21.py and canvas.py write it; reader.py (Moodle) and reader_qti.py,
which know nothing of the writers, read it back; verify.py answers every question; report.py brings it all together.
"""
