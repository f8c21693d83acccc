"""Data sets, fetched once for all configurations and verified by their sha256."""


localrules:
    fetch_mnist,


rule fetch_mnist:
    output:
        train_images="data/mnist/train-images-idx3-ubyte",
        train_labels="data/mnist/train-labels-idx1-ubyte",
        test_images="data/mnist/t10k-images-idx3-ubyte",
        test_labels="data/mnist/t10k-labels-idx1-ubyte",
    log:
        "<logs>/fetch_mnist.log",
    params:
        *code("fooling.steps.fetch"),
        folder=lambda wildcards, output: os.path.dirname(output.train_images),
        mirror=f"--mirror {shlex.quote(CONFIG.datasets.mnist.mirror)}" if CONFIG.datasets.mnist.mirror else "",
    shell:
        "python -m fooling.steps.fetch mnist --folder {params.folder} {params.mirror} > {log} 2>&1"
