"""Figures of retrained networks."""


localrules:
    figure_11,
    figure_12,
    retraining_confidence,
    recognition,
    retraining_sweep,
    retraining_classes,


rule figure_11:
    input:
        unpack(FIGURES.inputs_of("figure_11")),
    output:
        **drawn("figure_11", figure="11", shows="retraining, MNIST"),
    log:
        "<logs>/figures/figure_11.log",
    params:
        *code("fooling.figures.retraining.grid"),
    shell:
        "python -m fooling.figures.retraining.grid --fooling-sets {input.fooling_sets} --output {output} > {log} 2>&1"


rule figure_12:
    input:
        unpack(FIGURES.inputs_of("figure_12")),
    output:
        **drawn("figure_12", figure="12", shows="retraining, natural images"),
    log:
        "<logs>/figures/figure_12.log",
    params:
        *code("fooling.figures.retraining.confidence"),
    shell:
        "python -m fooling.figures.retraining.confidence --before {input.before} --after {input.after}"
        " --output {output} > {log} 2>&1"


use rule figure_12 as retraining_confidence with:
    input:
        unpack(FIGURES.inputs_of("retraining_confidence_{experiment}")),
    output:
        **drawn(
            "retraining_confidence_{experiment}",
            "retraining_confidence",
            "Further figures",
            figure="confidence before and after an output for fooling images",
            shows="{experiment}",
        ),
    log:
        "<logs>/figures/retraining_confidence_{experiment}.log",
    wildcard_constraints:
        experiment=one_of(TARGETS.head_trained),


rule recognition:
    input:
        unpack(FIGURES.inputs_of("recognition_{experiment}")),
    output:
        **drawn(
            "recognition_{experiment}",
            "recognition",
            "Further figures",
            figure="what retrained networks take for fooling",
            shows="{experiment}",
        ),
    log:
        "<logs>/figures/recognition_{experiment}.log",
    wildcard_constraints:
        experiment=one_of(CONFIG.retraining),
    params:
        *code("fooling.figures.retraining.recognition"),
        dataset=lambda wildcards: TARGETS.networks[CONFIG.retraining[wildcards.experiment].networks[0]].dataset,
    shell:
        "python -m fooling.figures.retraining.recognition --recognition {input.recognition} --dataset {params.dataset}"
        " --output {output} > {log} 2>&1"


rule retraining_sweep:
    input:
        unpack(FIGURES.inputs_of("retraining_sweep")),
    output:
        **drawn(
            "retraining_sweep",
            category="Further figures",
            figure="retraining by share and classes",
            shows="all experiments",
        ),
    log:
        "<logs>/figures/retraining_sweep.log",
    params:
        *code("fooling.figures.retraining.sweep"),
    shell:
        "python -m fooling.figures.retraining.sweep --rounds {input.rounds} --output {output} > {log} 2>&1"


rule retraining_classes:
    input:
        unpack(FIGURES.inputs_of("retraining_classes")),
    output:
        **drawn(
            "retraining_classes",
            category="Further figures",
            figure="retraining by the number of classes",
            shows="all experiments",
        ),
    log:
        "<logs>/figures/retraining_classes.log",
    params:
        *code("fooling.figures.retraining.classes"),
    shell:
        "python -m fooling.figures.retraining.classes --rounds {input.rounds} --output {output} > {log} 2>&1"
