"""A session of breeding, its log, and the replay of it."""

import json
import resource
import signal
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from fooling.artifacts.bred import load_bred
from fooling.breeding.judge import Judge
from fooling.breeding.log import Begin, Choose, LogFile, Publish, Undo, read_log
from fooling.breeding.session import THUMBNAIL, Session, genome_digest, render
from fooling.errors import FoolingError
from fooling.networks.architectures import build_network
from fooling.networks.network_file import TrainedNetwork, save_networks
from fooling.networks.preprocessing import Preprocessing
from fooling.networks.zoo import load_pretrained
from fooling.settings.breeding import BreedingSettings
from fooling.settings.pretrained import PretrainedSettings

LOGS = sorted((Path(__file__).parents[3] / "config/breeding").glob("*.jsonl"))
REPLAY = "fooling.steps.breeding.replay_breeding"
BEGIN = Begin(seed=7, network="any", settings=BreedingSettings(population=6, first_mutations=5))


@pytest.fixture
def session() -> Session:
    return Session(BEGIN)


def images(session: Session) -> np.ndarray:
    return render(session.genomes, BEGIN.settings, THUMBNAIL).numpy()


def written(path: Path, *events: Begin | Choose | Undo | Publish) -> Path:
    with LogFile(path) as log:
        for event in events:
            log.append(event)
    return path


def bred(path: Path) -> Path:
    """Write the log of a short session with a picture in it."""
    session, events = Session(BEGIN), []
    steps: list[Callable[[], Choose | Undo | Publish]] = [
        lambda: session.choose([4, 1], "bold"),
        Undo,
        lambda: session.choose([4, 1], "usual"),
        lambda: session.choose([], "usual"),
        Undo,
        lambda: session.publish(3, "a thing"),
        lambda: session.choose([5], "fine"),
        lambda: session.publish(0, "the same, later"),
    ]
    for step in steps:
        events.append(step())
        session.play(events[-1])
    return written(path, BEGIN, *events)


def test_parents_come_first_and_unchanged(session: Session) -> None:
    before = images(session)
    session.play(session.choose([4, 1], "usual"))
    after = images(session)
    assert (after[:2] == before[[4, 1]]).all()
    assert session.generation == 1


def test_no_two_pictures_of_a_generation_are_equal_and_none_is_plain(session: Session) -> None:
    for _ in range(5):
        session.play(session.choose([0], "fine" if session.generation % 2 else "bold"))
        pictures = images(session)
        assert len(np.unique(pictures.reshape(6, -1), axis=0)) == 6
        assert all(picture.std(axis=(1, 2)).any() for picture in pictures)


def test_fine_mutation_changes_weights_alone(session: Session) -> None:
    session.play(session.choose([2], "fine"))
    genomes = session.genomes.tensors
    for name in ("source", "target", "function"):
        assert (genomes[name] == genomes[name][:1]).all()
    assert (genomes["weight"] != genomes["weight"][:1]).any(dim=1)[1:].all()


def test_undo_shows_the_generation_before_and_the_same_choice_has_other_children(session: Session) -> None:
    first = genome_digest(session.genomes)
    session.play(session.choose([0], "usual"))
    children = genome_digest(session.genomes)
    session.play(Undo())
    assert genome_digest(session.genomes) == first
    session.play(session.choose([0], "usual"))
    assert genome_digest(session.genomes) != children
    session.play(Undo())
    with pytest.raises(FoolingError, match="no generation before the first"):
        session.play(Undo())


def test_a_choice_without_parents_is_a_new_random_generation(session: Session) -> None:
    first = genome_digest(session.genomes)
    session.play(session.choose([], "usual"))
    assert genome_digest(session.genomes) != first


@pytest.mark.parametrize(
    ("parents", "sentence"),
    [([6], "from 0 to 5"), ([1, 1], "each once"), ([0, 1, 2, 3, 4, 5], "leaves no room for children")],
)
def test_an_impossible_choice_is_a_sentence_and_changes_nothing(
    session: Session, parents: list[int], sentence: str
) -> None:
    before = genome_digest(session.genomes)
    with pytest.raises(FoolingError, match=sentence):
        session.choose(parents, "usual")
    assert (genome_digest(session.genomes), session.generation) == (before, 0)


