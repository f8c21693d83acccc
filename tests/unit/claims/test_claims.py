import json
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml

from fooling.artifacts.storage import save_arrays
from fooling.claims.page import claims_html
from fooling.claims.paper import read_claims
from fooling.claims.rules import Rules, read_rules
from fooling.claims.tables import ResultTables
from fooling.claims.verdicts import COLUMNS, VERDICTS, claims_table, missed_promises
from fooling.errors import FoolingError
from fooling.results.paper_values import read_paper_values
from fooling.settings.config import load_config
from fooling.steps.claims import tabulate_claims, verify_claims

ROOT = Path(__file__).parents[3]
PAPER_VALUES, RULES = ROOT / "config/paper_values.csv", ROOT / "workflow/claims.yaml"
RUNS = {"table": "tables/runs.csv", "where": {"encoding": "cppn"}, "column": "median"}
SCALES = {
    "long": {"table": "tables/runs.csv", "where": {"encoding": "cppn"}, "needs": {"generations": 100}},
    "some_long": {"table": "tables/runs.csv", "rows": "some", "needs": {"generations": 100}},
    "long_direct": {
        "table": "tables/runs.csv",
        "rows": "some",
        "needs": {"encoding": ["direct"], "generations": 100},
    },
    "right": {"table": "tables/runs.csv", "needs": {"architecture": ["lenet"]}},
}


def paper(status: str = "V", comparison: str = "at_least", value: float = 99, tolerance: float = 0.5) -> pd.DataFrame:
    row = {"item": "figure", "quantity": "median", "value": value, "unit": "%", "status": status, "scale": "5 runs"}
    further = {"note": "", "source": "Figure 4", "claim": "It is high", "comparison": comparison}
    return pd.DataFrame([{**row, **further, "tolerance": tolerance}])


NETWORK = {
    "options": {},
    "dataset": "mnist",
    "classes": 10,
    "image_shape": [1, 28, 28],
    "labels": [],
    "training": {"test_error": 0.01},
    "fooling_rounds": 0,
    "input_size": None,
    "views": 1,
}


@pytest.fixture
def results(tmp_path):
    """Two CPPN runs of 150 and 100 generations with medians of 0.98 and 1, and a direct one with 0.5."""
    tables = {
        "tables/runs.csv": "encoding,network,generations,median\ncppn,a,150,0.98\ncppn,a,100,1\ndirect,b,10,0.5\n",
        "runs/a/seed-0/history.csv": "generation,level\n0,0.2\n1,0.6\n2,0.9\n",
        "runs/a/seed-1/history.csv": "generation,level\n0,0.1\n1,0.3\n2,0.6\n",
        "runs/b/seed-0/history.csv": "generation,level\n0,0.1\n1,0.2\n",
    }
    for name, text in tables.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "runs/a/run.provenance.json").write_text(
        json.dumps({"settings": {"threads": 4}, "duration_seconds": 120})
    )
    for name, architecture in (("a", "lenet"), ("b", "other")):
        network = NETWORK | {"architecture": architecture}
        save_arrays(tmp_path / f"networks/{name}.npz", "network", {"networks": [network]}, {})
    return tmp_path


def judged(folder: Path, claims: pd.DataFrame, **measure) -> dict[str, str]:
    rules = Rules.model_validate({"scales": SCALES, "claims": {"figure.median": {"ours": "the median", **measure}}})
    files = [path for path in folder.rglob("*") if path.is_file()]
    table = claims_table(claims, rules, ResultTables(folder, files))
    assert list(table.columns) == COLUMNS
    return {str(column): str(value) for column, value in table.iloc[0].items()}


