"""Figures that show evolved images."""


localrules:
    figure_01,
    figure_02,
    figure_04,
    figure_05,
    figure_s2,
    elites,
    figure_08,
    ancestry,


rule figure_01:
    input:
        unpack(FIGURES.inputs_of("figure_01")),
        paper_values="config/paper_values.csv",
    output:
        **drawn("figure_01", figure="1", shows="fooling images, ImageNet"),
    log:
        "<logs>/figures/figure_01.log",
    params:
        *code("fooling.figures.evolution.examples"),
    shell:
        "python -m fooling.figures.evolution.examples --fooling-sets {input.fooling_sets}"
        " --paper-values {input.paper_values} --output {output} > {log} 2>&1"


rule figure_02:
    input:
        unpack(FIGURES.inputs_of("figure_02")),
    output:
        **drawn("figure_02", figure="2", shows="the idea"),
    log:
        "<logs>/figures/figure_02.log",
    params:
        *code("fooling.figures.evolution.idea"),
        images=NATURAL_IMAGES,
    shell:
        "python -m fooling.figures.evolution.idea --natural {input.natural} {params.images} --fooling-set {input.fooling_set}"
        " --elites {input.elites} --output {output} > {log} 2>&1"


rule figure_04:
    input:
        unpack(FIGURES.inputs_of("figure_04")),
    output:
        **drawn("figure_04", figure="4", shows="direct encoding, MNIST"),
    log:
        "<logs>/figures/figure_04.log",
    params:
        *code("fooling.figures.evolution.elite_grid"),
    shell:
        "python -m fooling.figures.evolution.elite_grid --fooling-sets {input.fooling_sets} --output {output}"
        " > {log} 2>&1"


use rule figure_04 as figure_05 with:
    input:
        unpack(FIGURES.inputs_of("figure_05")),
    output:
        **drawn("figure_05", figure="5", shows="CPPN encoding, MNIST"),
    log:
        "<logs>/figures/figure_05.log",


use rule figure_04 as figure_s2 with:
    input:
        unpack(FIGURES.inputs_of("figure_s2")),
    output:
        **drawn("figure_s2", figure="S2", shows="further CPPN runs, MNIST"),
    log:
        "<logs>/figures/figure_s2.log",


use rule figure_04 as elites with:
    input:
        unpack(FIGURES.inputs_of("elites_{experiment}")),
    output:
        **drawn("elites_{experiment}", "elites", "Further figures", figure="elites", shows="{experiment}"),
    log:
        "<logs>/figures/elites_{experiment}.log",
    wildcard_constraints:
        experiment=one_of(TARGETS.evolved_experiments),


rule figure_08:
    input:
        unpack(FIGURES.inputs_of("figure_08")),
        paper_values="config/paper_values.csv",
    output:
        **drawn("figure_08", figure="8", shows="diverse CPPN images, ImageNet"),
    log:
        "<logs>/figures/figure_08.log",
    params:
        *code("fooling.figures.evolution.diverse_images"),
    shell:
        "python -m fooling.figures.evolution.diverse_images --features {input.features} --fooling-sets {input.fooling_sets}"
        " --paper-values {input.paper_values} --output {output} > {log} 2>&1"


rule ancestry:
    input:
        unpack(FIGURES.inputs_of("ancestry_{experiment}")),
    output:
        **drawn(
            "ancestry_{experiment}",
            "ancestry",
            "Further figures",
            figure="ancestry of a fooling image",
            shows="{experiment}",
        ),
    log:
        "<logs>/figures/ancestry_{experiment}.log",
    wildcard_constraints:
        experiment=one_of(CONFIG.evolution),
    params:
        *code("fooling.figures.evolution.ancestry"),
    shell:
        "python -m fooling.figures.evolution.ancestry --elites {input.elites} --fooling-set {input.fooling_set}"
        " --output {output} > {log} 2>&1"
