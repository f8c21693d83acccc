"""Print a Markdown table of all cases; one that ends in anything but a sentence fails the command."""

import html
import sys
import traceback

from . import collect, seen

_LONGEST = 240


def _cell(text: str) -> str:
    line = " ".join(text.encode("utf-8", "backslashreplace").decode().split())
    line = line if len(line) <= _LONGEST else f"{line[:_LONGEST]} \N{HORIZONTAL ELLIPSIS}"
    return html.escape(line, quote=False).replace("\\", "\\\\").replace("|", "\\|").replace("`", "\\`")


def main() -> None:
    """Run the cases one after the other."""
    count, failed = 0, []
    print("| kind | case | what the user sees |\n|---|---|---|")
    for kind, name, case in collect():
        count += 1
        try:
            text = seen(case)
        except Exception:  # noqa: BLE001
            traceback.print_exc()
            failed.append(f"{kind}: {name}")
            continue
        print(f"| {kind} | {_cell(name)} | {_cell(text)} |", flush=True)
    print(f"\n{count} cases, {len(failed)} of them end in a traceback.")
    if failed:
        sys.exit("Tracebacks: " + "; ".join(failed))


if __name__ == "__main__":
    main()
