"""Figures of gradient ascent."""

from fooling.workflow.figures import SHEETS


localrules:
    figure_13,
    figure_s3,
    ascent_sheet,
    ascent_digits,


rule figure_13:
    input:
        unpack(FIGURES.inputs_of("figure_13")),
    output:
        **drawn("figure_13", figure="13", shows="gradient ascent, ImageNet"),
    log:
        "<logs>/figures/figure_13.log",
    params:
        *code("fooling.figures.ascent.digits"),
    shell:
        "python -m fooling.figures.ascent.digits --fooling-set {input.fooling_set} --output {output} > {log} 2>&1"


rule figure_s3:
    input:
        unpack(FIGURES.inputs_of("figure_s3")),
        paper_values="config/paper_values.csv",
    output:
        **drawn("figure_s3", figure="S3", shows="gradient ascent with L2 decay alone"),
    log:
        "<logs>/figures/figure_s3.log",
    params:
        *code("fooling.figures.ascent.sheet"),
    shell:
        "python -m fooling.figures.ascent.sheet --fooling-sets {input.fooling_set} --mean-subtracted"
        " --paper-values {input.paper_values} --item figure_s3 --output {output} > {log} 2>&1"


rule ascent_sheet:
    input:
        unpack(FIGURES.inputs_of("figure_{number}")),
    output:
        **drawn("figure_{number}", "figure_s4_s7", figure="{number}", shows="gradient ascent, ImageNet"),
    log:
        "<logs>/figures/figure_{number}.log",
    wildcard_constraints:
        number=one_of(SHEETS),
    params:
        *code("fooling.figures.ascent.sheet"),
    shell:
        "python -m fooling.figures.ascent.sheet --fooling-sets {input.fooling_set} --mean-subtracted --output {output}"
        " > {log} 2>&1"


rule ascent_digits:
    input:
        unpack(FIGURES.inputs_of("ascent_digits_{experiment}")),
    output:
        **drawn(
            "ascent_digits_{experiment}",
            "ascent_digits",
            "Further figures",
            figure="gradient ascent",
            shows="{experiment}",
        ),
    log:
        "<logs>/figures/ascent_digits_{experiment}.log",
    wildcard_constraints:
        experiment=one_of(CONFIG.ascent),
    params:
        *code("fooling.figures.ascent.sheet"),
    shell:
        "python -m fooling.figures.ascent.sheet --fooling-sets {input.fooling_sets} --output {output} > {log} 2>&1"
