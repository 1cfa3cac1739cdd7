"""Loops over arrays, compiled by Numba one by one.

Takes:  numpy arrays, or the addresses of such.
Gives:  a module a purpose.
Never:  is part of the kernel: a change here compiles nothing of `kernel/` anew.
"""
