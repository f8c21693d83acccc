"""The files that data sets consist of: names, sizes and checksums.

They are as their authors made them. Only those of CIFAR-100 are in another order, see `fooling.data.record_order`.
"""

from collections.abc import Mapping

from fooling.data.sources import RawFile
from fooling.settings.datasets import CIFAR10, CIFAR100, MNIST, DatasetFacts


def _raw_files(facts: DatasetFacts, *sizes_and_digests: tuple[int, str]) -> tuple[RawFile, ...]:
    return tuple(RawFile(name, *each) for name, each in zip(facts.files, sizes_and_digests, strict=True))


MNIST_FILES = _raw_files(
    MNIST,
    (47_040_016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
    (60_008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
    (7_840_016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
    (10_008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
)
CIFAR10_FILES = _raw_files(
    CIFAR10,
    (30_730_000, "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
    (30_730_000, "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
    (30_730_000, "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
    (30_730_000, "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
    (30_730_000, "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"),
    (30_730_000, "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b"),
)
CIFAR100_FILES = _raw_files(
    CIFAR100,
    (153_700_000, "806f710aae95be94ad6412e693ed9877f4de4d31ede759650faa7acb39d9368e"),
    (30_740_000, "b90a344f6b8600653b715a2797d607b6d238e7a4f14afa0c17ff5aac830e5fd4"),
)
CIFAR10_SHEETS = (
    RawFile("data_batch_1.png", 23_138_647, "9a148385817b16e1840832575ee46ccac2ced61a305f07d4804805773c64e9bc"),
    RawFile("data_batch_2.png", 23_162_285, "47d610b8eb06af0c885fc499afc396d55f3a029b865725720a4f10474aac9d6f"),
    RawFile("data_batch_3.png", 23_174_917, "ca5d6af61c1791820d0fa2b0a842a73ed48978b698d74c26531d2c80373d4c10"),
    RawFile("data_batch_4.png", 23_142_959, "b9342d4f3cc3db72a731ca8ceb196a37d61480ea2da598ed0b32b74339bd04a5"),
    RawFile("data_batch_5.png", 23_112_461, "183d6d9af763804a99e1a6d8af723b9cfe906a61276466041dea4511ce015144"),
    RawFile("test_batch.png", 23_141_302, "ca44572a4066ea28c710ad4dc633d2ce24469a5e869ede5cc69495b0ef4c7d09"),
)
CIFAR10_TRAIN_LABELS = RawFile(
    "train_lables.json", 100_001, "a3a0d804911c71de4b73015af980e237de5f82da7b1482a8efaf7adcc1722f45"
)
CIFAR10_TEST_LABELS = RawFile(
    "test_lables.json", 20_001, "a5df9ed6f395827dd69906fe5ac740be70395ca9d841974d4351818628b48bb6"
)

RAW_FILES: Mapping[str, tuple[RawFile, ...]] = {
    MNIST.name: MNIST_FILES,
    CIFAR10.name: CIFAR10_FILES,
    CIFAR100.name: CIFAR100_FILES,
}
"""By data set."""
