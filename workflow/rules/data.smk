"""Data sets, fetched once for all configurations and verified by their sha256, or drawn from fonts."""

from fooling.data.glyphs.faces import font_files
from fooling.workflow.user_files import user_file_digests

IMAGENET_ROOT = CONFIG.datasets.imagenet.root
CIFAR100_SOURCES = [
    f"--{flag} {shlex.quote(place)}"
    for flag, place in [("mirror", CONFIG.datasets.cifar100.mirror), ("sheets", CONFIG.datasets.cifar100.folder)]
    if place
]
GLYPH_FONTS = [*CONFIG.datasets.glyphs.fonts, *CONFIG.datasets.glyphs.test_fonts]
NATURAL_IMAGES = natural_images_flag(CONFIG)


localrules:
    fetch_mnist,
    fetch_cifar10,
    fetch_cifar100,


rule fetch_mnist:
    output:
        train_images="data/mnist/train-images-idx3-ubyte",
        train_labels="data/mnist/train-labels-idx1-ubyte",
        test_images="data/mnist/t10k-images-idx3-ubyte",
        test_labels="data/mnist/t10k-labels-idx1-ubyte",
    log:
        "<logs>/fetch_mnist.log",
    params:
        *code("fooling.steps.data.fetch"),
        folder=lambda wildcards, output: os.path.dirname(output.train_images),
        mirror=f"--mirror {shlex.quote(CONFIG.datasets.mnist.mirror)}" if CONFIG.datasets.mnist.mirror else "",
    shell:
        "python -m fooling.steps.data.fetch mnist --folder {params.folder} {params.mirror} > {log} 2>&1"


rule fetch_cifar10:
    output:
        train=expand("data/cifar10/data_batch_{number}.bin", number=range(1, 6)),
        test="data/cifar10/test_batch.bin",
    log:
        "<logs>/fetch_cifar10.log",
    params:
        *code("fooling.steps.data.fetch"),
        folder=lambda wildcards, output: os.path.dirname(output.test),
        mirror=f"--mirror {shlex.quote(CONFIG.datasets.cifar10.mirror)}" if CONFIG.datasets.cifar10.mirror else "",
    shell:
        "python -m fooling.steps.data.fetch cifar10 --folder {params.folder} {params.mirror} > {log} 2>&1"


rule fetch_cifar100:
    output:
        train="data/cifar100/train.bin",
        test="data/cifar100/test.bin",
    log:
        "<logs>/fetch_cifar100.log",
    params:
        *code("fooling.steps.data.fetch"),
        folder=lambda wildcards, output: os.path.dirname(output.test),
        sources=" ".join(CIFAR100_SOURCES),
    shell:
        "python -m fooling.steps.data.fetch cifar100 --folder {params.folder} {params.sources} > {log} 2>&1"


rule draw_glyphs:
    output:
        images=expand("data/glyphs/{part}-images-idx4-ubyte", part=["train", "test"]),
        provenance="data/glyphs/provenance.json",
    log:
        "<logs>/draw_glyphs.log",
    benchmark:
        "<benchmarks>/draw_glyphs.tsv"
    threads: 1
    resources:
        **RESOURCES.needs(mem_mb=1000, minutes=10),
    params:
        *code("fooling.steps.data.draw_glyphs"),
        folder=lambda wildcards, output: os.path.dirname(output.provenance),
        fonts=" ".join(map(shlex.quote, CONFIG.datasets.glyphs.fonts)),
        test_fonts=" ".join(map(shlex.quote, CONFIG.datasets.glyphs.test_fonts)),
        # Their digests say whether they have changed.
        files=lambda wildcards: user_file_digests(map(str, font_files(map(Path, GLYPH_FONTS)))),
    shell:
        "python -m fooling.steps.data.draw_glyphs --fonts {params.fonts} --test-fonts {params.test_fonts}"
        " --folder {params.folder} > {log} 2>&1"