@pytest.mark.parametrize(
    ("comparison", "value", "verdict", "why"),
    [
        ("about", 98.5, "reproduced", "The median is 99 %; the criterion is 98.5 % give or take 0.5."),
        ("about", 98.4, "not reproduced", "The median is 99 %; the criterion is 98.4 % give or take 0.5."),
        ("at_least", 99.5, "reproduced", "The median is 99 %; the criterion is at least 99 %."),
        ("at_least", 99.9, "not reproduced", "The median is 99 %; the criterion is at least 99.4 %."),
        ("at_most", 98.5, "reproduced", "The median is 99 %; the criterion is at most 99 %."),
        ("at_most", 98, "not reproduced", "The median is 99 %; the criterion is at most 98.5 %."),
        ("above", 99, "not reproduced", "The median is 99 %; the criterion is more than 99 %."),
        ("below", 99.1, "reproduced", "The median is 99 %; the criterion is less than 99.1 %."),
        ("scale", 99, "reproduced", "The median is 99 %; the criterion is at least 99 %."),
        ("scale", 100, "not comparable at this scale", "The median is 99 %; the criterion is at least 100 %."),
    ],
)
def test_a_number_is_compared_as_the_claim_says(results, comparison, value, verdict, why):
    row = judged(results, paper("V", comparison, value), **RUNS, factor=100)
    assert (row["ours"], row["verdict"], row["why"]) == ("99 %", verdict, why)
    assert (row["claim"], row["source"], row["paper"]) == ("figure.median", "Figure 4", "It is high (V)")


@pytest.mark.parametrize(
    ("scale", "verdict", "why"),
    [
        ("long", "not reproduced", "the criterion"),
        ("some_long", "not reproduced", "the criterion"),
        # There are a direct run and a long one, but no long direct one.
        ("long_direct", "not comparable at this scale", "needs at least 100 generations; this run has 10 generations"),
        ("right", "not comparable at this scale", "The comparison needs lenet; this run has lenet and other."),
    ],
)
def test_a_run_of_another_scale_is_not_compared(results, scale, verdict, why):
    row = judged(results, paper(), **RUNS, scale=[scale])
    assert (row["verdict"], row["ours"]) == (verdict, "0.99 %")
    assert why in row["why"]


def test_too_few_generations_are_told_whatever_the_number_says(results):
    path = results / "tables/runs.csv"
    path.write_text(path.read_text().replace("a,100,1", "a,99,1"))
    row = judged(results, paper(), **RUNS, scale=["long"], factor=100)
    assert (row["verdict"], row["our_scale"]) == ("not comparable at this scale", "99 generations")
    assert row["why"] == (
        "The comparison needs at least 100 generations; this run has 99 generations. Ours: the median."
    )


@pytest.mark.parametrize(
    "text", [None, "", "encoding\ncppn\n", "encoding,median\ncppn,many\n", "encoding,median\nx,1\n"]
)
def test_a_missing_or_damaged_table_is_a_verdict_too(results, text):
    path = results / "tables/runs.csv"
    path.unlink() if text is None else path.write_text(text)
    row = judged(results, paper(), **RUNS)
    assert (row["verdict"], row["ours"]) == ("not run", "")
    assert row["why"].startswith("This run")
    assert judged(results, paper(), **RUNS, scale=["long"])["verdict"] == "not run"
    assert judged(results, paper("R-"), **RUNS)["verdict"] == "reported, unverified"


def test_what_is_weakly_recalled_is_shown_and_decides_nothing(results):
    for value in (1, 100):
        row = judged(results, paper("R-", value=value), **RUNS, factor=100)
        assert (row["verdict"], row["ours"]) == ("reported, unverified", "99 %")


def test_a_file_that_is_not_given_is_not_read(results):
    rules = Rules.model_validate({"scales": {}, "claims": {"figure.median": {"ours": "it", **RUNS}}})
    assert claims_table(paper(), rules, ResultTables(results, []))["verdict"].tolist() == ["not run"]


HISTORY = {"table": "runs/{network}/seed-{run}/history.csv", "column": "generation"}


