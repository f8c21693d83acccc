"""Figure 3: pictures bred by hand."""


localrules:
    figure_03,


rule figure_03:
    input:
        unpack(FIGURES.inputs_of("figure_03")),
    output:
        **drawn("figure_03", figure="3", shows="pictures bred by hand"),
    log:
        "<logs>/figures/figure_03.log",
    params:
        *code("fooling.figures.breeding.bred"),
    shell:
        "python -m fooling.figures.breeding.bred --bred {input.bred} --output {output} > {log} 2>&1"
