"""The networks that are fooled: trained here, imported, or combined."""


localrules:
    import_network,
    combine_networks,


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
    wildcard_constraints:
        network="|".join(TARGETS.trained),
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


rule import_network:
    input:
        lambda wildcards: weight_files(wildcards.network),
    output:
        network="<results>/networks/{network}.npz",
        provenance="<results>/networks/{network}.provenance.json",
    log:
        "<logs>/import_network/{network}.log",
    wildcard_constraints:
        network="|".join(CONFIG.pretrained) or "(?!)",  # without any, an empty one would match everything
    params:
        *code("fooling.steps.import_network"),
        settings=lambda wildcards: settings_flags(CONFIG.pretrained[wildcards.network], PretrainedSettings),
    shell:
        "python -m fooling.steps.import_network {params.settings} --output {output.network} > {log} 2>&1"


rule combine_networks:
    input:
        lambda wildcards: TARGETS.network_files(CONFIG.ensembles[wildcards.network]),
    output:
        network="<results>/networks/{network}.npz",
        provenance="<results>/networks/{network}.provenance.json",
    log:
        "<logs>/combine_networks/{network}.log",
    wildcard_constraints:
        network="|".join(CONFIG.ensembles) or "(?!)",
    params:
        *code("fooling.steps.combine_networks"),
    shell:
        "python -m fooling.steps.combine_networks --networks {input} --output {output.network} > {log} 2>&1"
