"""`python -m finscribe`: the command line, where the program `finscribe` is not on the path."""

from finscribe.cli import main

if __name__ == "__main__":  # a process that is started by another one imports this file too
    main()
