"""Damage: functions that make a wrong file of valid ones, at the level of bytes and at that of the format.

Each takes a random generator and valid files of one kind, the seeds, and returns the content of a file. What is
changed inside a container gets right checksums, so that the reader behind them sees it.
"""

import ast
import gzip
import io
import json
import math
import random
import struct
import tarfile
import warnings
import zipfile
import zlib
from collections.abc import Callable, Sequence

import numpy as np

Mutate = Callable[[random.Random, Sequence[bytes]], bytes]

NUMBERS = [0, 1, -1, 2, 7, 255, 256, 2**15, 2**31 - 1, 2**31, 2**32, 10**9, 10**12, 2**63 - 1, 2**63, -(2**63), 10**30]
WORDS = ["", "x", "..", "../../x", "/etc/passwd", "a b", "$(id)", "\0", "\n", "x" * 5000, "é", "1", "nan", "null", "-"]
DTYPES = ["|b1", "|u1", "|i1", "<i2", "<i4", "<i8", ">i8", "<u8", "<f2", "<f4", "<f8", ">f4"]
FOREIGN_DTYPES = ["|O", "<U3", "|S0", "|V8", "|V0", "<c16", "<f16", "<M8[s]", "(1000000,)<f8", "x", ""]


def damage_bytes(chance: random.Random, seeds: Sequence[bytes]) -> bytes:
    """Change, insert, delete, repeat, cut or splice bytes."""
    content = bytearray(chance.choice(seeds))
    for _ in range(chance.choice([1, 1, 1, 2, 4, 16])):
        place, length = _place(chance, len(content)), chance.choice([1, 1, 2, 4, 8, 64])
        match chance.randrange(8):
            case 0 | 1:
                content[place : place + 1] = bytes([chance.randrange(256)])
            case 2:
                if place < len(content):
                    content[place] ^= 1 << chance.randrange(8)
            case 3:
                content[place : place + 4] = struct.pack(chance.choice("<>") + "I", chance.choice(NUMBERS) % 2**32)
            case 4:
                content[place:place] = chance.randbytes(length)
            case 5:
                del content[place : place + length]
            case 6:
                content[place:place] = content[place : place + length] * chance.choice([1, 2, 50])
            case 7:
                other = chance.choice(seeds)
                match chance.randrange(4):
                    case 0:
                        del content[place:]
                    case 1:
                        content[place:] = other[place:]
                    case 2:
                        content[place : place + length] = other[_place(chance, len(other)) :][:length]
                    case 3 if chance.random() < 0.1:
                        content = bytearray(chance.choice([b"", b"<html>no</html>", b"\0" * 100, b"PK\3\4", other * 2]))
    return bytes(content)


def _place(chance: random.Random, length: int) -> int:
    """Return a place in a file, mostly near an end, where the heads are."""
    near = min(length, chance.choice([64, 512, 4096]))
    return chance.choice(
        [chance.randrange(length + 1), chance.randrange(near + 1), length - chance.randrange(near + 1)]
    )


def damage_archive(chance: random.Random, seeds: Sequence[bytes]) -> bytes:
    """Change the entries of a zip archive: arrays, their heads, JSON, names; the archive itself stays sound."""
    if chance.random() < 0.2:
        return damage_bytes(chance, seeds)
    entries, others = _entries(chance.choice(seeds)), _entries(chance.choice(seeds))
    method = zipfile.ZIP_STORED
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        name = chance.choice(list(entries) or ["header.json.npy"])
        other = chance.choice(list(others))
        match chance.randrange(12):
            case 0:
                entries.pop(name, None)
            case 1:
                entries[chance.choice([other, f"../{name}", "/x", name.removesuffix(".npy")])] = others[other]
            case 2:
                entries[name] = others[other]
            case 3:
                method = zipfile.ZIP_DEFLATED
            case 4:
                entries[name] = damage_bytes(chance, [entries.get(name, b"")])
            case 5:
                entries[name] = _forge_head(chance, entries.get(name, b""))
            case 6 | 7 if "header.json.npy" in entries:
                entries["header.json.npy"] = _damage_header(chance, entries["header.json.npy"])
            case _:
                entries[name] = _damage_array(chance, entries.get(name, b""))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return damage_bytes(chance, [content.getvalue()]) if chance.random() < 0.05 else content.getvalue()


