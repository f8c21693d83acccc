"""Pictures bred by hand (Figure 3): the breeder's logs, replayed and judged by a network."""


localrules:
    figure_03,


rule replay_breeding:
    input:
        logs=lambda wildcards: told(TARGETS.breeding).logs,
        network=lambda wildcards: TARGETS.network_files([told(TARGETS.breeding).network]),
    output:
        bred="<results>/breeding/bred.npz",
        pngs=directory("<results>/breeding/pngs"),
        provenance="<results>/breeding/bred.provenance.json",
    log:
        "<logs>/replay_breeding/bred.log",
    benchmark:
        "<benchmarks>/replay_breeding/bred.tsv"
    threads: CONFIG.compute.threads
    resources:
        **needs(mem_mb=2000, minutes=10),
    params:
        *code("fooling.steps.breeding.replay_breeding"),
        compute=COMPUTE,
    shell:
        "python -m fooling.steps.breeding.replay_breeding --log {input.logs:q} --network {input.network} --output {output.bred}"
        " --pngs {output.pngs} {params.compute} > {log} 2>&1"


rule figure_03:
    input:
        "<results>/breeding/bred.npz",
    output:
        **drawn("figure_03", figure="3", shows="pictures bred by hand"),
    log:
        "<logs>/figures/figure_03.log",
    params:
        *code("fooling.figures.breeding.bred"),
    shell:
        "python -m fooling.figures.breeding.bred --bred {input} --output {output} > {log} 2>&1"
