"""The languages of reports: complete, alike, and each with its own numbers."""

import re
import string
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

import sladsl
from sladsl.clock import Amount, ClockKind
from sladsl.pipeline import report
from sladsl.report.html_report import html_report
from sladsl.report.language import LANGUAGES, language_of
from sladsl.report.languages.remarks import remark
from sladsl.report.markdown_report import markdown_report
from sladsl.report.telling import page_of

ENGLISH, SPANISH = language_of("en"), language_of("es")
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR_US = 3_600_000_000


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_has_the_same_texts_with_the_same_gaps(code: str) -> None:
    texts = language_of(code).texts
    assert texts.keys() == ENGLISH.texts.keys()
    assert {key for key in texts if _names(texts[key]) != _names(ENGLISH.texts[key])} == set()
    assert {key for key in texts if key.startswith("noun.") and texts[key].count("|") != 1} == set()


def test_a_language_that_there_is_no_table_of_is_refused() -> None:
    with pytest.raises(KeyError):
        language_of("xx")


def test_numbers_have_the_marks_of_the_language() -> None:
    number = Fraction(1234567, 100)
    assert (ENGLISH.number(number), SPANISH.number(number)) == ("12,345.67", "12.345,67")
    assert (ENGLISH.number(1234), SPANISH.number(1234)) == ("1,234", "1234")
    assert (ENGLISH.percent(Fraction(9999, 10000)), SPANISH.percent(Fraction(9999, 10000))) == (
        "99.99%",
        "99,99\u00a0%",
    )
    assert (ENGLISH.money("1850.00", "EUR"), SPANISH.money("12850.00", "EUR")) == (
        "1,850.00\u00a0EUR",
        "12.850,00\u00a0EUR",
    )
    almost = 1 - Fraction(1, 10**9)
    assert SPANISH.percent(almost) == "algo menos del 100\u00a0%"


def test_times_and_windows_are_named() -> None:
    us = 1_772_442_000_000_000  # 2026-03-02 09:00 UTC
    assert (ENGLISH.instant(us, "UTC"), SPANISH.instant(us + 1_000_000, "UTC")) == (
        "2 Mar 2026, 09:00",
        "2 mar 2026, 09:00:01",
    )
    names = ["2026-03", "2026-Q1", "2026-W03", "2026", "2026-03-05"]
    assert [ENGLISH.window(name) for name in names] == ["March 2026", "Q1 2026", "week 3 of 2026", "2026", "5 Mar 2026"]
    assert [SPANISH.window(name) for name in names] == [
        "marzo de 2026",
        "T1 2026",
        "semana 3 de 2026",
        "2026",
        "5 mar 2026",
    ]
    assert [SPANISH.window_short(name) for name in names] == ["mar 26", "T1 26", "S3", "2026", "5 mar"]


