"""Change the rules of contact one operator at a time: some test must notice each change.

Run it with `python -m tests.mutation.policy_mutants`, followed by the names of modules (`rules`,
`quiet`, ...) for a part. The operators are those of Cosmic Ray. Nothing is written to disk: each
changed module lives in a process of its own, so that the working tree stays as it is. A change
that no test notices must stand in `accepted.txt` with the reason why it is no fault, and what
stands there must be such a change.
"""

from __future__ import annotations

import ast
import contextlib
import difflib
import gc
import os
import resource
import signal
import sys
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any, cast

import pytest
from cosmic_ray.ast import ast_nodes, get_ast  # type: ignore[import-untyped]  # has no types
from cosmic_ray.mutating import mutate_code  # type: ignore[import-untyped]  # has no types
from cosmic_ray.plugins import (  # type: ignore[import-untyped]  # has no types
    get_operator,
    operator_names,
)
from hypothesis import is_hypothesis_test

from tests.mutation.accepted import ACCEPTED, Change, accepted

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "overture" / "policy"
TESTS = ROOT / "tests" / "unit" / "policy"

#: Seconds of processor time after which a change that makes a test run for ever counts as
#: noticed, however busy the machine is; unchanged, the slowest takes one and a half.
LIMIT = 8
#: Processes that run tests side by side.
AT_ONCE = os.cpu_count() or 1
#: Bytes a test may come to hold; unchanged, all of them stay below a tenth.
MEMORY = 4 << 30

#: Operators that need settings, or whose every result is a TypeError at the first call. `BitOr`
#: stands in annotations only, which are never evaluated.
_SKIPPED = ("Variable", "_RShift", "_LShift", "_Pow", "_BitXor", "_BitAnd", "_BitOr", "_Invert")

#: What only a reader of the tests' output would need.
_QUICK = (
    "--tb=no",
    "--hypothesis-profile=mutation",
    "--timeout=0",
    "-p",
    "no:unraisableexception",
    "-p",
    "no:xdist",
)

#: Modules that are tested first of all by the tests of another.
_TESTED_BY = {
    "channels": "rules",
    "explanation": "records",
    "intersection": "decision",
    "keys": "limits",
}

#: Tests that read the files themselves, which no change touches, or a stopwatch.
_BLIND = ("test_purity.py",)