@pytest.mark.parametrize(
    ("measure", "ours"),
    [
        ({"statistic": "lowest", **RUNS}, "0.98"),
        ({"statistic": "highest", **RUNS}, "1"),
        ({"statistic": "mean", **RUNS}, "0.99"),
        ({"table": "tables/runs.csv"}, "3"),
        ({"table": "tables/runs.csv", "where": {"median": {"above": 1}}}, "0"),
        ({"table": "tables/runs.csv", "where": {"network": ["a", "c"], "generations": 100}}, "1"),
        ({"table": "tables/runs.csv", "differ": ["encoding", "network"]}, "3"),
        ({**RUNS, "less": {"where": {"encoding": "direct"}}}, "0.49"),
        ({**RUNS, "over": {"where": {"encoding": "direct"}}}, "1.98"),
        ({**RUNS, "less": {"column": "generations"}}, "-124"),
        ({"table": "tables/runs.csv", "where": {"median": 1}, "over": {"where": {"median": {"above": 0}}}}, "0.333"),
        ({**HISTORY, "until": {"column": "level", "reaches": 0.5}, "where": {"network": "a"}}, "1.5"),
        ({**HISTORY, "until": {"column": "level", "reaches": 0.5}, "statistic": "highest"}, "never"),
        (
            {**HISTORY, "column": "level", "where": {"network": "a"}, "last_shared": "generation"}
            | {"less": {"where": {"network": "b"}}},
            "0.25",  # (0.6 + 0.3) / 2 - 0.2 at generation 1, which b ends with
        ),
        ({"table": "runs/a/run.provenance.json", "column": "duration_seconds", "factor": 1 / 60}, "2"),
        ({"table": "runs/a/run.provenance.json", "column": "core_seconds", "factor": 1 / 60}, "8"),
        ({"table": "networks/{network}.npz", "where": {"architecture": "other"}, "column": "test_error"}, "0.01"),
    ],
)
def test_rules_say_what_is_measured(results, measure, ours):
    claims = paper().assign(unit="")
    assert judged(results, claims, **measure)["ours"] == ours


def test_a_level_that_one_side_or_neither_reaches(results):
    reach = {**HISTORY, "where": {"network": "a"}, "less": {"where": {"network": "b"}}}
    one = judged(results, paper(comparison="below", value=0), **reach, until={"column": "level", "reaches": 0.5})
    assert one["verdict"] == "reproduced"
    assert one["ours"] == "\N{MINUS SIGN}\N{INFINITY} %, since the other never does"
    neither = judged(results, paper(), **reach, until={"column": "level", "reaches": 1})
    assert (neither["verdict"], neither["why"]) == ("not run", "Neither side of the comparison gets there.")


def test_digits_in_angle_brackets_stand_for_many_claims():
    measure = {"ours": "it", "table": "t", "where": {"round": "<round>", "set": "x"}}
    rules = Rules.model_validate({"scales": {}, "claims": {"s2.dnn<round>": measure}})
    found = rules.measure("s2.dnn12")
    assert found is not None
    assert found.where == {"round": 12, "set": "x"}
    assert rules.measure("s2.dnn") is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("claims: {}", "has mistakes"),
        ("scales: {}\nclaims: {a.b: {ours: it, table: t, statistic: mode}}", "claims.a.b.statistic"),
        ("scales: {}\nclaims: {a.b: {ours: it, table: t, scale: [long]}}", "a.b needs the scale long, which is not"),
        ("[", "cannot be read"),
    ],
)
def test_bad_rules_are_one_sentence(tmp_path, text, sentence):
    path = tmp_path / "claims.yaml"
    path.write_text(text)
    with pytest.raises(FoolingError, match=sentence):
        read_rules(path)


def test_our_claims_are_sound():
    claims = read_claims(PAPER_VALUES)
    assert read_paper_values(PAPER_VALUES)["value"].tolist() == claims["value"].tolist()
    names = set(claims["item"] + "." + claims["quantity"])
    rules = read_rules(RULES)
    assert {name for name in rules.claims if "<" not in name} <= names
    assert not set(claims["claim"]) & {""}
    assert not set(claims["source"]) & {""}
    assert (claims["tolerance"] >= 0).all()
    unmeasured = {name for name in names if rules.measure(name) is None}
    assert unmeasured == set(rules.unmeasured)


