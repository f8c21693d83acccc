"""The page in a headless Chromium: it opens from disk, obeys filters and keys, draws exactly, and is quick."""

import base64
import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from chromium import Browser
from synthetic import make_set, random_images

from fooling.artifacts.fooling_set import FoolingSet, load_fooling_set, save_fooling_set
from fooling.gallery.build import Experiment, build_gallery

SIZES = {"wide": (1280, 800), "narrow": (400, 800)}


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory, save_cppn_run: Callable[..., list[Path]]) -> Path:
    """A gallery of direct images of digits, some of which fool a second network, and of colour CPPNs."""
    folder = tmp_path_factory.mktemp("gallery")
    digits = make_set(random_images(12, 28), [*range(10), 3, 3])
    save_fooling_set(folder / "fooling_set.npz", digits)
    rows = [
        {"fooling_set": 0, "image": row, "target": int(target), "network": network, "rank": 1, "label_confidence": 0.9}
        | {"log_confidence": -0.1, "label": int(target) if network == "lenet-1" or row < 4 else (row + 1) % 10}
        for row, target in enumerate(digits.target[:10])
        for network in ("lenet-1", "lenet-2")
    ]
    pd.DataFrame(rows).to_csv(folder / "scores.csv", index=False)
    cppn, ancestors = save_cppn_run(folder / "cppn", 96, 3)
    experiments = [
        Experiment("mnist", [folder / "fooling_set.npz"], scores=folder / "scores.csv"),
        Experiment("imagenet", [cppn], ancestors=ancestors),
    ]
    build_gallery(experiments, folder / "page")
    return folder / "page/index.html"


@pytest.fixture
def page(browser: Browser, gallery: Path) -> Browser:
    browser.show(*SIZES["wide"])
    browser.open(gallery)
    return browser


def shown(page: Browser) -> list[str]:
    """Return the names on the cards in sight, in their order."""
    order = "(a, b) => Number(a.id.slice(5)) - Number(b.id.slice(5))"
    return page.run(
        f"[...document.querySelectorAll('.card')].sort({order}).map((c) => c.querySelector('.name').textContent)"
    )


def choose(page: Browser, **values: str) -> list[str]:
    """Reset the filters, set some as a user would, and return what is shown."""
    page.run("document.getElementById('filters').reset()")
    for name, value in values.items():
        control = f"document.getElementById('filters').elements.{name}"
        page.run(f"{control}.value = {value!r}; {control}.dispatchEvent(new Event('input', {{bubbles: true}}))")
    return shown(page)


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_it_opens_from_disk_without_a_complaint(browser: Browser, gallery: Path, size: str, colours: str) -> None:
    browser.show(*SIZES[size], dark=colours == "dark")
    browser.open(gallery)
    assert browser.run("grid.cards.length") == 15
    assert len(shown(browser)) >= 8
    for view in ("timelapse", "heatmap", "images"):
        browser.run(f"document.getElementById('tab-{view}').click()")
        browser.wait_for(f"!document.getElementById('{view}').hidden")
    browser.wait_for("document.querySelectorAll('#champions figure').length && heatmap.record")
    for part in ("documentElement", "getElementById('images')"):
        assert browser.run(f"document.{part}.scrollWidth <= innerWidth")
    luminance = "getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g).map(Number)[0]"
    assert (browser.run(luminance) < 128) == (colours == "dark")
    assert browser.complaints == []


def test_filters_and_orders(page: Browser) -> None:
    assert len(choose(page, dataset="imagenet")) == 3
    assert len(choose(page, method="direct")) == 12
    assert choose(page, dataset="mnist", search="3") == ["3", "3", "3"]
    assert choose(page, search="goldfish") == ["goldfish"]
    assert choose(page, search="no such thing") == []
    assert not page.run("document.getElementById('empty').hidden")
    assert len(choose(page, network="lite0")) == 3
    assert sorted(choose(page, dataset="mnist", transfer="all")) == ["0", "1", "2", "3"]
    assert sorted(choose(page, transfer="none")) == ["4", "5", "6", "7", "8", "9"]
    assert len(choose(page, dataset="mnist", transfer="unscored")) == 2
    assert choose(page, dataset="mnist", confidence="0.9") == ["0", "1"]
    assert choose(page, dataset="mnist", sort="confidence")[:3] == ["0", "1", "2"]
    assert choose(page, dataset="mnist", sort="doubt")[:2] == ["3", "3"]
    assert choose(page, dataset="mnist", sort="class")[2:7] == ["2", "3", "3", "3", "4"]
    assert choose(page, dataset="mnist", sort="transfer")[:4] == ["0", "1", "2", "3"]
    for button in ("clear", "show-all"):
        assert choose(page, search="no such thing") == []
        page.run(f"document.getElementById({button!r}).click()")
        assert len(shown(page)) == 15
    assert page.run("document.getElementById('count').textContent") == "15 different images"