#: What became of a change, in the order of the table.
_FATES = ("noticed", "accepted", "SURVIVED")


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A module with one change."""

    path: Path
    code: str
    change: Change | None = None


class _Plugin:
    """Let the quick tests run first, and end a test, and the process with it, that is too long."""

    def pytest_collection_modifyitems(self, items: list[pytest.Function]) -> None:
        items.sort(key=lambda item: is_hypothesis_test(item.obj))

    def pytest_runtest_setup(self) -> None:
        signal.setitimer(signal.ITIMER_PROF, LIMIT)


def mutants(path: Path) -> Iterator[Mutant]:
    """Yield every change of a module that any operator can make, each once."""
    source, seen = path.read_text(), set[str]()
    places, nodes = places_of(path.stem, source), list(ast_nodes(get_ast(source)))
    for name in operator_names():
        if any(part in name for part in _SKIPPED):
            continue
        operator = get_operator(name)()
        positions = (1 for node in nodes for _ in operator.mutation_positions(node))
        for occurrence, _ in enumerate(positions):
            code = mutate_code(source, operator, occurrence)
            if code not in seen and _compiles(code):
                seen.add(code)
                yield Mutant(path=path, code=code, change=_change(places, source, code))


def _compiles(code: str) -> bool:
    try:
        compile(code, "", "exec")
    except SyntaxError:
        return False
    return True


def places_of(module: str, source: str) -> list[str]:
    """Return for each line the innermost class or function it belongs to."""
    places = [module] * (len(source.splitlines()) + 1)

    def name(nodes: Iterable[ast.AST], outer: str) -> None:
        for node in nodes:
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
                inner = f"{outer}.{node.name}"
                first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
                last = node.end_lineno or first
                places[first - 1 : last] = [inner] * (last - first + 1)
                name(node.body, inner)

    name(ast.parse(source).body, module)
    return places


def _change(places: list[str], before: str, after: str) -> Change:
    old, new = before.splitlines(), after.splitlines()
    number = next(i for i in range(len(old)) if old[i : i + 1] != new[i : i + 1])
    lines = [line for line in difflib.unified_diff(old, new, n=0) if line[:3] not in ("---", "+++")]
    was, becomes = (
        next((line[1:].strip() for line in lines if line[0] == sign and line[1:].strip()), "")
        for sign in "-+"
    )
    while old[number].strip() != was:  # a decorator goes with the empty lines above it
        number += 1
    return Change(places[number], was, becomes)


def warm_up() -> None:
    """Load here, once, all the libraries that every process would load; none of our own code."""
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        pytest.main(["--collect-only", "-q", str(TESTS)])
    for name in list(sys.modules):
        if name.partition(".")[0] in {"overture", "tests", "conftest"} and name != __name__:
            del sys.modules[name]
    gc.freeze()  # else every process would look through all of it at its end


def tried(
    trials: Iterable[Mutant], known: Iterable[Change | None] = ()
) -> Iterator[tuple[Mutant, bool]]:
    """Run the tests against each change in a process of its own; tell whether one failed.

    Of the changes that are known to go unnoticed only the module's own tests are asked.
    """
    running: dict[int, Mutant] = {}
    for mutant in trials:
        if len(running) == AT_ONCE:
            yield _ended(running)
        child = os.fork()
        if child == 0:
            os._exit(_run_tests(mutant, brief=mutant.change in known))
        running[child] = mutant
    while running:
        yield _ended(running)


def _ended(running: dict[int, Mutant]) -> tuple[Mutant, bool]:
    child, status = os.wait()
    return running.pop(child), status != 0


def _run_tests(mutant: Mutant, *, brief: bool) -> int:
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
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    options = ["-x", "-q", *_QUICK, f"--confcutdir={TESTS.parent}"]
    own, *others = _ordered_tests(mutant.path.stem)
    try:
        return int(
            pytest.main([*options, own], plugins=[_Plugin()])
            or (not brief and pytest.main([*options, *others], plugins=[_Plugin()]))
        )
    except BaseException:  # noqa: BLE001 - whatever happens, the change was noticed
        return 1


def _ordered_tests(module: str) -> list[str]:
    """Return the test files: the module's own first, which mostly suffice, the slow ones last."""
    own = f"test_{_TESTED_BY.get(module, module)}.py"
    slow = ("test_agreement.py", "test_records.py")
    files = sorted(
        (path for path in TESTS.glob("test_*.py") if path.name not in _BLIND),
        key=lambda path: (path.name != own, path.name in slow, path.name),
    )
    return [str(path) for path in files]


def try_all(path: Path, known: set[Change]) -> Counter[str]:
    """Try every change of a module; print those that are a fault; count what became of them."""
    count: Counter[str] = Counter()
    unused = {change for change in known if change.place.partition(".")[0] == path.stem}
    for mutant, noticed in tried(mutants(path), known):
        fate = "noticed"
        if not noticed:
            fate = "accepted" if mutant.change in known else "SURVIVED"
            unused.discard(cast("Change", mutant.change))
        count[fate] += 1
        if fate == "SURVIVED":
            _say(f"SURVIVED {mutant.change}")
    for change in sorted(unused):
        count["unused"] += 1
        _say(f"ACCEPTED WITHOUT NEED {change}")
    return count


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(names: list[str]) -> int:
    """Try every change and print what became of them; return 1 if one is a fault."""
    paths = [SOURCE / f"{name}.py" for name in names]
    paths = paths or sorted(set(SOURCE.glob("*.py")) - {SOURCE / "__init__.py"})
    known = set(accepted(ACCEPTED.read_text()))
    warnings.simplefilter("ignore", SyntaxWarning)  # of a change such as `if count is 1`
    warm_up()
    unchanged = [Mutant(path=paths[0], code=paths[0].read_text())]
    if any(noticed for _, noticed in tried(unchanged)):
        _say("the tests fail without any change")
        return 1
    total: Counter[str] = Counter()
    _say(f"{'module':14}{'changes':>9}" + "".join(f"{fate:>10}" for fate in _FATES))
    for path in paths:
        count = try_all(path, known)
        _say(_row(path.stem, count))
        total += count
    _say(_row("all", total))
    return 1 if total["SURVIVED"] or total["unused"] else 0


def _row(name: str, count: Counter[str]) -> str:
    fates = [count[fate] for fate in _FATES]
    return f"{name:14}{sum(fates):9}" + "".join(f"{number:10}" for number in fates)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
