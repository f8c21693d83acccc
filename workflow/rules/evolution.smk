"""Evolution of fooling images, one job for each run or round of retraining, and the ancestors of CPPN images."""

from fooling.settings.evolution import CppnSettings, DirectSettings
from fooling.settings.retraining import RUNS_PER_ROUND, RoundEvolution


rule evolve_direct:
    input:
        "<results>/networks/{network}.npz",
    output:
        fooling_set="<results>/evolution/{experiment}/direct/{network}/seed-{seed}/fooling_set.npz",
        history="<results>/evolution/{experiment}/direct/{network}/seed-{seed}/history.csv",
        elites="<results>/evolution/{experiment}/direct/{network}/seed-{seed}/elites.npz",
        provenance="<results>/evolution/{experiment}/direct/{network}/seed-{seed}/fooling_set.provenance.json",
    log:
        "<logs>/evolve_direct/{experiment}/{network}/seed-{seed}.log",
    benchmark:
        "<benchmarks>/evolve_direct/{experiment}/{network}/seed-{seed}.tsv"
    wildcard_constraints:
        experiment=one_of(TARGETS.experiments("direct")),
    group:
        RESOURCES.group
    threads: CONFIG.compute.threads
    resources:
        **RESOURCES.needs(mem_mb=3000, minutes=60),
    params:
        *code("fooling.steps.evolution.evolve_direct"),
        settings=lambda wildcards: settings_flags(CONFIG.evolution[wildcards.experiment].direct, DirectSettings),
        compute=COMPUTE,
        checkpoints=CHECKPOINTS,
    shell:
        "python -m fooling.steps.evolution.evolve_direct --network {input} --seed {wildcards.seed}"
        " --output {output.fooling_set} --history {output.history} --elites {output.elites}"
        " {params.settings} {params.compute} {params.checkpoints} > {log} 2>&1"


rule evolve_cppn:
    input:
        "<results>/networks/{network}.npz",
    output:
        fooling_set="<results>/evolution/{experiment}/cppn/{network}/seed-{seed}/fooling_set.npz",
        history="<results>/evolution/{experiment}/cppn/{network}/seed-{seed}/history.csv",
        elites="<results>/evolution/{experiment}/cppn/{network}/seed-{seed}/elites.npz",
        provenance="<results>/evolution/{experiment}/cppn/{network}/seed-{seed}/fooling_set.provenance.json",
    log:
        "<logs>/evolve_cppn/{experiment}/{network}/seed-{seed}.log",
    benchmark:
        "<benchmarks>/evolve_cppn/{experiment}/{network}/seed-{seed}.tsv"
    wildcard_constraints:
        experiment=one_of(TARGETS.experiments("cppn")),
    group:
        RESOURCES.group
    threads: CONFIG.compute.threads
    resources:
        **RESOURCES.needs(mem_mb=3000, minutes=60),
    params:
        *code("fooling.steps.evolution.evolve_cppn"),
        settings=lambda wildcards: settings_flags(CONFIG.evolution[wildcards.experiment].cppn, CppnSettings),
        compute=COMPUTE,
        checkpoints=CHECKPOINTS,
    shell:
        "python -m fooling.steps.evolution.evolve_cppn --network {input} --seed {wildcards.seed}"
        " --output {output.fooling_set} --history {output.history} --elites {output.elites}"
        " {params.settings} {params.compute} {params.checkpoints} > {log} 2>&1"


rule evolve_round:
    input:
        lambda wildcards: TARGETS.retrained(wildcards.experiment, wildcards.network, [int(wildcards.round)]),
    output:
        fooling_set="<results>/retraining/{experiment}/{network}/round-{round}/fooling_set.npz",
        history="<results>/retraining/{experiment}/{network}/round-{round}/history.csv",
        provenance="<results>/retraining/{experiment}/{network}/round-{round}/fooling_set.provenance.json",
    log:
        "<logs>/evolve_round/{experiment}/{network}/round-{round}.log",
    benchmark:
        "<benchmarks>/evolve_round/{experiment}/{network}/round-{round}.tsv"
    # The rounds of a chain wait for each other: start them before what can be done beside them.
    priority: 1
    threads: CONFIG.compute.threads
    resources:
        **RESOURCES.needs(mem_mb=3000, minutes=120, large_mb=16000),
    params:
        *code("fooling.steps.evolution.evolve_round"),
        runs=lambda wildcards: CONFIG.retraining[wildcards.experiment].runs_of(int(wildcards.round)),
        first_seed=lambda wildcards: int(wildcards.round) * RUNS_PER_ROUND,
        settings=lambda wildcards: settings_flags(CONFIG.retraining[wildcards.experiment].evolution, RoundEvolution),
        compute=COMPUTE,
        checkpoints=CHECKPOINTS,
    shell:
        "python -m fooling.steps.evolution.evolve_round --network {input} --runs {params.runs} --first-seed {params.first_seed}"
        " --output {output.fooling_set} --history {output.history}"
        " {params.settings} {params.compute} {params.checkpoints} > {log} 2>&1"


rule find_ancestors:
    input:
        lambda wildcards: TARGETS.evolved(wildcards.experiment, "cppn", "elites.npz"),
    output:
        ancestors="<results>/ancestors/{experiment}.npz",
        provenance="<results>/ancestors/{experiment}.provenance.json",
    log:
        "<logs>/find_ancestors/{experiment}.log",
    benchmark:
        "<benchmarks>/find_ancestors/{experiment}.tsv"
    wildcard_constraints:
        experiment=one_of(TARGETS.experiments("cppn")),
    threads: CONFIG.compute.threads
    resources:
        **RESOURCES.needs(mem_mb=2000, minutes=30),
    params:
        *code("fooling.steps.evolution.find_ancestors"),
        compute=COMPUTE,
    shell:
        "python -m fooling.steps.evolution.find_ancestors --elites {input} --output {output.ancestors} {params.compute}"
        " > {log} 2>&1"
