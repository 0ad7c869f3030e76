"""What is shipped: source and wheel are whole and work without the repository; what comes with them is listed, licensed and never unpickled."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.commands import ROOT, SOURCE, in_subprocess
from tests.support.licences import binds, closure, licence_of

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def hatch(target: str, project: Path, to: Path) -> Path:
    """Build a source archive or a wheel; nothing is fetched."""
    pytest.importorskip("hatchling")
    ran = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(to)],
        cwd=project,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    (made,) = to.glob("*.whl" if target == "wheel" else "*.tar.gz")
    return made


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a wheel that was built from the source archive, as an installation has them."""
    folder = tmp_path_factory.mktemp("package")
    archive = hatch("sdist", ROOT, folder / "sdist")
    with tarfile.open(archive) as opened:
        opened.extractall(folder / "source", filter="data")
    (source,) = (folder / "source").iterdir()
    wheel = hatch("wheel", source, folder / "wheel")
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(folder / "site-packages")
    return folder / "site-packages"


def test_the_wheel_holds_code_data_notes_catalogue_and_types(unpacked: Path) -> None:
    there = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()}
    own = {
        path.relative_to(SOURCE).as_posix()
        for path in (SOURCE / "askjapan").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert own - there == set()
    assert {
        "askjapan/py.typed",
        "askjapan/shipped/catalogue.toml",
        "askjapan/retrieval/data/reader.onnx",
        "askjapan/retrieval/data/japanese.onnx",
    } < there
    notes = {path.name for path in (ROOT / "corpus" / "notes").iterdir()}
    assert {Path(name).name for name in there if name.startswith("askjapan/shipped/notes/")} == notes
    assert len([name for name in notes if name.endswith(".md")]) == 10
    rest = {name for name in there if not name.startswith("askjapan/")}
    assert {Path(name).parts[0] for name in rest} == {"askjapan-0.1.0.dist-info"}
    assert {Path(name).name for name in rest} >= {"METADATA", "LICENSE", "entry_points.txt"}


IN_A_FRESH_PLACE = """
import sys
from askjapan.index.encoders.minilm import MiniLM
from askjapan import assistant, settings
from askjapan.answering import judgement
from askjapan.cli import main
from tests.support.fakes import HashEncoder, WordReader, generous_model, no_reader
for name in (name for name in vars(HashEncoder) if not name.startswith("__")):
    setattr(MiniLM, name, vars(HashEncoder)[name])
assistant.reader, assistant.reader_of_japanese, judgement.answer_model = WordReader, no_reader, generous_model
print(settings.__file__)
for command in (["index"], ["ask", "How many sister-city links did Japanese municipalities have in 2009?"], ["add", sys.argv[1]],
                ["remove", "kelp.txt"], ["list"]):
    try:
        main(command)
    except SystemExit as end:
        assert not end.code, command
"""


@pytest.mark.slow
def test_the_wheel_works_without_the_repository(unpacked: Path, tmp_path: Path) -> None:
    """In an empty folder, with a home of its own in the user's data folder; the encoder is a stand-in."""
    (tmp_path / "kelp.txt").write_text("Rausu sold 900 tons of kelp to Pusan in 1987.\n", encoding="utf-8")
    (tmp_path / "run.py").write_text(IN_A_FRESH_PLACE, encoding="utf-8")
    ran = in_subprocess(
        tmp_path / "run.py",
        tmp_path / "kelp.txt",
        home=tmp_path,
        ASKJAPAN_HOME="",
        ASKJAPAN_MULTILINGUAL="false",
        ASKJAPAN_THRESHOLD="0",
        XDG_DATA_HOME=str(tmp_path / "data"),
        PYTHONPATH=f"{unpacked}:{ROOT}",
        cwd=str(tmp_path),
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[0] == str(unpacked / "askjapan" / "settings.py")
    assert "note on Mouer" in ran.stdout
    assert "Removed kelp.txt." in ran.stdout
    home = tmp_path / "data" / "askjapan" / "home"
    assert sorted(path.name for path in home.iterdir()) == ["corpus", "index"]
    assert (home / "index" / "CURRENT").is_file()


def test_every_package_that_is_imported_is_listed() -> None:
    listed = [*PROJECT["dependencies"], *(line for lines in PROJECT["optional-dependencies"].values() for line in lines)]
    names = {canonicalize_name(Requirement(line).name) for line in listed}
    providers = packages_distributions()
    unlisted: set[str] = set()
    for path in (SOURCE / "askjapan").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                modules = [str(node.module)]
            tops = {module.split(".")[0] for module in modules} - set(sys.stdlib_module_names) - {"askjapan"}
            unlisted |= {top for top in tops if not names & {canonicalize_name(name) for name in providers.get(top, [top])}}
    # What is not installed here is looked up by its own name. sentence-transformers and tiktoken bring their own parts; the table of
    # encodings is a name of the second's.
    assert unlisted - {"transformers", "tokenizers"} == set()


def test_every_dependency_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lines = re.findall(r'^    "[^"]+",.*$', text.split("[project.scripts]")[0], re.MULTILINE)
    assert len(lines) > 40
    assert [line for line in lines if not re.search(r'",\s+# \S', line)] == []


@pytest.mark.slow
def test_no_licence_of_what_comes_along_binds_the_whole() -> None:
    """Slow, since the fast tests also run on other Pythons, where PyTorch brings other libraries along."""
    packages = sorted(closure())
    assert len(packages) > 50
    assert [package for package in packages if not licence_of(package) or binds(licence_of(package))] == []


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("MIT", False),
        ("GPL-3.0-or-later", True),
        ("GNU Affero General Public License v3", True),
        ("GNU General Public License v2 (GPLv2)", True),
        ("AGPL-3.0", True),
        ("GNU Lesser General Public License v3 (LGPLv3)", False),
        ("LGPL-2.1-or-later", False),
        ("MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later", False),
    ],
)
def test_which_licences_bind(licence: str, expected: bool) -> None:
    assert binds(licence) == expected


UNPICKLES_NOTHING = """
import pickle, sys
def refuse(*arguments, **options):
    raise AssertionError("something was unpickled")
def hook(event, arguments):
    if event == "pickle.find_class":
        raise AssertionError(f"something was unpickled: {arguments}")
class Refusing(pickle.Unpickler):
    __init__ = refuse
sys.addaudithook(hook)
pickle.load = pickle.loads = refuse
pickle.Unpickler = Refusing
from askjapan.cli import main
for command in (["index"], ["ask", "How many pickers came to Aoba in 2012?"], ["ask", "青葉の茶摘みは何人ですか。"]):
    try:
        main(command)
    except SystemExit as end:
        assert not end.code, command
try:
    pickle.loads(b"I1\\n.")
except AssertionError:
    print("refuses")
"""


@pytest.mark.model
def test_nothing_is_unpickled(tmp_path: Path, place: object) -> None:
    """With the real models, from reading to the answer; `test_architecture` sees that no module imports a pickling one."""
    ran = in_subprocess("-c", UNPICKLES_NOTHING, home=place.home)  # type: ignore[attr-defined]
    assert ran.returncode == 0, ran.stderr
    assert "27 " in ran.stdout
    assert ran.stdout.splitlines()[-1] == "refuses"
