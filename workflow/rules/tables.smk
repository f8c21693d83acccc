"""Tables of the paper, beside their published values."""


localrules:
    table_s1,


rule table_s1:
    input:
        "<results>/transfer/mnist/scores.csv",
    output:
        report(
            "<results>/tables/table_s1.csv",
            caption="../report/table_s1.rst",
            category="Tables of the paper",
            labels={"table": "S1", "shows": "transfer, MNIST"},
        ),
    log:
        "<logs>/tables/table_s1.log",
    params:
        *code("fooling.steps.tabulate_transfer"),
    shell:
        "python -m fooling.steps.tabulate_transfer --scores {input} --output {output} > {log} 2>&1"
