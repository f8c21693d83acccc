"""What does a guard cost the one who fools it? Evolution against networks and their detectors, a table and curves."""

from fooling.settings.detection import DETECTORS
from fooling.settings.evolution import CppnSettings, DirectSettings
from fooling.settings.guard import GuardImages
from fooling.workflow.settings_flags import natural_data_flag, runs_flags


localrules:
    guarded_table,
    guarded_figure,


rule evolve_guarded_direct:
    input:
        network="<results>/networks/{network}.npz",
        data=lambda wildcards: fetched(TARGETS.networks[wildcards.network].dataset),
    output:
        fooling_set="<results>/guarded/{experiment}/{detector}/direct/{network}/seed-{seed}/fooling_set.npz",
        history="<results>/guarded/{experiment}/{detector}/direct/{network}/seed-{seed}/history.csv",
        elites="<results>/guarded/{experiment}/{detector}/direct/{network}/seed-{seed}/elites.npz",
        provenance="<results>/guarded/{experiment}/{detector}/direct/{network}/seed-{seed}/fooling_set.provenance.json",
    log:
        "<logs>/evolve_guarded_direct/{experiment}/{detector}/{network}/seed-{seed}.log",
    benchmark:
        "<benchmarks>/evolve_guarded_direct/{experiment}/{detector}/{network}/seed-{seed}.tsv"
    wildcard_constraints:
        experiment=one_of(CONFIG.guarded),
        detector=one_of(DETECTORS),
    group:
        RESOURCES.group
    threads: CONFIG.compute.threads
    resources:
        **RESOURCES.needs(mem_mb=3000, minutes=60, large_mb=8000),
    params:
        *code("fooling.steps.evolution.evolve_guarded_direct"),
        data=lambda wildcards, input: natural_data_flag(CONFIG, input.data),
        guard=lambda wildcards: settings_flags(CONFIG.guarded[wildcards.experiment], GuardImages),
        settings=lambda wildcards: settings_flags(CONFIG.evolution[wildcards.experiment].direct, DirectSettings),
        compute=COMPUTE,
        checkpoints=CHECKPOINTS,
    shell:
        "python -m fooling.steps.evolution.evolve_guarded_direct --network {input.network} {params.data}"
        " --detector {wildcards.detector} {params.guard} --seed {wildcards.seed}"
        " --output {output.fooling_set} --history {output.history} --elites {output.elites}"
        " {params.settings} {params.compute} {params.checkpoints} > {log} 2>&1"


rule evolve_guarded_cppn:
    input:
        network="<results>/networks/{network}.npz",
        data=lambda wildcards: fetched(TARGETS.networks[wildcards.network].dataset),
    output:
        fooling_set="<results>/guarded/{experiment}/{detector}/cppn/{network}/seed-{seed}/fooling_set.npz",
        history="<results>/guarded/{experiment}/{detector}/cppn/{network}/seed-{seed}/history.csv",
        elites="<results>/guarded/{experiment}/{detector}/cppn/{network}/seed-{seed}/elites.npz",
        provenance="<results>/guarded/{experiment}/{detector}/cppn/{network}/seed-{seed}/fooling_set.provenance.json",
    log:
        "<logs>/evolve_guarded_cppn/{experiment}/{detector}/{network}/seed-{seed}.log",
    benchmark:
        "<benchmarks>/evolve_guarded_cppn/{experiment}/{detector}/{network}/seed-{seed}.tsv"
    wildcard_constraints:
        experiment=one_of(CONFIG.guarded),
        detector=one_of(DETECTORS),
    group:
        RESOURCES.group
    threads: CONFIG.compute.threads
    resources:
        **RESOURCES.needs(mem_mb=3000, minutes=60, large_mb=8000),
    params:
        *code("fooling.steps.evolution.evolve_guarded_cppn"),
        data=lambda wildcards, input: natural_data_flag(CONFIG, input.data),
        guard=lambda wildcards: settings_flags(CONFIG.guarded[wildcards.experiment], GuardImages),
        settings=lambda wildcards: settings_flags(CONFIG.evolution[wildcards.experiment].cppn, CppnSettings),
        compute=COMPUTE,
        checkpoints=CHECKPOINTS,
    shell:
        "python -m fooling.steps.evolution.evolve_guarded_cppn --network {input.network} {params.data}"
        " --detector {wildcards.detector} {params.guard} --seed {wildcards.seed}"
        " --output {output.fooling_set} --history {output.history} --elites {output.elites}"
        " {params.settings} {params.compute} {params.checkpoints} > {log} 2>&1"


rule guarded_table:
    input:
        unpack(TABLES.inputs_of("guarded_{experiment}")),
    output:
        **tabulated("guarded_{experiment}", "guarded_table", "Beyond the paper", table="guards", shows="{experiment}"),
    log:
        "<logs>/tables/guarded_{experiment}.log",
    wildcard_constraints:
        experiment=one_of(CONFIG.guarded),
    params:
        *code("fooling.tables.guarded"),
        runs=lambda wildcards: runs_flags(TARGETS.guarded_histories(wildcards.experiment)),
    shell:
        "python -m fooling.tables.guarded {params.runs} --output {output} > {log} 2>&1"


rule guarded_figure:
    input:
        unpack(FIGURES.inputs_of("guarded_{experiment}")),
    output:
        **drawn("guarded_{experiment}", "guarded_figure", "Beyond the paper", figure="guards", shows="{experiment}"),
    log:
        "<logs>/figures/guarded_{experiment}.log",
    wildcard_constraints:
        experiment=one_of(CONFIG.guarded),
    params:
        *code("fooling.figures.experiments.guarded"),
        runs=lambda wildcards: runs_flags(TARGETS.guarded_histories(wildcards.experiment)),
    shell:
        "python -m fooling.figures.experiments.guarded {params.runs} --output {output} > {log} 2>&1"