def test_an_unknown_comparison_is_one_sentence(tmp_path):
    path = tmp_path / "paper_values.csv"
    path.write_text(PAPER_VALUES.read_text().replace(",about,", ",roughly,"))
    with pytest.raises(FoolingError, match="has the comparison 'roughly'"):
        read_claims(path)


def test_without_any_result_every_claim_has_a_verdict(tmp_path):
    table = claims_table(read_claims(PAPER_VALUES), read_rules(RULES), ResultTables(tmp_path, []))
    unverified = (read_claims(PAPER_VALUES)["status"] == "R-").map({True: "reported, unverified", False: "not run"})
    assert table["verdict"].tolist() == unverified.tolist()
    assert (table["why"].str.len() > 0).all()


@pytest.mark.parametrize("path", sorted((ROOT / "config").glob("*.yaml")), ids=lambda path: path.name)
def test_configurations_promise_claims_that_can_be_kept(path):
    promised = load_config(yaml.safe_load(path.read_text()), str(path)).claims
    claims = read_claims(PAPER_VALUES)
    names = (claims["item"] + "." + claims["quantity"])[claims["status"] != "R-"]
    assert set(promised) <= set(names)
    assert bool(promised) == (path.name in ("config.yaml", "paper.yaml"))


VERDICT_TABLE = pd.DataFrame(
    [
        {**dict.fromkeys(COLUMNS, "<x>"), "claim": f"c.{number}", "verdict": verdict}
        for number, verdict in enumerate(VERDICTS)
    ]
)


def test_a_promise_is_kept_by_reproduction_alone():
    assert missed_promises(VERDICT_TABLE, []) == []
    assert missed_promises(VERDICT_TABLE, ["c.0", "c.1", "c.2", "c.3"]) == [
        "c.1 (not reproduced)",
        "c.2 (not comparable at this scale)",
        "c.3 (not run)",
    ]
    with pytest.raises(FoolingError, match=r"promises c.9, which is no claim"):
        missed_promises(VERDICT_TABLE, ["c.9"])
    with pytest.raises(FoolingError, match=r"c.4 is weakly recalled"):
        missed_promises(VERDICT_TABLE, ["c.4"])


def test_the_page_tells_every_verdict_in_words_and_escapes_texts():
    page = claims_html(VERDICT_TABLE)
    assert "<x>" not in page
    assert all(page.count(verdict) >= 2 for verdict in VERDICTS)
    assert "http" not in page


def test_the_page_goes_through_the_paper_in_order():
    sources = ["Table S1", "Figure S2", "Figure 10", "Transfer", "Figures S4\N{EN DASH}S7", "Figure 4"]
    page = claims_html(pd.DataFrame([{**VERDICT_TABLE.iloc[0].to_dict(), "source": source} for source in sources]))
    places = [page.index(f">{source}<") for source in ("Figure 4", "Figure 10", "Figure S2", sources[4], "Table S1")]
    assert places == sorted(places)


def test_the_steps_write_the_table_and_end_with_the_missed_promises(results, monkeypatch):
    paths = [str(results / name) for name in ("claims.csv", "claims.html")]
    files = [str(path) for path in results.rglob("*") if path.is_file()]
    words = ["--paper-values", str(PAPER_VALUES), "--rules", str(RULES), "--results", str(results)]
    monkeypatch.setattr(sys, "argv", ["tabulate_claims", *words, "--files", *files, "--output", *paths])
    tabulate_claims.main()
    assert len(pd.read_csv(paths[0])) == len(read_claims(PAPER_VALUES))
    verified = results / "verified.txt"
    words = ["verify_claims", "--claims", paths[0], "--output", str(verified), "--promised"]
    monkeypatch.setattr(sys, "argv", [*words, "lenet.test_error"])
    with pytest.raises(FoolingError, match=r"promises what this run misses: lenet.test_error \(not run\)"):
        verify_claims.main()
    assert not verified.exists()
    monkeypatch.setattr(sys, "argv", words)
    verify_claims.main()
    assert verified.read_text() == "Nothing was promised.\n"