def _entries(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _forge_head(chance: random.Random, entry: bytes) -> bytes:
    """Let the head of an array state another type or shape than its bytes have."""
    if not entry.startswith(b"\x93NUMPY"):
        return damage_bytes(chance, [entry])
    length = int.from_bytes(entry[8:10], "little")
    try:
        head = ast.literal_eval(entry[10 : 10 + length].decode("latin1").strip())
    except (ValueError, SyntaxError):
        return damage_bytes(chance, [entry])
    match chance.randrange(4):
        case 0:
            head["descr"] = chance.choice([*DTYPES, *FOREIGN_DTYPES, [("a", "<i4")], None, 3])
        case 1:
            shape = [*head["shape"], 1]
            shape[chance.randrange(len(shape))] = chance.choice([*NUMBERS, True, 1.0, "1", None])
            head["shape"] = tuple(shape)
        case 2:
            head["shape"] = chance.choice([(), (0, 10**15), (10**6,) * 3, (1,) * 70, (-1, -1), [1], 5, None])
        case 3:
            head[chance.choice(["fortran_order", "extra"])] = chance.choice([True, 1, "x"])
    text = repr(head).encode().ljust(length)
    return entry[:8] + len(text).to_bytes(2, "little") + text + entry[10 + length :]


def _array_of(entry: bytes) -> np.ndarray | None:
    """Return the numbers in an entry; None if there are none, or they were damaged before."""
    try:
        array = np.load(io.BytesIO(entry), allow_pickle=False)
    except Exception:  # noqa: BLE001
        return None
    return array if array.dtype.kind in "biuf" else None


def _damage_array(chance: random.Random, entry: bytes) -> bytes:
    """Make another sound array: of another type or shape, or with wrong values."""
    array = _array_of(entry)
    if array is None:
        return damage_bytes(chance, [entry])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        match chance.randrange(9):
            case 0:
                array = array.astype(chance.choice(DTYPES))
            case 1:
                array = array[:-1] if array.ndim else array[None]
            case 2:
                array = array[..., None] if chance.random() < 0.5 else array.reshape(-1)
            case 3:
                array = np.concatenate([array, array]) if array.ndim else np.array([])
            case 4:
                array = array.T.copy()
            case 5:
                array = array[:0] if array.ndim else array
            case 6:
                array = np.array(np.random.default_rng(chance.randrange(2**32)).permutation(array.reshape(-1))).reshape(
                    array.shape
                )
            case _ if array.size:
                flat = array.reshape(-1).copy()
                for _ in range(chance.choice([1, 1, 3, min(flat.size, 1000)])):
                    flat[chance.randrange(flat.size)] = _extreme(chance, array.dtype)
                array = flat.reshape(array.shape)
    made = io.BytesIO()
    np.lib.format.write_array(made, np.asarray(array), allow_pickle=False)
    return made.getvalue()


def _extreme(chance: random.Random, dtype: np.dtype) -> object:
    if dtype.kind == "f":
        return chance.choice([0.0, -1.0, 1e30, math.nan, math.inf, -math.inf])
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        values = [limits.min, limits.max, 0, 1, 3, 4, 5, 6, 10, chance.randint(-2, 20)]
        return max(limits.min, min(limits.max, chance.choice(values)))
    return True


def _damage_header(chance: random.Random, entry: bytes) -> bytes:
    array = _array_of(entry)
    try:
        text = damage_json(chance, array.tobytes().decode()) if array is not None else ""
    except (ValueError, RecursionError):
        return damage_bytes(chance, [entry])
    made = io.BytesIO()
    np.lib.format.write_array(made, np.frombuffer(text.encode("utf-8", "surrogatepass"), np.uint8), allow_pickle=False)
    return made.getvalue()


def damage_json(chance: random.Random, text: str) -> str:
    """Change one value or key of a JSON text, or its nesting."""
    if chance.random() < 0.05:
        return chance.choice(["[" * 100_000, "{}", "[]", "3", '"x"', '{"a":' * 50_000, "9" * 5000, text[:-3], text * 2])
    document = json.loads(text)
    place, found = document, []
    while isinstance(place, dict | list) and place:
        key = chance.choice(list(place)) if isinstance(place, dict) else chance.randrange(len(place))
        found.append((place, key))
        place = place[key]
        if chance.random() < 0.3:
            break
    if not found:
        return text
    holder, key = found[-1]
    values = [*NUMBERS, *WORDS, 0.5, math.nan, math.inf, None, True, False, [], {}, [[]], {"a": []}, [1, 2], [None] * 3]
    match chance.randrange(5):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder[chance.choice(WORDS)] = holder.pop(key)
        case 2 if isinstance(holder, list):
            holder.append(holder[key])
        case _:
            holder[key] = chance.choice(values)
    return json.dumps(document)


def damage_text(chance: random.Random, seeds: Sequence[bytes]) -> bytes:
    """Change cells, lines and marks of a text such as CSV or YAML."""
    if chance.random() < 0.3:
        return damage_bytes(chance, seeds)
    lines = chance.choice(seeds).decode().splitlines()
    for _ in range(chance.choice([1, 1, 2, 5])):
        row = chance.randrange(len(lines))
        mark = chance.choice([",", ": ", " ", "["])
        cells = lines[row].split(mark)
        match chance.randrange(6):
            case 0:
                lines.insert(row, chance.choice(lines))
            case 1 if len(lines) > 1:
                del lines[row]
            case 2:
                del cells[chance.randrange(len(cells))]
                lines[row] = mark.join(cells)
            case 3:
                lines[row] += chance.choice(
                    ["\0", '"', "'", "[" * 2000, "{", "&a *a", "!!python/name:os.system", "\t", "|"]
                )
            case 4:
                lines[row] = chance.choice([" ", "  ", "- ", "? ", "<<: ", "%", "---", "..."]) + lines[row].strip()
            case _:
                cells[chance.randrange(len(cells))] = str(
                    chance.choice([*NUMBERS, *WORDS, ".inf", "2001-99-99", "0x", "~"])
                )
                lines[row] = mark.join(cells)
    return "\n".join(lines).encode()


def damage_png(chance: random.Random, seeds: Sequence[bytes]) -> bytes:
    """Change the chunks of a PNG, with right checksums."""
    content = chance.choice(seeds)
    if chance.random() < 0.3 or not content.startswith(b"\x89PNG"):
        return damage_bytes(chance, seeds)
    chunks, place = [], 8
    while place < len(content):
        length = int.from_bytes(content[place : place + 4], "big")
        chunks.append([content[place + 4 : place + 8], content[place + 8 : place + 8 + length]])
        place += 12 + length
    for _ in range(chance.choice([1, 1, 2, 3])):
        chunk = chance.choice(chunks)
        match chance.randrange(6):
            case 0 if len(chunks) > 1:
                chunks.remove(chunk)
            case 1:
                chunks.insert(chance.randrange(len(chunks)), [chance.choice([chunk[0], b"zTXt", b"iCCP"]), chunk[1]])
            case 2:
                chunk[1] = damage_bytes(chance, [chunk[1]])
            case 3 if chunks[0][0] == b"IHDR" and len(chunks[0][1]) == 13:
                sides = [chance.choice([*NUMBERS, 8, 9]) % 2**32 for _ in range(2)]
                head = [chance.choice([1, 2, 8, 16]), chance.choice([0, 2, 3, 4, 6]), 0, 0, chance.choice([0, 1])]
                chunks[0][1] = chance.choice([struct.pack(">2I", *sides), chunks[0][1][:8]]) + bytes(head)
            case 4 if chunk[0] == b"IDAT":
                chunk[1] = zlib.compress(damage_bytes(chance, [bytes(chance.choice([0, 100, 10**6]))]))
            case _:
                chunk[0] = chance.choice([b"IDAT", b"PLTE", b"tRNS", b"IEND", b"acTL", b"fcTL", b"eXIf"])
    parts = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return content[:8] + b"".join(parts)


def damage_package(chance: random.Random, seeds: Sequence[bytes]) -> bytes:
    """Change the tar archive in a .tgz: bytes, types, sizes, names and links of its members, with right checksums."""
    if chance.random() < 0.3:
        return damage_bytes(chance, seeds)
    plain = bytearray(gzip.decompress(chance.choice(seeds)))
    heads = [place for place in range(0, len(plain), 512) if plain[place + 257 : place + 262] == b"ustar"]
    for _ in range(chance.choice([1, 1, 2])):
        place = chance.choice([head for head in heads if head + 512 <= len(plain)] or [0])
        match chance.randrange(4):
            case 0:
                plain[place + 156 : place + 157] = chance.choice("0123456789gxLKSVDMN\0").encode()
            case 1:
                plain[place + 124 : place + 136] = chance.choice(
                    [b"77777777777\0", b"\x80" + b"\xff" * 11, b"\xff" * 12, b"zzz".ljust(12), b"00000000000\0"]
                )
            case 2:
                name = chance.choice([*WORDS, "package/data/one", "package/data/two"]).encode()[:100]
                at = chance.choice([0, 157])
                plain[place + at : place + at + 100] = name.ljust(100, b"\0")
            case 3:
                plain = bytearray(damage_bytes(chance, [bytes(plain)]))
        block = plain[place : place + 512]
        if len(block) == 512:
            plain[place + 148 : place + 156] = b"%06o\0 " % sum(block[:148] + b" " * 8 + block[156:])
    return gzip.compress(bytes(plain), compresslevel=1)


def make_package(files: dict[str, bytes]) -> bytes:
    """Return a .tgz that holds files."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return content.getvalue()
