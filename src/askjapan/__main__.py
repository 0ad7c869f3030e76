"""`python -m askjapan`: the command line without its installed script."""

from askjapan.cli import main

main()
