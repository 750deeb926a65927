"""Other schedulers, each a script of its own: standard library and that scheduler only.

They run in ``.venv-bench``. Every script takes the number of jobs, dispatches them in one
process, and prints a line of JSON: how many ran, and how many seconds lay between the first
and the last, which leaves out what a scheduler needs to wake up.
"""
