"""A table as a small HTML page of its own, for the report."""

import html
from collections.abc import Iterable, Sequence


def html_page(title: str, head: Sequence[str], rows: Iterable[Sequence[str]], note: str) -> str:
    """Return a page with one table; the first cell of each row is its heading. All texts are escaped."""
    lines = [_row("th", head)]
    lines += [_row("td", row) for row in rows]
    return _PAGE.format(title=html.escape(title), head=lines[0], rows="\n".join(lines[1:]), note=html.escape(note))


def _row(tag: str, cells: Sequence[str]) -> str:
    first, *others = map(html.escape, cells)
    return f"<tr><th>{first}</th>{''.join(f'<{tag}>{cell}</{tag}>' for cell in others)}</tr>"


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title>
<style>
body {{ font: 15px/1.5 sans-serif; color: #1a1a1a; margin: 1.5em; }}
table {{ border-collapse: collapse; border-top: 2px solid; border-bottom: 2px solid; }}
th, td {{ padding: 0.3em 0.9em; text-align: right; font-variant-numeric: tabular-nums; }}
td {{ white-space: nowrap; }}
th {{ font-weight: 600; }}
th:first-child {{ text-align: left; }}
tbody th {{ font-weight: 400; }}
thead {{ border-bottom: 1px solid; }}
p {{ color: #666666; }}
</style></head>
<body>
<table>
<thead>{head}</thead>
<tbody>
{rows}
</tbody>
</table>
<p>{note}</p>
</body>
</html>
"""
