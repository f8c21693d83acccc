"""Transfer: every fooling set of an experiment, scored on every network."""


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
        **needs(mem_mb=3000, minutes=60),
    params:
        *code("fooling.steps.experiments.transfer"),
        settings=lambda wildcards: settings_flags(CONFIG.transfer[wildcards.experiment], TransferSettings),
        compute=COMPUTE,
    shell:
        "python -m fooling.steps.experiments.transfer --fooling-sets {input.fooling_sets} --networks {input.networks}"
        " --scores {output.scores} --table {output.table} {params.settings} {params.compute} > {log} 2>&1"
