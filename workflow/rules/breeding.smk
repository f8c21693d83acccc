"""Pictures bred by hand (Figure 3): the breeder's logs, replayed and judged by a network."""

from fooling.workflow.selections import breeding


rule replay_breeding:
    input:
        logs=lambda wildcards: or_exit(breeding, TARGETS).logs,
        network=lambda wildcards: TARGETS.network_files([or_exit(breeding, TARGETS).network]),
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
        **RESOURCES.needs(mem_mb=2000, minutes=10),
    params:
        *code("fooling.steps.breeding.replay_breeding"),
        compute=COMPUTE,
    shell:
        "python -m fooling.steps.breeding.replay_breeding --log {input.logs:q} --network {input.network} --output {output.bred}"
        " --pngs {output.pngs} {params.compute} > {log} 2>&1"
