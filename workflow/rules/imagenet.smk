"""ImageNet: natural images beside fooling ones, what is measured on the images, and the figures and tables of it."""


localrules:
    figure_01,
    figure_02,
    figure_06,
    figure_07,
    figure_08,
    figure_09,
    figure_10,
    figure_13,
    figure_s3,
    ascent_sheet,
    siblings_table,
    class_confidence_table,


rule score_natural:
    input:
        lambda wildcards: TARGETS.network_files(TARGETS.fooled_networks("imagenet")),
    output:
        table="<results>/natural/imagenet.csv",
        provenance="<results>/natural/imagenet.provenance.json",
    log:
        "<logs>/score_natural/imagenet.log",
    benchmark:
        "<benchmarks>/score_natural/imagenet.tsv"
    threads: CONFIG.compute.threads
    resources:
        **needs(mem_mb=3000, minutes=60),
    params:
        *code("fooling.steps.experiments.score_natural"),
        root=f"--imagenet-root {shlex.quote(IMAGENET_ROOT)}" if IMAGENET_ROOT else "",
        compute=COMPUTE,
    shell:
        "python -m fooling.steps.experiments.score_natural --network {input} {params.root} --output {output.table}"
        " {params.compute} > {log} 2>&1"


rule embed:
    input:
        fooling_sets=lambda wildcards: told(TARGETS.imagenet_runs, "cppn"),
        network=lambda wildcards: TARGETS.network_files([CONFIG.features["imagenet"]]),
    output:
        features="<results>/features/imagenet.npz",
        provenance="<results>/features/imagenet.provenance.json",
    log:
        "<logs>/embed/imagenet.log",
    benchmark:
        "<benchmarks>/embed/imagenet.tsv"
    threads: CONFIG.compute.threads
    resources:
        **needs(mem_mb=3000, minutes=60),
    params:
        *code("fooling.steps.experiments.embed"),
        compute=COMPUTE,
    shell:
        "python -m fooling.steps.experiments.embed --fooling-sets {input.fooling_sets} --network {input.network}"
        " --output {output.features} {params.compute} > {log} 2>&1"


rule ablate:
    input:
        fooling_sets=lambda wildcards: told(TARGETS.imagenet_runs, "cppn"),
        network=lambda wildcards: TARGETS.network_files([TARGETS.imagenet_network("cppn")]),
    output:
        ablation="<results>/ablation/imagenet.npz",
        table="<results>/ablation/imagenet.csv",
        provenance="<results>/ablation/imagenet.provenance.json",
    log:
        "<logs>/ablate/imagenet.log",
    benchmark:
        "<benchmarks>/ablate/imagenet.tsv"
    threads: CONFIG.compute.threads
    resources:
        **needs(mem_mb=3000, minutes=60),
    params:
        *code("fooling.steps.experiments.ablate"),
        settings=lambda wildcards: settings_flags(CONFIG.ablation["imagenet"], AblationSettings),
        compute=COMPUTE,
    shell:
        "python -m fooling.steps.experiments.ablate --fooling-sets {input.fooling_sets} --network {input.network}"
        " --output {output.ablation} --table {output.table} {params.settings} {params.compute}"
        " > {log} 2>&1"


rule figure_01:
    input:
        fooling_sets=lambda wildcards: told(TARGETS.imagenet_runs, "direct") + told(TARGETS.imagenet_runs, "cppn"),
        paper_values="config/paper_values.csv",
    output:
        **drawn("figure_01", figure="1", shows="fooling images, ImageNet"),
        table="<results>/tables/examples.csv",
    log:
        "<logs>/figures/figure_01.log",
    params:
        *code("fooling.figures.evolution.examples"),
    shell:
        "python -m fooling.figures.evolution.examples --fooling-sets {input.fooling_sets} --paper-values {input.paper_values}"
        " --output {output.png} {output.svg} --table {output.table} > {log} 2>&1"


rule figure_02:
    input:
        natural="<results>/natural/imagenet.csv",
        fooling_set=lambda wildcards: told(TARGETS.imagenet_runs, "cppn")[0],
        archive=lambda wildcards: beside(told(TARGETS.imagenet_runs, "cppn"), "archive.npz")[0],
    output:
        **drawn("figure_02", figure="2", shows="the idea"),
    log:
        "<logs>/figures/figure_02.log",
    params:
        *code("fooling.figures.evolution.idea"),
        root=f"--imagenet-root {shlex.quote(IMAGENET_ROOT)}" if IMAGENET_ROOT else "",
    shell:
        "python -m fooling.figures.evolution.idea --natural {input.natural} {params.root} --fooling-set {input.fooling_set}"
        " --archive {input.archive} --output {output} > {log} 2>&1"


