"""Training of the networks that are fooled."""


rule train:
    input:
        # Verified by their sha256 when they were fetched: newer files hold the same images.
        ancient(rules.fetch_mnist.output),
    output:
        network="<results>/networks/{network}.npz",
        provenance="<results>/networks/{network}.provenance.json",
    log:
        "<logs>/train/{network}.log",
    benchmark:
        "<benchmarks>/train/{network}.tsv"
    # Everything waits for the networks: train them all before the first is fooled.
    priority: 1
    threads: CONFIG.compute.threads
    resources:
        **GPU,
        mem_mb=3000,
        runtime=60,
    params:
        *code("fooling.steps.train"),
        data=lambda wildcards, input: os.path.dirname(input[0]),
        seed=lambda wildcards: wildcards.network.rpartition("-")[2],
        settings=lambda wildcards: settings_flags(training(wildcards.network), TrainingSettings),
        compute=COMPUTE,
        checkpoints=checkpoints,
    shell:
        "python -m fooling.steps.train --data {params.data} --seed {params.seed} --output {output.network}"
        " {params.settings} {params.compute} {params.checkpoints} > {log} 2>&1"
