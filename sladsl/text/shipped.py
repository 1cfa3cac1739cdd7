"""Where the files that ship beside the code are found.

Takes:  the name of a shipped folder (`grammar` or `stdlib`).
Gives:  its path, in an installed wheel or in a checkout.
Never:  looks anywhere else.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped(folder: str) -> Path:
    """The folder `grammar` or `stdlib`: inside an installed wheel, else beside the package in a checkout.

    Raises FileNotFoundError where the installation lacks it.

    >>> (shipped("grammar") / "sladsl.lark").name
    'sladsl.lark'
    """
    for place in (_PACKAGE / "_shipped" / folder, _PACKAGE.parent / folder):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"the installation lacks its folder {folder}")
