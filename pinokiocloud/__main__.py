"""`python -m pinokiocloud …` is the same as `pinokiocloud …`."""

from .cli import main

main()
