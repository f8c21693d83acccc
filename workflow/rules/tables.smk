"""Tables of the paper, beside their published values."""


localrules:
    table_s1,
    table_s1_imagenet,
    evolution_table,
    goal_switches_table,
    ascent_table,


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
        *code("fooling.tables.transfer"),
    shell:
        "python -m fooling.tables.transfer --table {input.table} --paper-values {input.paper_values}"
        " --item table_s1_mnist --output {output} > {log} 2>&1"


rule table_s1_imagenet:
    input:
        table="<results>/transfer/imagenet/transfer.csv",
        paper_values="config/paper_values.csv",
    output:
        html=report(
            "<results>/tables/table_s1_imagenet.html",
            caption="../report/table_s1_imagenet.rst",
            category="Tables of the paper",
            labels={"table": "S1", "shows": "transfer, ImageNet"},
        ),
        csv="<results>/tables/table_s1_imagenet.csv",
    log:
        "<logs>/tables/table_s1_imagenet.log",
    params:
        *code("fooling.tables.transfer"),
    shell:
        "python -m fooling.tables.transfer --table {input.table} --paper-values {input.paper_values}"
        " --item table_s1_imagenet --output {output} > {log} 2>&1"


rule evolution_table:
    input:
        fooling_sets=lambda wildcards: TARGETS.evolved(wildcards.experiment, "direct")
        + TARGETS.evolved(wildcards.experiment, "cppn"),
        histories=lambda wildcards: TARGETS.evolved(wildcards.experiment, "direct", "history.csv")
        + TARGETS.evolved(wildcards.experiment, "cppn", "history.csv"),
    output:
        html=report(
            "<results>/tables/evolution_{experiment}.html",
            caption="../report/evolution_table.rst",
            category="Further tables",
            labels={"table": "runs of evolution", "shows": "{experiment}"},
        ),
        csv="<results>/tables/evolution_{experiment}.csv",
    log:
        "<logs>/tables/evolution_{experiment}.log",
    wildcard_constraints:
        experiment=one_of(CONFIG.evolution),
    params:
        *code("fooling.tables.evolution"),
    shell:
        "python -m fooling.tables.evolution --fooling-sets {input.fooling_sets} --histories {input.histories}"
        " --output {output} > {log} 2>&1"


rule goal_switches_table:
    input:
        lambda wildcards: beside(TARGETS.evolved(wildcards.experiment, "direct"), "elites.npz")
        + beside(TARGETS.evolved(wildcards.experiment, "cppn"), "elites.npz"),
    output:
        html=report(
            "<results>/tables/goal_switches_{experiment}.html",
            caption="../report/goal_switches.rst",
            category="Further tables",
            labels={"table": "goal switches", "shows": "{experiment}"},
        ),
        csv="<results>/tables/goal_switches_{experiment}.csv",
    log:
        "<logs>/tables/goal_switches_{experiment}.log",
    wildcard_constraints:
        experiment=one_of(CONFIG.evolution),
    params:
        *code("fooling.tables.goal_switches"),
    shell:
        "python -m fooling.tables.goal_switches --elites {input} --output {output} > {log} 2>&1"


rule ascent_table:
    input:
        fooling_sets=lambda wildcards: TARGETS.ascended(wildcards.experiment),
        paper_values="config/paper_values.csv",
    output:
        html=report(
            "<results>/tables/ascent_{experiment}.html",
            caption="../report/ascent_table.rst",
            category="Further tables",
            labels={"table": "gradient ascent", "shows": "{experiment}"},
        ),
        csv="<results>/tables/ascent_{experiment}.csv",
    log:
        "<logs>/tables/ascent_{experiment}.log",
    wildcard_constraints:
        experiment=one_of(CONFIG.ascent),
    params:
        *code("fooling.tables.ascent"),
    shell:
        "python -m fooling.tables.ascent --fooling-sets {input.fooling_sets}"
        " --paper-values {input.paper_values} --output {output} > {log} 2>&1"
