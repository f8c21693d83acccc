"""How sure networks grow far from their data, beside Figure 14."""

from fooling.settings.plane import PlaneSettings
from fooling.workflow.selections import network_far_from_data


localrules:
    far_from_data_figure,


rule far_from_data:
    input:
        network=lambda wildcards: TARGETS.network_files([or_exit(network_far_from_data, TARGETS)]),
        data=lambda wildcards: fetched(TARGETS.networks[or_exit(network_far_from_data, TARGETS)].dataset),
    output:
        table="<results>/far_from_data/far_from_data.csv",
        provenance="<results>/far_from_data/far_from_data.provenance.json",
    log:
        "<logs>/far_from_data/far_from_data.log",
    benchmark:
        "<benchmarks>/far_from_data/far_from_data.tsv"
    threads: CONFIG.compute.threads
    resources:
        **RESOURCES.needs(mem_mb=2000, minutes=30),
    params:
        *code("fooling.steps.experiments.far_from_data"),
        data=lambda wildcards, input: os.path.dirname(input.data[0]),
        settings=lambda wildcards: settings_flags(CONFIG.plane, PlaneSettings),
        compute=COMPUTE,
    shell:
        "python -m fooling.steps.experiments.far_from_data --network {input.network} --data {params.data}"
        " --output {output.table} {params.settings} {params.compute} > {log} 2>&1"


rule far_from_data_figure:
    input:
        unpack(FIGURES.inputs_of("far_from_data")),
    output:
        **drawn("far_from_data", category="Beyond the paper", figure="confidence far from the data", shows="why"),
    log:
        "<logs>/figures/far_from_data.log",
    params:
        *code("fooling.figures.experiments.far_from_data"),
    shell:
        "python -m fooling.figures.experiments.far_from_data --table {input.table} --output {output} > {log} 2>&1"
