"""A report as a PDF.

Takes:  a Page; WeasyPrint, which is no dependency of ours unless `sladsl[pdf]` was asked for.
Gives:  `pdf_report`: the file's bytes; `PdfError` where WeasyPrint, or the Pango that it needs, is not there.
Never:  starts a browser, or fetches anything: the page holds all that it shows.
"""

from __future__ import annotations

import re

from sladsl.report.html_report import rendered, template
from sladsl.report.view import Page


class PdfError(Exception):
    """PDFs cannot be made here; the message says what is lacking."""


def pdf_report(page: Page) -> bytes:
    """The report as PDF. The same page gives the same bytes with the same WeasyPrint and fonts.

    Raises PdfError where WeasyPrint cannot be loaded.
    """
    try:
        import weasyprint
    except ImportError:
        raise PdfError("PDF needs WeasyPrint: `pip install 'sladsl[pdf]'`, or print the HTML report") from None
    except OSError as error:
        lacking = str(error).splitlines()[0] if str(error) else "a library"
        raise PdfError(
            f"WeasyPrint finds no Pango ({lacking}); install your system's, or print the HTML report"
        ) from None
    style, chart_style = _styles()
    html = rendered(page, style, chart_style)
    document = weasyprint.HTML(string=html, url_fetcher=_refuse, media_type="print")
    return bytes(document.write_pdf())


def _refuse(url: str, *_: object, **__: object) -> dict[str, object]:
    raise ValueError(f"a report fetches nothing: {url}")


def _styles() -> tuple[str, str]:
    """The styles for paper: WeasyPrint applies no style of the page inside an `svg`, and knows no variables there."""
    style = template("report.css")
    printed = style[style.index("@media print") :]
    colours = dict(re.findall(r"(--[\w-]+): ([^;]+);", printed))
    chart = style[style.index("/*CHART*/") : style.index("/*END*/")]
    chart = re.sub(r"[^\n]*paint-order[^\n]*\n", "", chart)  # unknown to it: the halo would cover the letters
    chart = re.sub(r"var\((--[\w-]+)\)", lambda match: colours[match[1]], chart).replace(".chart ", "")
    text = "text { font: 9.5px sans-serif; fill: " + colours["--soft"] + "; }"
    return style, text + "\n" + chart
