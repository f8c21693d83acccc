"""Evolution of fooling images, one job for each run."""


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
        short
    threads: CONFIG.compute.threads
    resources:
        **needs(mem_mb=3000, minutes=60),
    params:
        *code("fooling.steps.evolution.evolve_direct"),
        settings=lambda wildcards: settings_flags(CONFIG.evolution[wildcards.experiment].direct, DirectSettings),
        compute=COMPUTE,
        checkpoints=checkpoints,
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
        short
    threads: CONFIG.compute.threads
    resources:
        **needs(mem_mb=3000, minutes=60),
    params:
        *code("fooling.steps.evolution.evolve_cppn"),
        settings=lambda wildcards: settings_flags(CONFIG.evolution[wildcards.experiment].cppn, CppnSettings),
        compute=COMPUTE,
        checkpoints=checkpoints,
    shell:
        "python -m fooling.steps.evolution.evolve_cppn --network {input} --seed {wildcards.seed}"
        " --output {output.fooling_set} --history {output.history} --elites {output.elites}"
        " {params.settings} {params.compute} {params.checkpoints} > {log} 2>&1"
