"""Gradient ascent, one job for each set of hyperparameters and network."""


rule ascend:
    input:
        network="<results>/networks/{network}.npz",
        data=lambda wildcards: dataset_files(wildcards.network),
    output:
        fooling_set="<results>/ascent/{experiment}/{set}/{network}/fooling_set.npz",
        provenance="<results>/ascent/{experiment}/{set}/{network}/fooling_set.provenance.json",
    log:
        "<logs>/ascend/{experiment}/{set}/{network}.log",
    benchmark:
        "<benchmarks>/ascend/{experiment}/{set}/{network}.tsv"
    wildcard_constraints:
        experiment=one_of(CONFIG.ascent),
        set=one_of(name for ascent in CONFIG.ascent.values() for name in ascent.sets),
    group:
        short
    threads: CONFIG.compute.threads
    resources:
        **needs(mem_mb=3000, minutes=60),
    params:
        *code("fooling.steps.ascent.ascend"),
        data=lambda wildcards, input: f"--data {os.path.dirname(input.data[0])}" if input.data else "",
        images=lambda wildcards: settings_flags(ascent_images(wildcards), AscentImages),
        settings=lambda wildcards: settings_flags(
            CONFIG.ascent[wildcards.experiment].sets[wildcards.set], AscentSettings
        ),
        compute=COMPUTE,
        checkpoints=checkpoints,
    shell:
        "python -m fooling.steps.ascent.ascend --network {input.network} {params.data} --set-name {wildcards.set}"
        " {params.images} --output {output.fooling_set} {params.settings} {params.compute} {params.checkpoints} > {log} 2>&1"