def test_it_is_usable_by_keyboard_alone(page: Browser) -> None:
    page.press("/")
    assert page.run("document.activeElement.name") == "search"
    page.press("3", "Enter")
    page.wait_for("document.querySelectorAll('.card').length === 3")
    assert page.run("document.activeElement.id") == "grid"
    page.press("ArrowRight", "ArrowRight", "ArrowLeft")
    assert page.run("document.getElementById('grid').getAttribute('aria-activedescendant')") == "card-1"
    assert page.run("document.querySelector('[aria-selected=true].card').id") == "card-1"
    ring = "getComputedStyle(document.querySelector('#card-1 .tile')).outlineStyle"
    assert page.run(ring) == "solid"
    page.press("Enter")
    page.wait_for("document.getElementById('detail').open")
    page.wait_for("document.querySelector('#detail .source')")
    page.press("ArrowRight")
    assert page.run("document.querySelector('#detail .bar span').textContent") == "3 of 3"
    page.press("Escape")
    page.wait_for("!document.getElementById('detail').open")
    assert page.run("document.activeElement.id") == "grid"
    page.run("document.getElementById('tab-images').focus()")
    page.press("ArrowRight")
    assert page.run("document.getElementById('tab-timelapse').getAttribute('aria-selected')") == "true"
    page.wait_for("timelapse.run")
    page.run("document.activeElement.blur()")
    page.press(" ")
    page.wait_for("document.getElementById('timelapse-play').getAttribute('aria-pressed') === 'true'")
    page.run("document.getElementById('tab-timelapse').focus()")
    page.press("ArrowRight")
    page.wait_for("heatmap.record")
    page.run("document.getElementById('heatmap-canvas').focus()")
    page.press("ArrowDown")
    assert "goldfish, generation 0: 60.65" in page.run("document.getElementById('heatmap-now').textContent")
    assert page.run("document.getElementById('heatmap-mark').style.top") == "50%"
    page.press("Enter")
    page.wait_for("document.getElementById('detail-title')?.textContent === 'goldfish'")
    assert page.complaints == []


def test_closing_an_image_takes_the_focus_from_nobody(page: Browser) -> None:
    closed = "document.getElementById('detail').childElementCount === 0"
    focus = "document.activeElement.id"
    # A browser tells of the closing afterwards, when the user may have gone on.
    elsewhere = "document.getElementById('tab-images').focus()"
    page.run(f"openCard(0); document.getElementById('detail').close(); {elsewhere}")
    page.wait_for(closed)
    assert page.run(focus) == "tab-images"
    page.run("document.activeElement.blur(); openCard(0); document.getElementById('detail').close()")
    page.wait_for(closed)
    assert page.run(focus) == "grid"
    page.run("openCard(0); document.getElementById('detail').close(); openCard(1)")
    page.wait_for("document.querySelector('#detail .source')")
    assert page.run("document.querySelector('#detail .bar span').textContent") == "2 of 15"
    assert page.run("location.hash").startswith("#image=")


def test_an_ascent_ends_in_its_own_iteration(browser: Browser, tmp_path: Path) -> None:
    ascents = make_set(random_images(4, 28), [0, 0, 1, 1], method="ascent", set="360")
    ascents = FoolingSet(
        **{**vars(ascents), "generation": np.array([0, 3, 0, 90]), "born": np.array([0, 3, 0, 90])},
    )
    save_fooling_set(tmp_path / "fooling_set.npz", ascents)
    build_gallery([Experiment("a", [tmp_path / "fooling_set.npz"])], tmp_path / "gallery")
    browser.open(tmp_path / "gallery/index.html")
    for search, last in (("0", 3), ("1", 90)):
        choose(browser, search=search)
        browser.run("openCard(0)")
        browser.wait_for(
            f"document.querySelector('#detail output')?.textContent.startsWith('iteration {last}, {search}')"
        )


@pytest.mark.parametrize("view", ["heatmap", "timelapse"])
def test_the_run_that_was_chosen_last_is_shown(
    browser: Browser, tmp_path: Path, save_cppn_run: Callable[..., list[Path]], view: str
) -> None:
    runs = [save_cppn_run(tmp_path / str(side), side, channels) for side, channels in ((40, 1), (32, 3))]
    build_gallery([Experiment("a", [path], ancestors=ancestors) for path, ancestors in runs], tmp_path / "gallery")
    browser.open(tmp_path / "gallery/index.html")
    browser.run(f"showView({view!r})")
    browser.wait_for(f"{view}.run")
    shown = browser.run(f"""(async () => {{
        const select = document.getElementById('{view}-run'), read = loadRun, arrive = [];
        const late = (number, record) => new Promise((resolve) => {{ arrive[number] = () => resolve(record); }});
        loadRun = (number) => read(number).then((record) => late(number, record));
        for (const value of ['0', '1']) {{ select.value = value; select.dispatchEvent(new Event('change')); }}
        await Promise.all([read(0), read(1)]);
        for (const number of [1, 0]) {{ arrive[number](); await new Promise(requestAnimationFrame); }}
        return {view}.run.dataset;
    }})()""")
    assert shown == "imagenet"


