"""Would anything have caught these images? What detectors say of them, as a table and a heat map."""

from fooling.settings.detection import DetectionSettings
from fooling.workflow.settings_flags import natural_data_flag, outlier_flags


localrules:
    detection_table,
    detection_figure,


rule detect:
    input:
        network=lambda wildcards: TARGETS.network_files([wildcards.network]),
        fooling_sets=lambda wildcards: TARGETS.judged(wildcards.experiment, wildcards.network),
        data=lambda wildcards: fetched(TARGETS.networks[wildcards.network].dataset),
        outliers=lambda wildcards: [
            path for name in CONFIG.detection[wildcards.experiment].outliers for path in fetched(name)
        ],
    output:
        scores="<results>/detection/{experiment}/{network}/detectors.csv",
        provenance="<results>/detection/{experiment}/{network}/detectors.provenance.json",
    log:
        "<logs>/detect/{experiment}/{network}.log",
    benchmark:
        "<benchmarks>/detect/{experiment}/{network}.tsv"
    wildcard_constraints:
        experiment=one_of(CONFIG.detection),
    threads: CONFIG.compute.threads
    resources:
        **RESOURCES.needs(mem_mb=3000, minutes=60, large_mb=8000),
    params:
        *code("fooling.steps.experiments.detect"),
        data=lambda wildcards, input: natural_data_flag(CONFIG, input.data),
        outliers=lambda wildcards: outlier_flags(CONFIG.detection[wildcards.experiment].outliers),
        settings=lambda wildcards: settings_flags(CONFIG.detection[wildcards.experiment], DetectionSettings),
        compute=COMPUTE,
    shell:
        "python -m fooling.steps.experiments.detect --network {input.network} {params.data}"
        " --fooling-sets {input.fooling_sets} {params.outliers} --output {output.scores} {params.settings}"
        " {params.compute} > {log} 2>&1"


rule detection_table:
    input:
        unpack(TABLES.inputs_of("detection_{experiment}")),
    output:
        **tabulated(
            "detection_{experiment}", "detection_table", "Beyond the paper", table="detectors", shows="{experiment}"
        ),
    log:
        "<logs>/tables/detection_{experiment}.log",
    wildcard_constraints:
        experiment=one_of(CONFIG.detection),
    params:
        *code("fooling.tables.detection"),
    shell:
        "python -m fooling.tables.detection --scores {input.scores} --output {output} > {log} 2>&1"


rule detection_figure:
    input:
        unpack(FIGURES.inputs_of("detection_{experiment}")),
    output:
        **drawn(
            "detection_{experiment}", "detection_figure", "Beyond the paper", figure="detectors", shows="{experiment}"
        ),
    log:
        "<logs>/figures/detection_{experiment}.log",
    wildcard_constraints:
        experiment=one_of(CONFIG.detection),
    params:
        *code("fooling.figures.experiments.detection"),
    shell:
        "python -m fooling.figures.experiments.detection --table {input.table} --output {output} > {log} 2>&1"
