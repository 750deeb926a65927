"""Change the rules of contact one operator at a time: some test must notice each change.

Run it with `python -m tests.mutation.policy_mutants`, followed by the names of modules (`rules`,
`quiet`, ...) for a part. The operators are those of Cosmic Ray. Nothing is written to disk: each
changed module lives in a process of its own, so that the working tree stays as it is. A change
that no test notices must stand in `accepted.txt` with the reason why it is no fault.
"""

from __future__ import annotations

import contextlib
import difflib
import gc
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any, cast

import pytest
from cosmic_ray.mutating import mutate_code  # type: ignore[import-untyped]  # has no types
from cosmic_ray.plugins import (  # type: ignore[import-untyped]  # has no types
    get_operator,
    operator_names,
)

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "overture" / "policy"
TESTS = ROOT / "tests" / "unit" / "policy"
ACCEPTED = Path(__file__).with_name("accepted.txt")

#: Seconds after which a change that makes one test, or all of them, run for ever counts as
#: noticed; unchanged, the slowest takes two.
TEST_TIMEOUT, TIMEOUT = 20, 240

#: Operators that need settings, or whose every result is a TypeError at the first call. `BitOr`
#: stands in annotations only, which are never evaluated.
_SKIPPED = ("Variable", "_RShift", "_LShift", "_Pow", "_BitXor", "_BitAnd", "_BitOr", "_Invert")

#: What only a reader of the tests' output would need.
_QUICK = ("--tb=no", "-p", "no:unraisableexception", "-p", "no:xdist")

#: Modules that are tested first of all by the tests of another.
_TESTED_BY = {
    "channels": "rules",
    "explanation": "records",
    "keys": "limits",
    "zones": "quiet",
}


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One change of one module."""

    path: Path
    operator: str
    occurrence: int
    code: str
    #: The changed line, as it was.
    line: str

    def __str__(self) -> str:
        return f"{self.path.stem} | {self.operator} | {self.line}"


def mutants(paths: list[Path]) -> Iterator[Mutant]:
    """Yield every change of every operator."""
    for path in paths:
        source = path.read_text()
        for name in operator_names():
            if not any(part in name for part in _SKIPPED):
                yield from _of_operator(path, source, name)


def _of_operator(path: Path, source: str, name: str) -> Iterator[Mutant]:
    occurrence = 0
    while (code := mutate_code(source, get_operator(name)(), occurrence)) is not None:
        yield Mutant(
            path=path,
            operator=name.partition("/")[2],
            occurrence=occurrence,
            code=code,
            line=_changed_line(source, code),
        )
        occurrence += 1


def _changed_line(before: str, after: str) -> str:
    differences = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0)
    removed = (line[1:].strip() for line in differences if line[:1] == "-" and line[:3] != "---")
    return next((line for line in removed if line), "")


def unchanged(path: Path) -> Mutant:
    """Return a change that changes nothing, to see that the tests pass by themselves."""
    return Mutant(path=path, operator="none", occurrence=0, code=path.read_text(), line="")


def warm_up() -> None:
    """Load here, once, all the libraries that every process would load; none of our own code."""
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        pytest.main(["--collect-only", "-q", str(TESTS)])
    for name in list(sys.modules):
        if name.partition(".")[0] in {"overture", "tests", "conftest"} and name != __name__:
            del sys.modules[name]
    gc.freeze()  # else every process would look through all of it at its end


def is_noticed(mutant: Mutant) -> bool:
    """Run the tests against a change in a process of its own; tell whether one failed."""
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        os._exit(_run_tests(mutant))
    with contextlib.suppress(PermissionError):  # the child may have done it already
        os.setpgid(child, child)
    signal.signal(signal.SIGALRM, lambda *_: os.killpg(child, signal.SIGKILL))
    signal.alarm(TIMEOUT)
    _, status = os.waitpid(child, 0)
    signal.alarm(0)
    return status != 0


def _run_tests(mutant: Mutant) -> int:
    loader: Any = SourceFileLoader
    original = loader.get_code

    def get_code(self: SourceFileLoader, fullname: str) -> CodeType | None:
        if Path(self.path) == mutant.path:
            return compile(mutant.code, self.path, "exec")
        return cast("CodeType | None", original(self, fullname))

    loader.get_code = get_code
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    options: list[Any] = ["-x", "-q", *_QUICK, "--hypothesis-profile=mutation"]
    options.append(f"--timeout={TEST_TIMEOUT}")
    own, *others = _ordered_tests(mutant.path.stem)
    try:
        return int(pytest.main([*options, own])) or int(pytest.main([*options, *others]))
    except BaseException:  # noqa: BLE001 - whatever happens, the change was noticed
        return 1


def _ordered_tests(module: str) -> list[str]:
    """Return the test files: the module's own first, which mostly suffice, the slow ones last."""
    own = f"test_{_TESTED_BY.get(module, module)}.py"
    slow = ("test_agreement.py", "test_records.py", "test_purity.py")
    files = sorted(
        TESTS.glob("test_*.py"),
        key=lambda path: (path.name != own, path.name in slow, path.name),
    )
    return [str(path) for path in files]


def accepted() -> set[str]:
    """Return the changes that are known to be no fault."""
    lines = ACCEPTED.read_text().splitlines()
    return {line for line in lines if line and not line.startswith(("#", "    "))}


def main(names: list[str]) -> int:
    """Try every change; print those that no test notices; return 1 if one is not accepted."""
    chosen = [SOURCE / f"{name}.py" for name in names]
    warm_up()
    paths = chosen or sorted(set(SOURCE.glob("*.py")) - {SOURCE / "__init__.py"})
    if is_noticed(unchanged(paths[0])):
        sys.stdout.write("the tests fail without any change\n")
        return 1
    known, survivors, count = accepted(), 0, 0
    for mutant in mutants(paths):
        count += 1
        if not is_noticed(mutant):
            word = "accepted" if str(mutant) in known else "SURVIVED"
            survivors += word == "SURVIVED"
            sys.stdout.write(f"{word} {mutant}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{count} changes, {survivors} of them not noticed and not accepted\n")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
