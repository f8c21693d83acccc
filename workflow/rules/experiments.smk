"""What is measured on fooling images: transfer, natural images beside them, features, ablation, retraining; the plane."""

from fooling.settings.ablation import AblationSettings
from fooling.settings.plane import PlaneSettings
from fooling.settings.transfer import TransferSettings
from fooling.workflow.selections import imagenet_network, imagenet_runs
from fooling.workflow.settings_flags import measured_data_flag


rule transfer:
    input:
        fooling_sets=lambda wildcards: TARGETS.fooling_sets(wildcards.experiment),
        networks=lambda wildcards: TARGETS.network_files(CONFIG.transfer[wildcards.experiment].networks),
    output:
        scores="<results>/transfer/{experiment}/scores.csv",
        table="<results>/transfer/{experiment}/transfer.csv",
        provenance="<results>/transfer/{experiment}/transfer.provenance.json",
    log:
        "<logs>/transfer/{experiment}.log",
    benchmark:
        "<benchmarks>/transfer/{experiment}.tsv"
    wildcard_constraints:
        experiment=one_of(CONFIG.transfer),
    threads: CONFIG.compute.threads
    resources:
        **RESOURCES.needs(mem_mb=3000, minutes=60),
    params:
        *code("fooling.steps.experiments.transfer"),
        settings=lambda wildcards: settings_flags(CONFIG.transfer[wildcards.experiment], TransferSettings),
        compute=COMPUTE,
    shell:
        "python -m fooling.steps.experiments.transfer --fooling-sets {input.fooling_sets} --networks {input.networks}"
        " --scores {output.scores} --table {output.table} {params.settings} {params.compute} > {log} 2>&1"


rule score_natural:
    input:
        lambda wildcards: TARGETS.network_files(TARGETS.fooled_networks("imagenet")),
    output:
        table="<results>/natural/imagenet.csv",
        provenance="<results>/natural/imagenet.provenance.json",
    log:
        "<logs>/score_natural/imagenet.log",
    benchmark:
        "<benchmarks>/score_natural/imagenet.tsv"
    threads: CONFIG.compute.threads
    resources:
        **RESOURCES.needs(mem_mb=3000, minutes=60),
    params:
        *code("fooling.steps.experiments.score_natural"),
        images=NATURAL_IMAGES,
        compute=COMPUTE,
    shell:
        "python -m fooling.steps.experiments.score_natural --network {input} {params.images} --output {output.table}"
        " {params.compute} > {log} 2>&1"


rule embed:
    input:
        fooling_sets=lambda wildcards: or_exit(imagenet_runs, TARGETS, "cppn"),
        network=lambda wildcards: TARGETS.network_files([CONFIG.features["imagenet"]]),
    output:
        features="<results>/features/imagenet.npz",
        provenance="<results>/features/imagenet.provenance.json",
    log:
        "<logs>/embed/imagenet.log",
    benchmark:
        "<benchmarks>/embed/imagenet.tsv"
    threads: CONFIG.compute.threads
    resources:
        **RESOURCES.needs(mem_mb=3000, minutes=60),
    params:
        *code("fooling.steps.experiments.embed"),
        compute=COMPUTE,
    shell:
        "python -m fooling.steps.experiments.embed --fooling-sets {input.fooling_sets} --network {input.network}"
        " --output {output.features} {params.compute} > {log} 2>&1"


rule ablate:
    input:
        fooling_sets=lambda wildcards: or_exit(imagenet_runs, TARGETS, "cppn"),
        network=lambda wildcards: TARGETS.network_files([or_exit(imagenet_network, TARGETS, "cppn")]),
    output:
        ablation="<results>/ablation/imagenet.npz",
        table="<results>/ablation/imagenet.csv",
        provenance="<results>/ablation/imagenet.provenance.json",
    log:
        "<logs>/ablate/imagenet.log",
    benchmark:
        "<benchmarks>/ablate/imagenet.tsv"
    threads: CONFIG.compute.threads
    resources:
        **RESOURCES.needs(mem_mb=3000, minutes=60),
    params:
        *code("fooling.steps.experiments.ablate"),
        settings=lambda wildcards: settings_flags(CONFIG.ablation["imagenet"], AblationSettings),
        compute=COMPUTE,
    shell:
        "python -m fooling.steps.experiments.ablate --fooling-sets {input.fooling_sets} --network {input.network}"
        " --output {output.ablation} --table {output.table} {params.settings} {params.compute}"
        " > {log} 2>&1"


rule train_plane:
    output:
        plane="<results>/plane/plane.npz",
        provenance="<results>/plane/plane.provenance.json",
    log:
        "<logs>/train_plane/plane.log",
    benchmark:
        "<benchmarks>/train_plane/plane.tsv"
    threads: CONFIG.compute.threads
    resources:
        **RESOURCES.needs(mem_mb=2000, minutes=30),
    params:
        *code("fooling.steps.experiments.train_plane"),
        settings=lambda wildcards: settings_flags(CONFIG.plane, PlaneSettings),
        compute=COMPUTE,
    shell:
        "python -m fooling.steps.experiments.train_plane --output {output.plane} {params.settings} {params.compute}"
        " > {log} 2>&1"


rule score_retraining:
    input:
        data=dataset_files,
        networks=lambda wildcards: TARGETS.all_retrained(wildcards.experiment, wildcards.network),
        fooling_sets=lambda wildcards: TARGETS.of_all_rounds(wildcards.experiment, wildcards.network, "fooling_set.npz"),
        histories=lambda wildcards: TARGETS.of_all_rounds(wildcards.experiment, wildcards.network, "history.csv"),
        fooling_classes=lambda wildcards: TARGETS.fooling_classes(wildcards.experiment, wildcards.network),
        others=lambda wildcards: TARGETS.others(wildcards.experiment, wildcards.network),
    output:
        rounds="<results>/retraining/{experiment}/{network}/rounds.csv",
        recognition="<results>/retraining/{experiment}/{network}/recognition.csv",
        provenance="<results>/retraining/{experiment}/{network}/rounds.provenance.json",
    log:
        "<logs>/score_retraining/{experiment}/{network}.log",
    benchmark:
        "<benchmarks>/score_retraining/{experiment}/{network}.tsv"
    threads: CONFIG.compute.threads
    resources:
        **RESOURCES.needs(mem_mb=3000, minutes=60, large_mb=16000),
    params:
        *code("fooling.steps.experiments.score_retraining"),
        data=lambda wildcards, input: measured_data_flag(CONFIG, wildcards.experiment, input.data),
        compute=COMPUTE,
    shell:
        "python -m fooling.steps.experiments.score_retraining {params.data} --networks {input.networks}"
        " --fooling-sets {input.fooling_sets} --histories {input.histories}"
        " --fooling-classes {input.fooling_classes} --others {input.others}"
        " --rounds {output.rounds} --recognition {output.recognition} {params.compute} > {log} 2>&1"
