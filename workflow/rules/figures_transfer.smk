"""Figures of transfer between networks."""

from fooling.workflow.selections import compared_networks


localrules:
    figure_s1,
    transfer_matrix,


rule figure_s1:
    input:
        unpack(FIGURES.inputs_of("figure_s1")),
    output:
        **drawn("figure_s1", figure="S1", shows="images that fool two networks, MNIST"),
    log:
        "<logs>/figures/figure_s1.log",
    params:
        *code("fooling.figures.transfer.fooled_by_both"),
        networks=lambda wildcards: or_exit(compared_networks, TARGETS),
    shell:
        "python -m fooling.figures.transfer.fooled_by_both --scores {input.scores} --fooling-sets {input.fooling_sets}"
        " --networks {params.networks} --output {output} > {log} 2>&1"


rule transfer_matrix:
    input:
        unpack(FIGURES.inputs_of("transfer_matrix_{experiment}")),
    output:
        **drawn(
            "transfer_matrix_{experiment}",
            "transfer_matrix",
            "Further figures",
            figure="transfer between networks",
            shows="{experiment}",
        ),
    log:
        "<logs>/figures/transfer_matrix_{experiment}.log",
    wildcard_constraints:
        experiment=one_of(CONFIG.transfer),
    params:
        *code("fooling.figures.transfer.matrix"),
        measures=lambda wildcards: "--measures same_label top_5" if wildcards.experiment == "imagenet" else "",
    shell:
        "python -m fooling.figures.transfer.matrix --table {input.table} {params.measures} --output {output}"
        " > {log} 2>&1"
