"""Gradient ascent, one job for each set of hyperparameters and network."""

from fooling.settings.ascent import AscentImages, AscentSettings
from fooling.workflow.selections import ascent_images


rule ascend:
    input:
        network="<results>/networks/{network}.npz",
        data=dataset_files,
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
        RESOURCES.group
    threads: CONFIG.compute.threads
    resources:
        **RESOURCES.needs(mem_mb=3000, minutes=60),
    params:
        *code("fooling.steps.ascent.ascend"),
        data=lambda wildcards, input: f"--data {os.path.dirname(input.data[0])}" if input.data else "",
        images=lambda wildcards: settings_flags(
            or_exit(ascent_images, TARGETS, wildcards.experiment, wildcards.network), AscentImages
        ),
        settings=lambda wildcards: settings_flags(
            CONFIG.ascent[wildcards.experiment].sets[wildcards.set], AscentSettings
        ),
        compute=COMPUTE,
        checkpoints=CHECKPOINTS,
    shell:
        "python -m fooling.steps.ascent.ascend --network {input.network} {params.data} --set-name {wildcards.set}"
        " {params.images} --output {output.fooling_set} {params.settings} {params.compute} {params.checkpoints} > {log} 2>&1"
