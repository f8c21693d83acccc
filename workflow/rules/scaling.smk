"""What confidence costs: all runs by the images they evaluated."""


localrules:
    scaling_curves,
    scaling_table,


rule scaling_curves:
    input:
        *TARGETS.histories(SCALED).values(),
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
        runs=scaling_flags(SCALED),
    shell:
        "python -m fooling.figures.evolution.scaling_curves {params.runs} --paper-values {input.paper_values}"
        " --output {output} > {log} 2>&1"


rule scaling_table:
    input:
        *TARGETS.histories(TARGETS.evolved_experiments).values(),
    output:
        html=report(
            "<results>/tables/scaling.html",
            caption="../report/scaling_table.rst",
            category="Further tables",
            labels={"table": "evaluations to a confidence", "shows": "all experiments"},
        ),
        csv="<results>/tables/scaling.csv",
    log:
        "<logs>/tables/scaling.log",
    params:
        *code("fooling.tables.scaling"),
        runs=scaling_flags(TARGETS.evolved_experiments),
    shell:
        "python -m fooling.tables.scaling {params.runs} --output {output} > {log} 2>&1"
