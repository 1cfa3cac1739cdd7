"""`python -m sladsl`: the command line, where the script is not on the path.

Takes:  the arguments of `sladsl`.
Gives:  what `sladsl` gives.
Never:  does anything else.
"""

from sladsl.cli.main import main

if __name__ == "__main__":
    main()