def test_one_image_its_scores_lineage_genome_and_time_lapse(page: Browser) -> None:
    choose(page, search="great white shark")
    page.run("openCard(0)")
    page.wait_for("document.querySelectorAll('#detail .strip canvas').length === 3")
    assert "2 ancestors, 2 goal switches, 3 classes on the way" in page.run(
        "document.getElementById('detail').innerText"
    )
    assert page.run("document.querySelectorAll('#detail .genome circle').length") >= 4 + 3
    first = page.run("document.getElementById('play').click(); document.querySelector('#detail output').textContent")
    assert first.startswith("generation 0, tench: 60.65")
    page.wait_for("document.querySelector('#detail output').textContent.startsWith('generation 2, great white shark')")
    # An ancestor that is looked at stays when it is drawn larger.
    page.run("document.querySelector('#detail .strip button').click()")
    small, large = "document.getElementById('large')", "document.getElementById('enlarge')"
    pixels = f"{small}.toDataURL()"
    first, side = page.run(pixels), page.run(f"{small}.width")
    page.run(f"{large}.click()")
    assert page.run(f"{small}.width") == 4 * side
    assert page.run("document.querySelector('#detail output').textContent").startswith("generation 0, tench")
    page.run(f"{large}.click()")
    assert page.run(pixels) == first
    page.press("Escape")
    choose(page, dataset="mnist", search="5")
    page.run("openCard(0)")
    page.wait_for("document.querySelectorAll('#detail .scores tr').length === 2")
    assert "says 6" in page.run("document.querySelector('#detail .scores').innerText")
    assert page.run("location.hash").startswith("#image=")
    assert page.complaints == []


@pytest.mark.parametrize(
    ("channels", "settings"),
    [(3, {}), (3, {"colour": "hls", "coordinates": "pixels"}), (1, {"coordinates": "pixels"}), (1, {})],
)
def test_the_page_draws_cppns_byte_for_byte(
    browser: Browser, tmp_path: Path, save_cppn_run: Callable[..., list[Path]], channels: int, settings: dict[str, str]
) -> None:
    side = 70
    path, ancestors = save_cppn_run(tmp_path, side, channels, **settings)
    build_gallery([Experiment("a", [path], ancestors=ancestors)], tmp_path / "gallery")
    browser.open(tmp_path / "gallery/index.html")
    images = load_fooling_set(path).images
    for row, image in enumerate(images):
        script = f"""loadRun(0).then((record) => {{
            const {{genome, elites}} = record.family, {{settings}} = store.runs[0];
            const place = genome[elites[store.rows.target[{row}]]];
            const {{data}} = drawGenome(genomeAt(record.genomes, place, settings), {side}, {side}, settings);
            return btoa(String.fromCharCode(...data));
        }})"""
        drawn = np.frombuffer(base64.b64decode(browser.run(script)), np.uint8).reshape(side, side, 4)
        assert np.array_equal(np.moveaxis(drawn[..., :3], -1, 0), np.broadcast_to(image, (3, side, side)))
        assert (drawn[..., 3] == 255).all()
    assert len({image.tobytes() for image in images}) > 1


def test_of_ten_thousand_images_only_those_in_sight_are_in_the_page(browser: Browser, tmp_path: Path) -> None:
    paths = []
    for number in range(10):
        fooling_set = make_set(
            random_images(1000, 28, seed=number), list(range(1000)), dataset="imagenet", classes=1000
        )
        paths.append(tmp_path / f"{number}/fooling_set.npz")
        save_fooling_set(paths[-1], fooling_set)
    build_gallery([Experiment("many", paths)], tmp_path / "gallery")
    browser.show(*SIZES["wide"])
    browser.open(tmp_path / "gallery/index.html")
    assert browser.run("grid.cards.length") == 10_000
    timed = """((action) => {
        const began = performance.now();
        action();
        document.body.offsetHeight; // lays the page out
        return [performance.now() - began, document.querySelectorAll('.card').length];
    })"""
    form = "document.getElementById('filters').elements"
    filters = [f"{form}.search.value = {word!r}; refresh()" for word in "abcdefgh"]
    orders = ("confidence", "doubt", "class", "classes", "oldest", "mixed")
    sorts = [f"{form}.search.value = ''; {form}.sort.value = {order!r}; refresh()" for order in orders]
    scrolls = [f"document.getElementById('grid').scrollTop = {top}; showVisible()" for top in range(0, 200_000, 10_007)]
    for action, scripts in {"filter": filters, "sort": sorts, "scroll": scrolls}.items():
        taken, cards = zip(*(browser.run(f"{timed}(() => {{ {script}; }})") for script in scripts), strict=True)
        logging.getLogger(__name__).info("%s: %s ms", action, [round(each, 1) for each in taken])
        assert 0 < min(cards) <= max(cards) < 150
    top = 190_133 // browser.run("grid.height")
    rows = {number // browser.run("grid.columns") for number in browser.run("[...grid.shown.keys()]")}
    assert {top, top + 1, top + 2} <= rows <= set(range(top - 2, top + 10))
    assert browser.complaints == []
