"""Nothing that is read from the lake, from a file or from a model is ever run."""

import ast
import os
import pickle
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

import synth_assets
from synth_assets.corpus.classifier import Classifier
from synth_assets.generation.comparing import verified
from synth_assets.generation.equality import EqualityPool

ROOT = Path(synth_assets.__file__).parent
LOADERS = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "jsonpickle"}
RUNNERS = {"eval", "exec", "compile"}


def _modules() -> list[tuple[Path, ast.Module]]:
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in sorted(ROOT.rglob("*.py"))]


def _offences(tree: ast.Module) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.split(".")[0] in LOADERS]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in LOADERS:
            found.append(str(node.module))
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in RUNNERS:
                found.append(f"{node.func.id}()")
            if any(word.arg == "shell" and not _is_false(word.value) for word in node.keywords):
                found.append("shell=")
            if any(
                word.arg in ("allow_pickle", "trust_remote_code") and not _is_false(word.value)
                for word in node.keywords
            ):
                found.append("allow_pickle or trust_remote_code")
            if isinstance(node.func, ast.Attribute) and node.func.attr in ("unsafe_load", "full_load"):
                found.append(node.func.attr)
            of = node.func.value if isinstance(node.func, ast.Attribute) else None
            if isinstance(of, ast.Name) and (of.id, node.func.attr) in {("torch", "load"), ("yaml", "load")}:  # type: ignore[attr-defined]
                found.append(f"{of.id}.load")
    return found


def _is_false(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is False


def test_no_module_unpickles_evaluates_or_starts_a_shell() -> None:
    assert {str(path): found for path, tree in _modules() if (found := _offences(tree))} == {}


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from joblib import load",
        "np.load(f, allow_pickle=True)",
        "eval(x)",
        "subprocess.run(x, shell=True)",
        "torch.load(f)",
        "yaml.load(f)",
    ],
)
def test_the_search_above_finds_what_it_is_for(source: str) -> None:
    assert _offences(ast.parse(source))


class _Bomb:
    """Makes a file where it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str, ...]]:
        return os.mkdir, (str(self.path),)


def test_a_filter_replaced_by_a_pickle_is_refused_without_running_it(tmp_path: Path) -> None:
    mark = tmp_path / "it ran"
    archive = BytesIO()
    np.savez(archive, roots=np.array([_Bomb(mark)], dtype=object))
    for planted in (pickle.dumps(_Bomb(mark)), archive.getvalue()):
        with pytest.raises(Exception) as raised:
            Classifier.from_bytes(planted)
        assert not isinstance(raised.value, AssertionError)
    assert not mark.exists()


HOSTILE_ANSWERS = (
    "__import__('os').mkdir('{mark}')",
    "$__import__('os').mkdir('{mark}')$",
    "\\boxed{{__import__('os').mkdir('{mark}')}}",
    "(lambda: __import__('os').mkdir('{mark}'))()",
    "1+__import__('os').mkdir('{mark}')",
    "x=__import__('os').mkdir('{mark}')",
    "\\text{{__import__('os').mkdir('{mark}')}}",
    "().__class__.__base__.__subclasses__()",
    "1 if __import__('os').mkdir('{mark}') else 2",
    "(1).__class__",
)


@pytest.mark.slow
def test_the_answer_of_a_model_is_compared_and_never_run(tmp_path: Path) -> None:
    """math-verify parses plain expressions by SymPy's parser, which evaluates Python."""
    mark = tmp_path / "it ran"
    answers = [answer.format(mark=mark) for answer in HOSTILE_ANSWERS]
    with EqualityPool(1) as pool:
        for answer in answers:
            pool.submit([answer, "x + 1", "1 + x", f"{answer} "]).result()

    for answer in answers:  # past the project's own filter, in this process
        verified(answer, "x + 1")
    assert not mark.exists()