def test_a_log_replays_to_the_same_genomes(tmp_path: Path) -> None:
    log = bred(tmp_path / "log.jsonl")
    once, again = (Session.replay(*read_log(log), "log") for _ in range(2))
    assert [one.label for one in once.published] == ["a thing", "the same, later"]
    assert [one.generation for one in once.published] == [1, 2]
    for one, other in zip(once.published, again.published, strict=True):
        assert all(torch.equal(one.genomes.tensors[name], other.genomes.tensors[name]) for name in one.genomes.tensors)


@pytest.mark.parametrize("log", LOGS, ids=lambda path: path.stem)
def test_the_committed_logs_replay(log: Path) -> None:
    """The digests in a log hold the replay against the genomes that the breeder saw."""
    begin, acts = read_log(log)
    assert Session.replay(begin, acts, str(log)).published


@pytest.mark.parametrize(
    ("line", "edit", "sentence"),
    [
        (1, {"seed": 8}, "line 2: its genomes are not those seen here; the log was edited"),
        (1, {"seed": -1}, "line 1 is not what a session writes: seed: should be greater than or equal to 0"),
        (1, {"sed": 1}, "line 1 is not what a session writes: sed: there is no such key"),
        (2, {"parents": [4, 2]}, "line 2: its genomes are not those seen here"),
        (2, {"parents": [4, 99]}, "line 2: positions are from 0 to 5"),
        (4, {"strength": "bold"}, "line 7: its genomes are not those seen here"),
        (4, {"strength": "wild"}, "line 4 is not what a session writes: choose.strength: "),
        (7, {"label": " "}, "line 7 is not what a session writes: publish.label: "),
        (7, {"event": "destroy"}, "line 7 is not what a session writes: "),
        (7, {"label": "x" * 5000}, "line 7: it is longer than any line"),
    ],
)
def test_an_edited_log_is_a_sentence(tmp_path: Path, line: int, edit: dict[str, object], sentence: str) -> None:
    log = bred(tmp_path / "log.jsonl")
    lines = log.read_text().splitlines()
    lines[line - 1] = json.dumps(json.loads(lines[line - 1]) | edit)
    log.write_text("\n".join(lines) + "\n")
    with pytest.raises(FoolingError) as caught:
        Session.replay(*read_log(log), str(log))
    assert f"{log}, {sentence}" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "it has 0 lines"),
        (b"\xff\xfe\n", "not a readable breeding log"),
        (b"[]\n", "line 1 is not what a session writes"),
        (b'{"event":"undo"}\n', "line 1 is not what a session writes"),
        (b'{"event":"begin","seed":1,"network":"a"}\n{"event":"un', "line 2: it is cut off; delete it"),
        (b"\n" * 10_001, "it has 10001 lines"),
    ],
)
def test_a_malformed_log_is_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "log.jsonl").write_bytes(content)
    with pytest.raises(FoolingError, match=sentence):
        read_log(tmp_path / "log.jsonl")
    with pytest.raises(FoolingError, match="There is no breeding log"):
        read_log(tmp_path / "none.jsonl")


def test_two_sessions_cannot_write_one_log(tmp_path: Path) -> None:
    with (
        LogFile(tmp_path / "log.jsonl"),
        pytest.raises(FoolingError, match="Another session has"),
        LogFile(tmp_path / "log.jsonl"),
    ):
        pass


def test_a_line_that_cannot_be_written_whole_leaves_no_part(tmp_path: Path) -> None:
    log = written(tmp_path / "log.jsonl", BEGIN)
    before, limits = log.read_bytes(), resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        with LogFile(log) as file:
            resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 5, limits[1]))
            with pytest.raises(FoolingError, match="the choice is not kept"):
                file.append(Undo())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert log.read_bytes() == before


