"""Tables of the paper, beside their published values."""


localrules:
    table_s1,


rule table_s1:
    input:
        table="<results>/transfer/mnist/transfer.csv",
        paper_values="config/paper_values.csv",
    output:
        html=report(
            "<results>/tables/table_s1.html",
            caption="../report/table_s1.rst",
            category="Tables of the paper",
            labels={"table": "S1", "shows": "transfer, MNIST"},
        ),
        csv="<results>/tables/table_s1.csv",
    log:
        "<logs>/tables/table_s1.log",
    params:
        *code("fooling.steps.tabulate_transfer"),
    shell:
        "python -m fooling.steps.tabulate_transfer --table {input.table} --paper-values {input.paper_values}"
        " --item table_s1_mnist --output {output} > {log} 2>&1"
