"""Delimited text cut into cells.

Takes:  a buffer of UTF-8 bytes.
Gives:  `cut_rows`.
Never:  decides what it does not know for sure: such a row, or file, is ODD, and the reader of `sladsl.events` cuts it.
"""

# mypy: disable-error-code="untyped-decorator, import-untyped, no-any-return, return-value"
from __future__ import annotations

from typing import Any

from numba import njit

from sladsl.evaluate.columnar.loops.addresses import byte_at

FINE, ODD_ROW, ODD_FILE = 0, 1, 2


@njit("i8(i8,i8,i8,i8,i4[::1],i8[:,::1],i4[:,::1],i8[::1],u1[::1],i8[::1])", nogil=True, cache=True)
def cut_rows(
    buffer: int,
    size: int,
    delimiter: int,
    width: int,
    wanted: Any,
    starts: Any,
    sizes: Any,
    lines: Any,
    kinds: Any,
    state: Any,
) -> int:
    """Cut rows of CSV into the cells that are wanted.

    Args:
        buffer, size: whole lines, the last with its end.
        width: how many cells a row has.
        wanted: for each column its place among the wanted ones, or -1.
        starts, sizes: the cells, a row a wanted column.
        lines: where each row begins; one more than there are rows.
        kinds: FINE, or ODD_ROW where Python must look: another width, or quotes that are not plain.
        state: becomes where in the buffer it stopped, and ODD_FILE where no row can be trusted.

    Returns the number of rows, which stops short of the end where the arrays are full.
    """
    at, row, room = 0, 0, len(kinds)
    state[1] = FINE
    while at < size and row < room:
        lines[row] = at
        kinds[row] = FINE
        column = 0
        while True:  # a cell
            while at < size and byte_at(buffer + at) == 32 and delimiter != 32:
                at += 1
            begin = at
            byte = byte_at(buffer + at) if at < size else 10
            if byte == 34:
                begin = at + 1
                at += 1
                while at < size:
                    byte = byte_at(buffer + at)
                    if byte == 34 or byte == 10 or byte == 13 or byte == 0:
                        break
                    at += 1
                end = at
                if at >= size or byte != 34:
                    state[0], state[1] = lines[row], ODD_FILE  # quotes over several lines
                    return row
                at += 1
                byte = byte_at(buffer + at) if at < size else 10
                if byte != delimiter and byte != 10 and byte != 13:
                    kinds[row] = ODD_ROW
                    while at < size:
                        byte = byte_at(buffer + at)
                        if byte == delimiter or byte == 10 or byte == 13:
                            break
                        if byte == 34:
                            at += 1
                            while at < size and byte_at(buffer + at) != 34 and byte_at(buffer + at) != 10:
                                at += 1
                            if at >= size or byte_at(buffer + at) == 10:
                                state[0], state[1] = lines[row], ODD_FILE
                                return row
                        at += 1
            else:
                while at < size:
                    byte = byte_at(buffer + at)
                    if byte == delimiter or byte == 10 or byte == 13:
                        break
                    if byte == 0:
                        kinds[row] = ODD_ROW
                    at += 1
                end = at
            if column < width and wanted[column] >= 0:
                starts[wanted[column], row] = begin
                sizes[wanted[column], row] = end - begin
            column += 1
            if at < size and byte == delimiter:
                at += 1
                continue
            break
        if at < size and byte_at(buffer + at) == 13:
            at += 1
            if at >= size or byte_at(buffer + at) != 10:
                state[0], state[1] = lines[row], ODD_FILE  # line ends of another kind
                return row
        at += 1
        if column == 1 and end == begin and width > 1 and kinds[row] == FINE:
            continue  # a blank line
        if column != width:
            kinds[row] = ODD_ROW
        row += 1
    lines[row] = at
    state[0] = at
    return row
