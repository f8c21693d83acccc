"""Figures, as PNG (in the report) and SVG; they only read results, so that drawing anew computes nothing."""


localrules:
    figure_04,
    figure_05,
    figure_s1,
    figure_s2,
    elites,
    confidence_curves,
    ascent_digits,
    transfer_matrix,
    figure_14,
    ancestry,


rule figure_04:
    input:
        lambda wildcards: told(TARGETS.first_rows, "direct"),
    output:
        png=report(
            "<results>/figures/figure_04.png",
            caption="../report/figure_04.rst",
            category="Figures of the paper",
            labels={"figure": "4", "shows": "direct encoding, MNIST"},
        ),
        svg="<results>/figures/figure_04.svg",
    log:
        "<logs>/figures/figure_04.log",
    params:
        *code("fooling.figures.evolution.elite_grid"),
    shell:
        "python -m fooling.figures.evolution.elite_grid --fooling-sets {input} --output {output} > {log} 2>&1"


rule figure_05:
    input:
        lambda wildcards: told(TARGETS.first_rows, "cppn"),
    output:
        png=report(
            "<results>/figures/figure_05.png",
            caption="../report/figure_05.rst",
            category="Figures of the paper",
            labels={"figure": "5", "shows": "CPPN encoding, MNIST"},
        ),
        svg="<results>/figures/figure_05.svg",
    log:
        "<logs>/figures/figure_05.log",
    params:
        *code("fooling.figures.evolution.elite_grid"),
    shell:
        "python -m fooling.figures.evolution.elite_grid --fooling-sets {input} --output {output} > {log} 2>&1"


rule figure_s1:
    input:
        scores="<results>/transfer/mnist/scores.csv",
        fooling_sets=TARGETS.fooling_sets("mnist"),
    output:
        png=report(
            "<results>/figures/figure_s1.png",
            caption="../report/figure_s1.rst",
            category="Figures of the paper",
            labels={"figure": "S1", "shows": "images that fool two networks, MNIST"},
        ),
        svg="<results>/figures/figure_s1.svg",
    log:
        "<logs>/figures/figure_s1.log",
    params:
        *code("fooling.figures.transfer.fooled_by_both"),
        networks=lambda wildcards: told(TARGETS.compared_networks),
    shell:
        "python -m fooling.figures.transfer.fooled_by_both --scores {input.scores} --fooling-sets {input.fooling_sets}"
        " --networks {params.networks} --output {output} > {log} 2>&1"


rule figure_s2:
    input:
        lambda wildcards: told(TARGETS.further_rows, "cppn"),
    output:
        png=report(
            "<results>/figures/figure_s2.png",
            caption="../report/figure_s2.rst",
            category="Figures of the paper",
            labels={"figure": "S2", "shows": "further CPPN runs, MNIST"},
        ),
        svg="<results>/figures/figure_s2.svg",
    log:
        "<logs>/figures/figure_s2.log",
    params:
        *code("fooling.figures.evolution.elite_grid"),
    shell:
        "python -m fooling.figures.evolution.elite_grid --fooling-sets {input} --output {output} > {log} 2>&1"


rule elites:
    input:
        lambda wildcards: TARGETS.evolved(wildcards.experiment, "direct"),
        lambda wildcards: TARGETS.evolved(wildcards.experiment, "cppn"),
    output:
        png=report(
            "<results>/figures/elites_{experiment}.png",
            caption="../report/elites.rst",
            category="Further figures",
            labels={"figure": "elites", "shows": "{experiment}"},
        ),
        svg="<results>/figures/elites_{experiment}.svg",
    log:
        "<logs>/figures/elites_{experiment}.log",
    wildcard_constraints:
        experiment=one_of(CONFIG.evolution),
    params:
        *code("fooling.figures.evolution.elite_grid"),
    shell:
        "python -m fooling.figures.evolution.elite_grid --fooling-sets {input} --output {output} > {log} 2>&1"


rule confidence_curves:
    input:
        direct=lambda wildcards: TARGETS.evolved(wildcards.experiment, "direct", "history.csv"),
        cppn=lambda wildcards: TARGETS.evolved(wildcards.experiment, "cppn", "history.csv"),
    output:
        png=report(
            "<results>/figures/confidence_curves_{experiment}.png",
            caption="../report/confidence_curves.rst",
            category="Further figures",
            labels={"figure": "confidence over generations", "shows": "{experiment}"},
        ),
        svg="<results>/figures/confidence_curves_{experiment}.svg",
    log:
        "<logs>/figures/confidence_curves_{experiment}.log",
    wildcard_constraints:
        experiment=one_of(CONFIG.evolution),
    params:
        *code("fooling.figures.evolution.confidence_curves"),
    shell:
        "python -m fooling.figures.evolution.confidence_curves --direct {input.direct} --cppn {input.cppn}"
        " --output {output} > {log} 2>&1"


rule ascent_digits:
    input:
        lambda wildcards: TARGETS.ascended(wildcards.experiment),
    output:
        png=report(
            "<results>/figures/ascent_digits_{experiment}.png",
            caption="../report/ascent_digits.rst",
            category="Further figures",
            labels={"figure": "gradient ascent", "shows": "{experiment}"},
        ),
        svg="<results>/figures/ascent_digits_{experiment}.svg",
    log:
        "<logs>/figures/ascent_digits_{experiment}.log",
    wildcard_constraints:
        experiment=one_of(CONFIG.ascent),
    params:
        *code("fooling.figures.ascent.sheet"),
    shell:
        "python -m fooling.figures.ascent.sheet --fooling-sets {input} --output {output} > {log} 2>&1"


rule transfer_matrix:
    input:
        "<results>/transfer/{experiment}/transfer.csv",
    output:
        png=report(
            "<results>/figures/transfer_matrix_{experiment}.png",
            caption="../report/transfer_matrix.rst",
            category="Further figures",
            labels={"figure": "transfer between networks", "shows": "{experiment}"},
        ),
        svg="<results>/figures/transfer_matrix_{experiment}.svg",
    log:
        "<logs>/figures/transfer_matrix_{experiment}.log",
    params:
        *code("fooling.figures.transfer.matrix"),
        measures=lambda wildcards: "--measures same_label top_5" if wildcards.experiment == "imagenet" else "",
    shell:
        "python -m fooling.figures.transfer.matrix --table {input} {params.measures} --output {output} > {log} 2>&1"


rule figure_14:
    input:
        "<results>/plane/plane.npz",
    output:
        **drawn("figure_14", figure="14", shows="why: a classifier in the plane"),
    log:
        "<logs>/figures/figure_14.log",
    params:
        *code("fooling.figures.experiments.plane"),
    shell:
        "python -m fooling.figures.experiments.plane --plane {input} --output {output} > {log} 2>&1"


rule ancestry:
    input:
        elites=lambda wildcards: beside(told(TARGETS.first_cppn_run, wildcards.experiment), "elites.npz"),
        fooling_set=lambda wildcards: told(TARGETS.first_cppn_run, wildcards.experiment),
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
        experiment=one_of(TARGETS.experiments("cppn")),
    params:
        *code("fooling.figures.evolution.ancestry"),
    shell:
        "python -m fooling.figures.evolution.ancestry --elites {input.elites} --fooling-set {input.fooling_set}"
        " --output {output} > {log} 2>&1"
