"""The words of reports, a module for each language.

Takes:  nothing.
Gives:  `TEXTS` in each module: the same keys with the same `{names}` in all of them; `remarks.py`, for warnings of runs.
Never:  computes anything.

To add a language: a module like `en.py`, its code in `language.LANGUAGES`, its sentences in the table of `sentence.py`.
"""
