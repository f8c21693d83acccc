"""The paper's claims and our verdicts as a page, for the report."""

import html
import re
from collections.abc import Hashable, Mapping

import pandas as pd

from fooling.claims.verdicts import VERDICTS

_MARKS = dict(zip(VERDICTS, ("\u2713", "\u2717", "\u2194", "\u2013", "?"), strict=True))
"""A sign of each verdict beside its colour and its name, for grey print."""


def claims_html(table: pd.DataFrame) -> str:
    """Return the table of `fooling.claims.verdicts.claims_table` as a small HTML page, grouped by the paper's items."""
    by_source = sorted(table.groupby("source", sort=False), key=lambda group: _place(str(group[0])))
    groups = "\n".join(_group(str(source), rows) for source, rows in by_source)
    counts = table["verdict"].value_counts()
    summary = "\n".join(f"<li>{_verdict(name)} {counts[name]}</li>" for name in VERDICTS if name in counts)
    return _PAGE.format(groups=groups, summary=summary, claims=len(table))


def _place(source: str) -> tuple[bool, str, bool, int]:
    """Sort by kind and number, the supplementary ones last, and what has no number at the end."""
    found = re.fullmatch(r"(\w+?)s? (S?)(\d+).*", source)
    return (False, found[1], bool(found[2]), int(found[3])) if found else (True, source, False, 0)


def _group(source: str, rows: pd.DataFrame) -> str:
    lines = "\n".join(_row(row) for row in rows.to_dict("records"))
    head = f'<tr class="source"><th colspan="4" scope="rowgroup">{html.escape(source)}</th></tr>'
    return f"<tbody>\n{head}\n{lines}\n</tbody>"


def _row(row: Mapping[Hashable, str]) -> str:
    paper = _with_small(row["paper"], row["paper_scale"], f"<code>{html.escape(row['claim'])}</code>")
    ours = _with_small(row["ours"] or "\N{EN DASH}", row["our_scale"])
    return (
        f"<tr><td>{paper}</td><td>{ours}</td><td>{_verdict(row['verdict'])}</td><td>{html.escape(row['why'])}</td></tr>"
    )


def _with_small(text: str, small: str, after: str = "") -> str:
    beneath = " \N{MIDDLE DOT} ".join(part for part in (html.escape(small), after) if part)
    return html.escape(text) + (f"<small>{beneath}</small>" if beneath else "")


def _verdict(name: str) -> str:
    return f'<span class="v{VERDICTS.index(name)}">{_MARKS[name]}&nbsp;{html.escape(name)}</span>'


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>The paper, claim by claim</title>
<style>
body {{ font: 15px/1.45 sans-serif; color: #1a1a1a; background: #ffffff; margin: 1.5em; max-width: 75em; }}
h1 {{ font-size: 1.4em; margin: 0 0 0.5em; }}
ul {{ list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0.4em 1.5em; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ padding: 0.35em 0.7em; text-align: left; vertical-align: top; }}
thead {{ border-bottom: 2px solid; }}
.source th {{ padding-top: 1.1em; border-bottom: 1px solid #1a1a1a; }}
td {{ border-bottom: 1px solid #d9d9d9; }}
td:first-child {{ width: 32%; }}
td:nth-child(2) {{ width: 16%; }}
small {{ display: block; color: #595959; }}
span {{ display: inline-block; padding: 0 0.5em; border: 1px solid; border-radius: 0.8em; font-weight: 600;
  white-space: nowrap; }}
.v0 {{ color: #00563f; background: #e3f4ed; }}
.v1 {{ color: #8f2400; background: #fdeae2; }}
.v2 {{ color: #004a75; background: #e5f1f9; }}
.v3, .v4 {{ color: #4d4d4d; background: #f2f2f2; }}
@media print {{
  body {{ font-size: 9.5px; margin: 0; }}
  span {{ background: none; }}
  tr {{ break-inside: avoid; }}
  .source {{ break-after: avoid; }}
}}
</style></head>
<body>
<h1>The paper, claim by claim</h1>
<p>{claims} numbers and claims of the paper, each with the scale it was measured at, and what this run says.
V: verified in a source; R: recalled; R-: weakly recalled, which decides nothing.</p>
<ul>
{summary}
</ul>
<table>
<thead><tr><th>paper</th><th>here</th><th>verdict</th><th>why</th></tr></thead>
{groups}
</table>
<p>Not comparable at this scale: a number of the paper is compared if the run has its kind of network and at least half
of its generations and children; a direction, if there is one evaluation for each class at least.</p>
</body>
</html>
"""
