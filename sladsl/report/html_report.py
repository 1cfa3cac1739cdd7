"""A report as one HTML file.

Takes:  a Page.
Gives:  `html_report`: the file as text, with its styles and its charts inside. No script, and nothing from elsewhere.
Never:  lets a text of the log or of the policy through as markup: the template escapes all of them.
"""

from __future__ import annotations

import math
from fractions import Fraction
from importlib.resources import files

from sladsl.report.charts import Chart
from sladsl.report.view import Page


def html_report(page: Page) -> str:
    """The whole file. The same page gives the same text."""
    return rendered(page, template("report.css"))


def rendered(page: Page, style: str, chart_style: str = "") -> str:
    """The file with a style sheet; `chart_style` is put into each chart, for readers that do not apply the page's to it."""
    import jinja2
    from markupsafe import Markup

    from sladsl.report.drawing import draw

    def drawn(chart: Chart, caption: str) -> Markup:
        return Markup(draw(chart, caption, chart_style))

    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=False)
    source = environment.from_string(template("report.html"))
    text = source.render(page=page, style=Markup(style), draw=drawn, width=_width, kind_of=_kind_of)
    return text if text.endswith("\n") else f"{text}\n"


def template(name: str) -> str:
    """A file that ships beside this module."""
    return (files("sladsl.report") / "templates" / name).read_text(encoding="utf-8").strip()


def _kind_of(block: object) -> str:
    return type(block).__name__


def _width(share: Fraction) -> str:
    """A share as the width of a bar: full only at 100%, empty only at 0%."""
    percent = float(share) * 100
    if not 0 < share < 1:
        return "100" if share >= 1 else "0"
    return f"{min(max(math.floor(percent * 10) / 10, 1), 99):g}"