@pytest.fixture(scope="module")
def lite0(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("networks") / "lite0.npz"
    save_networks(path, [load_pretrained(PretrainedSettings(architecture="efficientnet-lite0", image_size=64))], {})
    return path


def test_a_replay_gives_the_same_bytes(run_main: Callable[..., int], tmp_path: Path, lite0: Path) -> None:
    logs = [bred(tmp_path / "first.jsonl"), bred(tmp_path / "second.jsonl")]
    for folder in ("once", "again"):
        outputs = ("--output", tmp_path / folder / "bred.npz", "--pngs", tmp_path / folder / "pngs")
        assert run_main(REPLAY, "--log", *logs, "--network", lite0, *outputs) == 0
    pngs = sorted((tmp_path / "once" / "pngs").iterdir())
    assert [path.stem for path in pngs] == ["first-1", "first-2", "second-1", "second-2"]
    for path in pngs:
        assert path.read_bytes() == (tmp_path / "again" / "pngs" / path.name).read_bytes()
    pictures, again = (load_bred(tmp_path / folder / "bred.npz") for folder in ("once", "again"))
    for name, genes in pictures.genomes.items():
        assert genes.tobytes() == again.genomes[name].tobytes()
    assert (pictures.classes == again.classes).all()
    assert list(pictures.logs) == ["first"] * 2 + ["second"] * 2
    assert (pictures.images.shape, pictures.classes.shape) == ((4, 3, 64, 64), (4, 3))
    assert (np.diff(pictures.confidence, axis=1) <= 0).all()
    with Image.open(tmp_path / "once" / "pngs" / "second-2.png") as picture:
        assert (np.moveaxis(np.asarray(picture), -1, 0) == pictures.images[3]).all()


def test_mistakes_of_a_replay_are_sentences(
    run_main: Callable[..., int], capsys: pytest.CaptureFixture[str], tmp_path: Path, lite0: Path, network: Path
) -> None:
    log, barren = bred(tmp_path / "log.jsonl"), written(tmp_path / "barren.jsonl", BEGIN)
    namesake = bred(tmp_path / "folder" / "log.jsonl")
    outputs = ("--output", tmp_path / "bred.npz", "--pngs", tmp_path / "pngs")
    cases = {
        "Nothing was published in": ("--log", barren, "--network", lite0),
        "Two logs are called log": ("--log", log, namesake, "--network", lite0),
        "takes grey images": ("--log", log, "--network", network),
    }
    for message, arguments in cases.items():
        assert run_main(REPLAY, *arguments, *outputs) == 1
        assert message in capsys.readouterr().err
        assert not (tmp_path / "bred.npz").exists()


def test_a_session_goes_on_from_its_log_alone(
    monkeypatch: pytest.MonkeyPatch,
    run_main: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    lite0: Path,
) -> None:
    log = tmp_path / "log.jsonl"
    monkeypatch.setattr("fooling.breeding.server.PageServer.serve_forever", lambda _: None)
    common = ("--log", log, "--network", lite0, "--browser", "false")
    assert run_main("fooling.breed", *common, "--seed", 3, "--population", 4) == 0
    begin, _ = read_log(log)
    assert (begin.seed, begin.network, begin.settings.population) == (3, "lite0", 4)
    before = log.read_bytes()
    assert run_main("fooling.breed", *common) == 0
    assert "Open http://127.0.0.1:" in capsys.readouterr().out
    assert run_main("fooling.breed", *common, "--population", 5) == 1
    assert "exists and has its own population" in capsys.readouterr().err
    assert log.read_bytes() == before


@pytest.mark.parametrize(
    ("dataset", "labels", "expected"),
    [
        ("cifar10", (), {"airplane", "truck", "fooling image"}),
        ("own", ("a", "b", *"cdefghijk"), {"a", "j", "k"}),
    ],
)
def test_a_retrained_network_names_its_fooling_class_too(dataset, labels, expected):
    options = {"channels": 3, "width": 4}
    network = build_network("convnet", 11, **options).eval()
    preprocessing = Preprocessing(torch.zeros(3, 1, 1), torch.ones(3, 1, 1))
    trained = TrainedNetwork(
        "convnet", network, preprocessing, dataset, 11, (3, 32, 32), options, labels=labels, fooling_rounds=1
    )
    judge = Judge([trained], "net", torch.device("cpu"))
    with torch.no_grad():  # whatever the picture: the last class first, then the first and the one before the last
        last = [module for module in network.modules() if isinstance(module, torch.nn.Linear)][-1]
        last.weight.zero_()
        last.bias.copy_(torch.tensor([2.0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3]))
    verdict = judge.judge(torch.zeros((1, 3, 32, 32), dtype=torch.uint8))
    assert verdict.classes.tolist() == [[10, 0, 9]]
    assert set(verdict.names[0]) == expected