@pytest.mark.parametrize(
    ("kind", "ticks", "words"),
    [
        (ClockKind.BUSINESS_TIME, 8 * HOUR_US, "8 horas laborables"),
        (ClockKind.BUSINESS_TIME, HOUR_US // 2, "30 minutos laborables"),
        (ClockKind.BUSINESS_TIME, 9 * HOUR_US // 2, "4h\u00a030m de tiempo laborable"),
        (ClockKind.BUSINESS_DAYS, 24 * HOUR_US, "1 día laborable"),
        (ClockKind.CALENDAR_DAYS, 48 * HOUR_US, "2 días naturales"),
        (ClockKind.EXACT, 24 * HOUR_US, "24 horas"),
        (ClockKind.EXACT, 48 * HOUR_US, "2 días"),
        (ClockKind.EXACT, 1, "1µs de tiempo real"),
    ],
)
def test_amounts_are_told_with_their_clock(kind: ClockKind, ticks: int, words: str) -> None:
    assert SPANISH.amount(Amount(kind, ticks, "")) == words


POLICY = """
sla "Acuerdo"
    between ventas and soporte
    case caso until fin
fin = estado = "fin"
calendar oficina
    mon-fri 09:00-17:00
business hours = oficina
respuesta: soporte responde within 8 business hours of alta
    1h when nivel = 1
    paused while espera = 1, at most 2 business days
    cancelled when dudoso = 1
    excused when permiso = 1
    warn at 75%
    escalate to "jefa" at breach
    penalty 10 EUR per started hour late
protocol "proceso"
    paso uno: soporte acepta within 2 days of alta
    paso dos: soporte cierra within 3 calendar days of fulfilment of paso uno
customer "ACME"
    respuesta: soporte responde within 2h of alta
meta: at least 90% of respuesta met per month
    at least 3 cases
    penalty 100 EUR per miss
    alert when missed 1 windows in a row
rapidez: median of time of respuesta <= 3 business hours per month
disponible: share of time while estado = "vivo" >= 99% per month
    excluding estado = "parado" at most 4h per month
lifecycle caso
    nuevo = nivel >= 0
    tratado = estado = "vivo"
    hecho = estado = "fin"
"""
_ENGLISH_WORDS = {
    *[
        "the",
        "of",
        "and",
        "with",
        "when",
        "from",
        "is",
        "are",
        "was",
        "late",
        "met",
        "missed",
        "open",
        "opened",
        "breached",
        "within",
        "each",
        "every",
        "where",
        "while",
    ],
    *[
        "before",
        "after",
        "share",
        "average",
        "time",
        "hours",
        "days",
        "business",
        "windows",
        "window",
        "none",
        "other",
        "others",
        "all",
        "cases",
        "rows",
    ],
    *["due", "closed", "counted", "over", "left", "used", "kept", "broken", "promise", "objective", "level", "party"],
}


def test_a_spanish_report_has_no_english_word() -> None:
    rows = []
    for n in range(30):
        at = n * 26
        values = {"nivel": n % 2, "customer": "ACME" if n % 5 == 0 else "Otro", "estado": "vivo", "equipo": f"e{n % 3}"}
        rows += [(n, at, "alta", values), (n, at + 1, "acepta", {"espera": n % 4 == 0})]
        rows += [(n, at + 2 + n % 9, "responde", {"espera": 0, "permiso": int(n % 7 == 0)})] * (n % 6 > 0)
        rows += [(n, at + 20, "cierra", {"estado": "fin" if n % 2 else "parado"})] * (n % 3 > 0)
        rows += [(n, at + 21, "duda", {"dudoso": int(n % 8 == 0), "nivel": "?" if n == 11 else 1})]
    rows += [(99, 30 * 26, "alta", {"nivel": 0, "equipo": "e1"})]
    events = [
        {"case": f"c{n}", "time": START + timedelta(hours=hours), "event": event, "actor": "soporte"} | values
        for n, hours, event, values in rows
    ]
    found = report(sladsl.load(text=POLICY), events, by=["equipo"])
    page = page_of(found, SPANISH)
    html = re.sub(r"<style>.*?</style>|<[^>]*>", " ", html_report(page), flags=re.DOTALL)
    for text in (html, markdown_report(page)):
        quoted = re.sub(r"«[^»]*»|\([^)]*\)|excluding [^<|]*|credit of [^<|]*|penalty [^<|]*", " ", text)
        words = set(re.findall(r"[a-zñáéíóú]+", quoted.lower()))
        assert words & _ENGLISH_WORDS == set()
    assert {section.key for section in page.sections} >= {
        "glance",
        "objectives",
        "cases",
        "who",
        "owed",
        "left-out",
        "open",
    }


@pytest.mark.parametrize(
    ("code", "message", "said"),
    [
        (
            "SLA0914",
            "of 1,600 cases, 520 never had a value for `a`, 1 for `b` and 3 more",
            "de 1,600 casos, 520 sin ningún valor de `a`, 1 de `b` y 3 más",
        ),
        ("SLA0911", "`calls` matched no event of the log", "`calls` no corresponde a ningún evento del registro"),
        ("SLA0917", "1 row could not be read and was left out", "1 fila sin poder leerse, que se dejaron fuera"),
        ("SLA0612", "`log.csv` has more than one column called `a`", "`log.csv` tiene más de una columna llamada `a`"),
        ("SLA9999", "something new", "something new"),
    ],
)
def test_remarks_are_told_in_spanish(code: str, message: str, said: str) -> None:
    assert remark(code, message, "es") == said
    assert remark(code, message, "en") == message
