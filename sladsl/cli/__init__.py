"""The command line: one file a command, exit codes in `exits.py`, what commands share in `terminal.py` and `options.py`."""
