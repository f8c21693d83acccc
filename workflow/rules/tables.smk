"""Tables, as HTML (in the report) and CSV, where the paper has values beside them."""

from fooling.workflow.settings_flags import runs_flags


localrules:
    table_s1,
    table_s1_imagenet,
    table_s2,
    retraining_table,
    evolution_table,
    goal_switches_table,
    ascent_table,
    class_confidence_table,
    siblings_table,
    scaling_table,


rule table_s1:
    input:
        unpack(TABLES.inputs_of("table_s1")),
        paper_values="config/paper_values.csv",
    output:
        **tabulated("table_s1", table="S1", shows="transfer, MNIST"),
    log:
        "<logs>/tables/table_s1.log",
    params:
        *code("fooling.tables.transfer"),
        item="table_s1_mnist",
    shell:
        "python -m fooling.tables.transfer --table {input.table} --paper-values {input.paper_values}"
        " --item {params.item} --output {output} > {log} 2>&1"


use rule table_s1 as table_s1_imagenet with:
    input:
        unpack(TABLES.inputs_of("table_s1_imagenet")),
        paper_values="config/paper_values.csv",
    output:
        **tabulated("table_s1_imagenet", table="S1", shows="transfer, ImageNet"),
    log:
        "<logs>/tables/table_s1_imagenet.log",
    params:
        item="table_s1_imagenet",


rule table_s2:
    input:
        unpack(TABLES.inputs_of("table_s2")),
        paper_values="config/paper_values.csv",
    output:
        **tabulated("table_s2", table="S2", shows="retraining, MNIST"),
    log:
        "<logs>/tables/table_s2.log",
    params:
        *code("fooling.tables.retraining"),
        item="--item table_s2",
    shell:
        "python -m fooling.tables.retraining --rounds {input.rounds} --paper-values {input.paper_values}"
        " {params.item} --output {output} > {log} 2>&1"


use rule table_s2 as retraining_table with:
    input:
        unpack(TABLES.inputs_of("retraining_{experiment}")),
        paper_values="config/paper_values.csv",
    output:
        **tabulated(
            "retraining_{experiment}", "retraining_table", "Further tables", table="retraining", shows="{experiment}"
        ),
    log:
        "<logs>/tables/retraining_{experiment}.log",
    wildcard_constraints:
        experiment=one_of(CONFIG.retraining),
    params:
        item="",


rule evolution_table:
    input:
        unpack(TABLES.inputs_of("evolution_{experiment}")),
    output:
        **tabulated(
            "evolution_{experiment}",
            "evolution_table",
            "Further tables",
            table="runs of evolution",
            shows="{experiment}",
        ),
    log:
        "<logs>/tables/evolution_{experiment}.log",
    wildcard_constraints:
        experiment=one_of(TARGETS.evolved_experiments),
    params:
        *code("fooling.tables.evolution"),
    shell:
        "python -m fooling.tables.evolution --fooling-sets {input.fooling_sets} --histories {input.histories}"
        " --output {output} > {log} 2>&1"


rule goal_switches_table:
    input:
        unpack(TABLES.inputs_of("goal_switches_{experiment}")),
    output:
        **tabulated(
            "goal_switches_{experiment}",
            "goal_switches",
            "Further tables",
            table="goal switches",
            shows="{experiment}",
        ),
    log:
        "<logs>/tables/goal_switches_{experiment}.log",
    wildcard_constraints:
        experiment=one_of(TARGETS.evolved_experiments),
    params:
        *code("fooling.tables.goal_switches"),
    shell:
        "python -m fooling.tables.goal_switches --elites {input.elites} --output {output} > {log} 2>&1"


rule ascent_table:
    input:
        unpack(TABLES.inputs_of("ascent_{experiment}")),
        paper_values="config/paper_values.csv",
    output:
        **tabulated(
            "ascent_{experiment}", "ascent_table", "Further tables", table="gradient ascent", shows="{experiment}"
        ),
    log:
        "<logs>/tables/ascent_{experiment}.log",
    wildcard_constraints:
        experiment=one_of(CONFIG.ascent),
    params:
        *code("fooling.tables.ascent"),
    shell:
        "python -m fooling.tables.ascent --fooling-sets {input.fooling_sets}"
        " --paper-values {input.paper_values} --output {output} > {log} 2>&1"


rule class_confidence_table:
    input:
        unpack(TABLES.inputs_of("class_confidence")),
        paper_values="config/paper_values.csv",
    output:
        **tabulated(
            "class_confidence",
            "class_confidence_table",
            "Further tables",
            table="confidence over the classes",
            shows="ImageNet",
        ),
    log:
        "<logs>/tables/class_confidence.log",
    params:
        *code("fooling.tables.class_confidence"),
        ensembles=" ".join(["--ensembles", *CONFIG.ensembles]) if CONFIG.ensembles else "",
    shell:
        "python -m fooling.tables.class_confidence --fooling-sets {input.fooling_sets}"
        " --natural {input.natural} {params.ensembles} --paper-values {input.paper_values} --output {output}"
        " > {log} 2>&1"


rule siblings_table:
    input:
        unpack(TABLES.inputs_of("siblings")),
    output:
        **tabulated("siblings", category="Further tables", table="likeness of sibling classes", shows="ImageNet"),
    log:
        "<logs>/tables/siblings.log",
    params:
        *code("fooling.tables.siblings"),
    shell:
        "python -m fooling.tables.siblings --features {input.features} --output {output} > {log} 2>&1"


rule scaling_table:
    input:
        unpack(TABLES.inputs_of("scaling")),
    output:
        **tabulated(
            "scaling",
            "scaling_table",
            "Further tables",
            table="evaluations to a confidence",
            shows="all experiments",
        ),
    log:
        "<logs>/tables/scaling.log",
    params:
        *code("fooling.tables.scaling"),
        runs=runs_flags(TARGETS.histories(TARGETS.evolved_experiments)),
    shell:
        "python -m fooling.tables.scaling {params.runs} --output {output} > {log} 2>&1"
