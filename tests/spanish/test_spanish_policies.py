"""Spanish policies from end to end: the sample, its log with Spanish headings, `--where`, and some slips."""

from __future__ import annotations

from pathlib import Path

import pytest

import sladsl
from sladsl.syntax import parse
from sladsl.text import Source, stem

POLICY = """\
# language: es
sla "Marketing y ventas"
    entre marketing y ventas
    zona horaria Europe/Madrid
    caso lead
lista buyer_persona = "cto", "cfo", "fundador"
calendario oficina
    lun-jue 09:00-14:00, 15:00-18:30
    vie 08:00-15:00
    festivos ES-MD
horas laborables = oficina
lead calificado = puntaje >= 60 y rol en buyer_persona
primer contacto: ventas contacta lead calificado en 24 horas laborables
    pausado mientras estado = "ilocalizable"
    avisar al 75%
cliente "ACME"
    primer contacto: ventas contacta lead calificado en 2 horas laborables
volumen: marketing entrega al menos 1 leads calificados por mes
cumplimiento: al menos 95% de primer contacto cumplido por mes
"""
LOG = """\
id_lead,fecha,evento,responsable,puntaje,rol,cliente
L1,2026-03-02 10:00,creado,marketing,80,cto,Otra
L1,2026-03-03 10:00,contactado,ventas,,,
L2,2026-03-02 10:00,creado,marketing,80,cfo,ACME
L2,2026-03-03 10:00,Contactó,ventas,,,
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "acuerdo.sla").write_text(POLICY, encoding="utf-8")
    (tmp_path / "log.csv").write_text(LOG, encoding="utf-8")
    return tmp_path


def test_a_log_with_spanish_headings(folder: Path) -> None:
    """Columns are found, verbs match inflections, `cliente` is the attribute of the level."""
    result = sladsl.run(folder / "acuerdo.sla", str(folder / "log.csv"))
    told = [(v.case, v.level, v.status) for v in result.verdicts]
    assert told == [("L1", "corporate", "met"), ("L2", "customer ACME", "late")]
    assert [row["status"] for row in result.to_dict()["objectives"]] == ["met", "undecided"]  # the month has not ended


def test_where_is_read_in_the_language_of_the_policy(folder: Path) -> None:
    result = sladsl.run(folder / "acuerdo.sla", str(folder / "log.csv"), where='cliente = "ACME" y puntaje >= 60')
    assert {v.case for v in result.verdicts} == {"L2"}


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("ventas contacta en 24", "`24` has no unit of time"),
        ("ventas contacta en 5 quincenas", "`quincenas` is no unit of time"),
        ("ventas contacta en 24h avisar al 75%", "there is no comma before `avisar al`"),
        ("ventas no contacta al lead en 24h", "`no` cannot stand inside a name"),
        ("a: al menos 95 de b cumplido por mes", "`95` has no percent sign"),
        ("a: al menos 95% de b cumplido por quincena", "after `por` stands something else"),
        ("ventas contacta en 24h, pausdo mientras b", "`pausdo mientras` cannot stand here"),
        ("tiempo en cola = 3", "`en` cannot stand in the name `tiempo en cola`"),
    ],
)
def test_slips(statement: str, said: str) -> None:
    """Messages are in English, about the author's words."""
    assert [d.message for d in parse(Source("p.sla", f"# language: es\n{statement}\n")).diagnostics] == [said]


def test_names_hold_the_small_words_of_spanish() -> None:
    """`de` and `por` are no reserved words; `fecha de cierre` is a name, `fecha de (cierre)` a function."""
    policy = sladsl.load(
        text="# language: es\ncoste por lead = gasto / leads\ntardío = fecha de cierre > 2026-01-01 y coste por lead > 3\n"
        "otro = fecha de (cierre) > 2026-01-01\nrevisión: el equipo revisa en 1h desde (tardío u otro)\n"
    )
    assert policy.plan.attributes == ("cierre", "fecha de cierre", "gasto", "leads")


def test_stems() -> None:
    """Inflections are one; so are the plurals of the English words that Spanish offices use."""
    assert len({stem(word, "es") for word in ("contacta", "Contactó", "contactado", "contactar", "contactos")}) == 1
    assert stem("leads", "es") == stem("lead", "es")
    assert stem("análisis", "es") == stem("analisis", "es")
