"""Figures of experiments on fooling images, and of the classifier in the plane."""


localrules:
    figure_09,
    figure_10,
    figure_14,


rule figure_09:
    input:
        unpack(FIGURES.inputs_of("figure_09")),
    output:
        **drawn("figure_09", figure="9", shows="sibling classes, ImageNet"),
    log:
        "<logs>/figures/figure_09.log",
    params:
        *code("fooling.figures.experiments.siblings"),
    shell:
        "python -m fooling.figures.experiments.siblings --fooling-sets {input.fooling_sets} --siblings {input.siblings}"
        " --output {output} > {log} 2>&1"


rule figure_10:
    input:
        unpack(FIGURES.inputs_of("figure_10")),
    output:
        **drawn("figure_10", figure="10", shows="repeated elements removed"),
    log:
        "<logs>/figures/figure_10.log",
    params:
        *code("fooling.figures.experiments.ablation"),
    shell:
        "python -m fooling.figures.experiments.ablation --ablation {input.ablation} --output {output} > {log} 2>&1"


rule figure_14:
    input:
        unpack(FIGURES.inputs_of("figure_14")),
    output:
        **drawn("figure_14", figure="14", shows="why: a classifier in the plane"),
    log:
        "<logs>/figures/figure_14.log",
    params:
        *code("fooling.figures.experiments.plane"),
    shell:
        "python -m fooling.figures.experiments.plane --plane {input.plane} --output {output} > {log} 2>&1"
