import hashlib

import numpy as np

from fooling.data.record_order import COARSE, FINE, RECORD, file_in_order, in_order

RNG = np.random.default_rng(8)
LABELS = [(1, 7), (0, 9), (1, 7), (1, 2), (0, 9), (0, 30), (1, 7)]
PIXELS = RNG.integers(0, 256, (len(LABELS), 3072), dtype=np.uint8)
RECORDS = np.concatenate([np.array(LABELS, np.uint8), PIXELS], axis=1)


def by_hand(column: int) -> list[bytes]:
    records = [bytes(record) for record in RECORDS]
    return sorted(records, key=lambda record: f"{record[column]:03d} {hashlib.sha256(record[2:]).hexdigest()}")


def test_records_stand_by_label_and_then_by_the_digest_of_their_pixels():
    for column in (COARSE, FINE):
        ordered = in_order(RECORDS, column)
        assert [bytes(record) for record in ordered] == by_hand(column)
    assert in_order(RECORDS, COARSE)[:, 0].tolist() == [0, 0, 0, 1, 1, 1, 1]
    assert in_order(RECORDS, FINE)[:, 1].tolist() == [2, 7, 7, 7, 9, 9, 30]


def test_every_order_of_a_file_becomes_the_same_bytes():
    expected = b"".join(by_hand(FINE))
    for seed in range(5):
        shuffled = RECORDS[np.random.default_rng(seed).permutation(len(RECORDS))]
        assert file_in_order(shuffled.tobytes()) == expected
    assert file_in_order(expected) == expected
    assert len(expected) == len(LABELS) * RECORD


def test_what_is_no_such_file_stays_as_it_is_and_so_fails_its_check():
    for content in (b"<html>404</html>", RECORDS.tobytes()[:-1], b""):
        assert file_in_order(content) == content