rule figure_06:
    input:
        fooling_sets=lambda wildcards: told(TARGETS.imagenet_runs, "direct"),
        natural="<results>/natural/imagenet.csv",
        paper_values="config/paper_values.csv",
    output:
        **drawn("figure_06", figure="6", shows="direct encoding, ImageNet"),
    log:
        "<logs>/figures/figure_06.log",
    params:
        *code("fooling.figures.evolution.class_confidence"),
    shell:
        "python -m fooling.figures.evolution.class_confidence --fooling-sets {input.fooling_sets} --natural {input.natural}"
        " --paper-values {input.paper_values} --item figure_6 --output {output} > {log} 2>&1"


rule figure_07:
    input:
        fooling_sets=lambda wildcards: told(TARGETS.imagenet_runs, "cppn"),
        natural="<results>/natural/imagenet.csv",
        paper_values="config/paper_values.csv",
    output:
        **drawn("figure_07", figure="7", shows="CPPN encoding, ImageNet"),
    log:
        "<logs>/figures/figure_07.log",
    params:
        *code("fooling.figures.evolution.class_confidence"),
    shell:
        "python -m fooling.figures.evolution.class_confidence --fooling-sets {input.fooling_sets} --natural {input.natural}"
        " --paper-values {input.paper_values} --item figure_7 --output {output} > {log} 2>&1"


rule figure_08:
    input:
        features="<results>/features/imagenet.npz",
        fooling_sets=lambda wildcards: told(TARGETS.imagenet_runs, "cppn"),
        paper_values="config/paper_values.csv",
    output:
        **drawn("figure_08", figure="8", shows="diverse CPPN images, ImageNet"),
        table="<results>/tables/diverse_images.csv",
    log:
        "<logs>/figures/figure_08.log",
    params:
        *code("fooling.figures.evolution.diverse_images"),
    shell:
        "python -m fooling.figures.evolution.diverse_images --features {input.features} --fooling-sets {input.fooling_sets}"
        " --paper-values {input.paper_values} --output {output.png} {output.svg} --table {output.table} > {log} 2>&1"


rule figure_09:
    input:
        fooling_sets=lambda wildcards: told(TARGETS.two_imagenet_runs),
        siblings="<results>/tables/siblings.csv",
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
        "<results>/ablation/imagenet.npz",
    output:
        **drawn("figure_10", figure="10", shows="repeated elements removed"),
    log:
        "<logs>/figures/figure_10.log",
    params:
        *code("fooling.figures.experiments.ablation"),
    shell:
        "python -m fooling.figures.experiments.ablation --ablation {input} --output {output} > {log} 2>&1"


rule figure_13:
    input:
        lambda wildcards: told(TARGETS.imagenet_ascent, "minus_1"),
    output:
        **drawn("figure_13", figure="13", shows="gradient ascent, ImageNet"),
    log:
        "<logs>/figures/figure_13.log",
    params:
        *code("fooling.figures.ascent.digits"),
    shell:
        "python -m fooling.figures.ascent.digits --fooling-set {input} --output {output} > {log} 2>&1"


rule figure_s3:
    input:
        fooling_set=lambda wildcards: told(TARGETS.imagenet_ascent, "169"),
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
        lambda wildcards: told(TARGETS.imagenet_ascent, SHEETS[wildcards.number]),
    output:
        **drawn("figure_{number}", "figure_s4_s7", figure="{number}", shows="gradient ascent, ImageNet"),
    log:
        "<logs>/figures/figure_{number}.log",
    wildcard_constraints:
        number=one_of(SHEETS),
    params:
        *code("fooling.figures.ascent.sheet"),
    shell:
        "python -m fooling.figures.ascent.sheet --fooling-sets {input} --mean-subtracted --output {output} > {log} 2>&1"


rule class_confidence_table:
    input:
        fooling_sets=TARGETS.class_confidence_runs(),
        natural="<results>/natural/imagenet.csv",
        paper_values="config/paper_values.csv",
    output:
        html=report(
            "<results>/tables/class_confidence.html",
            caption="../report/class_confidence_table.rst",
            category="Further tables",
            labels={"table": "confidence over the classes", "shows": "ImageNet"},
        ),
        csv="<results>/tables/class_confidence.csv",
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
        "<results>/features/imagenet.npz",
    output:
        html=report(
            "<results>/tables/siblings.html",
            caption="../report/siblings.rst",
            category="Further tables",
            labels={"table": "likeness of sibling classes", "shows": "ImageNet"},
        ),
        csv="<results>/tables/siblings.csv",
    log:
        "<logs>/tables/siblings.log",
    params:
        *code("fooling.tables.siblings"),
    shell:
        "python -m fooling.tables.siblings --features {input} --output {output} > {log} 2>&1"
