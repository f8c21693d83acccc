"""Figures of how confident networks are of evolved images: over the classes, generations and evaluations."""

from fooling.workflow.figures import SCALED
from fooling.workflow.settings_flags import runs_flags


localrules:
    figure_06,
    figure_07,
    confidence_curves,
    scaling_curves,


rule figure_06:
    input:
        unpack(FIGURES.inputs_of("figure_06")),
        paper_values="config/paper_values.csv",
    output:
        **drawn("figure_06", figure="6", shows="direct encoding, ImageNet"),
    log:
        "<logs>/figures/figure_06.log",
    params:
        *code("fooling.figures.evolution.class_confidence"),
        item="figure_6",
    shell:
        "python -m fooling.figures.evolution.class_confidence --fooling-sets {input.fooling_sets} --natural {input.natural}"
        " --paper-values {input.paper_values} --item {params.item} --output {output} > {log} 2>&1"


use rule figure_06 as figure_07 with:
    input:
        unpack(FIGURES.inputs_of("figure_07")),
        paper_values="config/paper_values.csv",
    output:
        **drawn("figure_07", figure="7", shows="CPPN encoding, ImageNet"),
    log:
        "<logs>/figures/figure_07.log",
    params:
        item="figure_7",


rule confidence_curves:
    input:
        unpack(FIGURES.inputs_of("confidence_curves_{experiment}")),
    output:
        **drawn(
            "confidence_curves_{experiment}",
            "confidence_curves",
            "Further figures",
            figure="confidence over generations",
            shows="{experiment}",
        ),
    log:
        "<logs>/figures/confidence_curves_{experiment}.log",
    wildcard_constraints:
        experiment=one_of(TARGETS.evolved_experiments),
    params:
        *code("fooling.figures.evolution.confidence_curves"),
    shell:
        "python -m fooling.figures.evolution.confidence_curves --direct {input.direct} --cppn {input.cppn}"
        " --output {output} > {log} 2>&1"


rule scaling_curves:
    input:
        unpack(FIGURES.inputs_of("scaling_curves")),
        paper_values="config/paper_values.csv",
    output:
        **drawn(
            "scaling_curves",
            category="Further figures",
            figure="confidence over evaluations",
            shows="10 and 1000 classes",
        ),
    log:
        "<logs>/figures/scaling_curves.log",
    params:
        *code("fooling.figures.evolution.scaling_curves"),
        runs=runs_flags(TARGETS.histories(SCALED)),
    shell:
        "python -m fooling.figures.evolution.scaling_curves {params.runs} --paper-values {input.paper_values}"
        " --output {output} > {log} 2>&1"
