"""The networks that are fooled: trained here, imported, or combined."""


localrules:
    import_network,
    combine_networks,


rule train:
    input:
        lambda wildcards: dataset_files(wildcards.network),
    output:
        network="<results>/networks/{network}.npz",
        provenance="<results>/networks/{network}.provenance.json",
    log:
        "<logs>/train/{network}.log",
    benchmark:
        "<benchmarks>/train/{network}.tsv"
    wildcard_constraints:
        network=one_of(TARGETS.trained),
    # Everything waits for the networks: train them all before the first is fooled.
    priority: 1
    threads: CONFIG.compute.threads
    resources:
        **needs(mem_mb=3000, minutes=60),
    params:
        *code("fooling.steps.training.train"),
        data=lambda wildcards, input: os.path.dirname(input[0]),
        seed=lambda wildcards: wildcards.network.rpartition("-")[2],
        settings=lambda wildcards: settings_flags(training(wildcards.network), TrainingSettings),
        compute=COMPUTE,
        checkpoints=checkpoints,
    shell:
        "python -m fooling.steps.training.train --data {params.data} --seed {params.seed} --output {output.network}"
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
        network=one_of(CONFIG.pretrained),
    params:
        *code("fooling.steps.networks.import_network"),
        settings=lambda wildcards: settings_flags(CONFIG.pretrained[wildcards.network], PretrainedSettings),
    shell:
        "python -m fooling.steps.networks.import_network {params.settings} --output {output.network} > {log} 2>&1"


rule combine_networks:
    input:
        lambda wildcards: TARGETS.network_files(CONFIG.ensembles[wildcards.network]),
    output:
        network="<results>/networks/{network}.npz",
        provenance="<results>/networks/{network}.provenance.json",
    log:
        "<logs>/combine_networks/{network}.log",
    wildcard_constraints:
        network=one_of(CONFIG.ensembles),
    params:
        *code("fooling.steps.networks.combine_networks"),
    shell:
        "python -m fooling.steps.networks.combine_networks --networks {input} --output {output.network} > {log} 2>&1"
