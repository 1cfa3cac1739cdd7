"""What a run remarks, in the language of a report.

Takes:  the code and the message of a warning, in English as the run says it.
Gives:  `remark`: the same in a language.
Never:  leaves a remark out: one that there is no translation of stays as it is.

The messages are made where the odd thing is found (odd.py, the events room), in English. Here each is taken apart again
by its code; a test makes every one of them, so that none is forgotten.
"""

from __future__ import annotations

import re

# What stands inside messages: `6 times` and the like, and the words between names.
_SPANISH_PARTS = (
    (r"\b1 time\b", "1 vez"),
    (r"\b([\d,]+) times\b", r"\1 veces"),
    (r"\b1 start\b", "1 inicio"),
    (r"\b([\d,]+) starts\b", r"\1 inicios"),
    (r"\b1 row\b", "1 fila"),
    (r"\b([\d,]+) rows\b", r"\1 filas"),
    (r"\b1 key\b", "1 clave"),
    (r"\b([\d,]+) keys\b", r"\1 claves"),
    (r"\b1 line\b", "1 línea"),
    (r"\b([\d,]+) lines\b", r"\1 líneas"),
    (r"\b1 instance\b", "1 ciclo"),
    (r"\b([\d,]+) instances\b", r"\1 ciclos"),
    (r" and ([\d,]+) more\b", r" y \1 más"),
    (r"` and `", "` y `"),
    (r"\b1 case\b", "1 caso"),
    (r"\b([\d,]+) cases\b", r"\1 casos"),
    (r", ([\d,]+) for `", r", \1 de `"),
)

# Code to what is said and how it is said in Spanish; `{0}` and so on are the parts that the pattern captures.
_SPANISH: dict[str, tuple[tuple[str, str], ...]] = {
    "SLA0608": ((r"(.*) could not be read to its end: (.*)", "{0} no se pudo leer hasta el final: {1}"),),
    "SLA0609": (
        (
            r"(.*) has (.*) not in UTF-8, read as Windows-1252",
            "{0} tiene {1} que no están en UTF-8, leídas como Windows-1252",
        ),
        (
            r"(.*) has (.*) with fewer cells than headings; the rest is missing",
            "{0} tiene {1} con menos celdas que cabeceras; el resto falta",
        ),
        (
            r"(.*) has too many different keys; (.*) or more were left out",
            "{0} tiene demasiadas claves distintas; se omitieron {1} o más",
        ),
    ),
    "SLA0610": ((r"(.*) has headings but no rows", "{0} tiene cabeceras y ninguna fila"),),
    "SLA0611": ((r"nothing was read for (.*)", "no se leyó nada para {0}"),),
    "SLA0612": ((r"(.*) has more than one column called (.*)", "{0} tiene más de una columna llamada {1}"),),
    "SLA0910": ((r".*", "el registro no contiene ningún evento, así que no hay nada que juzgar"),),
    "SLA0911": ((r"(.*) matched no event of the log", "{0} no corresponde a ningún evento del registro"),),
    "SLA0912": (
        (
            r"the log has no actor, so nobody checked that (.*) acted",
            "el registro no dice quién actúa, así que nadie comprobó que actuara {0}",
        ),
    ),
    "SLA0922": ((r"(.*) never acts: no event of the log is theirs", "{0} no actúa nunca: ningún evento es suyo"),),
    "SLA0913": (
        (
            r"the log has no column for (.*): what the policy says of it never holds",
            "el registro no tiene columna para {0}: lo que la política dice de ello nunca se cumple",
        ),
    ),
    "SLA0914": (
        (
            r"of (.*), ([\d,]+) never had a value for (.*)",
            "de {0}, {1} sin ningún valor de {2}",
        ),
    ),
    "SLA0915": (
        (
            r"what decides the level or `when` came only after the start: (.*)",
            "lo que decide el nivel o `when` llegó después del inicio: {0}",
        ),
    ),
    "SLA0916": (
        (
            r"the log has ([\d,]+) times? that a clock change skips, read one hour later"
            r" and ([\d,]+) times? that a clock change repeats, read as the first",
            "el registro tiene {0} horas que un cambio de hora salta, leídas una hora más tarde, y {1} que repite, leídas como la primera",
        ),
        (
            r"the log has ([\d,]+) times? that a clock change skips, read one hour later",
            "el registro tiene {0} horas que un cambio de hora salta, leídas una hora más tarde",
        ),
        (
            r"the log has ([\d,]+) times? that a clock change repeats, read as the first",
            "el registro tiene {0} horas que un cambio de hora repite, leídas como la primera",
        ),
    ),
    "SLA0917": ((r"(.*) could not be read and (?:was|were) left out", "{0} sin poder leerse, que se dejaron fuera"),),
    "SLA0918": (
        (
            r"(.*) with an event id that came before (?:was|were) not counted again",
            "{0} con un identificador de evento ya visto, sin contarse otra vez",
        ),
    ),
    "SLA0919": (
        (
            r"(`.*`) held no known (?:time zone|calendar) at (.*), so the calendar (`.*`) was read as (`.*`)",
            "{0} no contenía ningún valor conocido en {1}, así que el calendario {2} se leyó como {3}",
        ),
    ),
    "SLA0920": (
        (r"(.*) could not be judged and counts? nowhere", "{0} sin poder juzgarse, que no cuentan en ningún sitio"),
    ),
    "SLA0921": ((r"(`.*`) could not decide (.*?): (.*)", "{0} no pudo decidir {1}: {2}"),),
}


def remark(code: str, message: str, language: str) -> str:
    """The message of a warning in a language."""
    if language == "en":
        return message
    for pattern, translation in _SPANISH.get(code, ()):
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            return translation.format(*map(_part, found.groups()))
    return message


def _part(text: str) -> str:
    for pattern, translation in _SPANISH_PARTS:
        text = re.sub(pattern, translation, text)
    return text
