"""Retraining: images that fool a network become one more class of the next, round by round."""


localrules:
    sample_fooling_class,
    figure_11,
    figure_12,
    retraining_confidence,
    recognition,
    retraining_sweep,
    table_s2,
    retraining_table,


wildcard_constraints:
    round="[0-9]+",


rule evolve_round:
    input:
        lambda wildcards: TARGETS.retrained(wildcards.experiment, wildcards.network, [int(wildcards.round)]),
    output:
        fooling_set="<results>/retraining/{experiment}/{network}/round-{round}/fooling_set.npz",
        history="<results>/retraining/{experiment}/{network}/round-{round}/history.csv",
        provenance="<results>/retraining/{experiment}/{network}/round-{round}/fooling_set.provenance.json",
    log:
        "<logs>/evolve_round/{experiment}/{network}/round-{round}.log",
    benchmark:
        "<benchmarks>/evolve_round/{experiment}/{network}/round-{round}.tsv"
    # The rounds of a chain wait for each other: start them before what can be done beside them.
    priority: 1
    threads: CONFIG.compute.threads
    resources:
        **needs(mem_mb=3000, minutes=120, elsewhere_mb=16000),
    params:
        *code("fooling.steps.evolution.evolve_round"),
        runs=lambda wildcards: retraining(wildcards).runs_of(int(wildcards.round)),
        first_seed=lambda wildcards: int(wildcards.round) * RUNS_PER_ROUND,
        settings=lambda wildcards: settings_flags(retraining(wildcards).evolution, RoundEvolution),
        compute=COMPUTE,
        checkpoints=checkpoints,
    shell:
        "python -m fooling.steps.evolution.evolve_round --network {input} --runs {params.runs} --first-seed {params.first_seed}"
        " --output {output.fooling_set} --history {output.history}"
        " {params.settings} {params.compute} {params.checkpoints} > {log} 2>&1"


rule sample_fooling_class:
    input:
        "<results>/retraining/{experiment}/{network}/round-{round}/fooling_set.npz",
    output:
        fooling_class="<results>/retraining/{experiment}/{network}/round-{round}/fooling_class.npz",
        provenance="<results>/retraining/{experiment}/{network}/round-{round}/fooling_class.provenance.json",
    log:
        "<logs>/sample_fooling_class/{experiment}/{network}/round-{round}.log",
    priority: 1
    params:
        *code("fooling.steps.training.sample_fooling_class"),
        images=lambda wildcards: retraining(wildcards).images_of(int(wildcards.round)),
    shell:
        "python -m fooling.steps.training.sample_fooling_class --fooling-set {input} --seed {wildcards.round}"
        " --images {params.images} --output {output.fooling_class} > {log} 2>&1"


rule retrain:
    input:
        data=lambda wildcards: dataset_files(wildcards.network),
        fooling_classes=lambda wildcards: in_chain(wildcards, "fooling_class.npz", range(1, int(wildcards.round))),
    output:
        network="<results>/retraining/{experiment}/{network}/round-{round}/{network}-dnn{round}.npz",
        provenance="<results>/retraining/{experiment}/{network}/round-{round}/{network}-dnn{round}.provenance.json",
    log:
        "<logs>/retrain/{experiment}/{network}/round-{round}.log",
    benchmark:
        "<benchmarks>/retrain/{experiment}/{network}/round-{round}.tsv"
    wildcard_constraints:
        network=one_of(TARGETS.trained),
    priority: 1
    threads: CONFIG.compute.threads
    resources:
        **needs(mem_mb=3000, minutes=60),
    params:
        *code("fooling.steps.training.retrain"),
        data=lambda wildcards, input: os.path.dirname(input.data[0]),
        # Another initialisation than that of any network of the first round.
        seed=lambda wildcards: 1000 * int(wildcards.round) + int(wildcards.network.rpartition("-")[2]),
        settings=lambda wildcards: settings_flags(training(wildcards.network), TrainingSettings),
        compute=COMPUTE,
        checkpoints=checkpoints,
    shell:
        "python -m fooling.steps.training.retrain --data {params.data} --fooling-classes {input.fooling_classes}"
        " --seed {params.seed} --output {output.network}"
        " {params.settings} {params.compute} {params.checkpoints} > {log} 2>&1"


rule retrain_head:
    input:
        network="<results>/networks/{network}.npz",
        data=ancient(rules.fetch_cifar10.output),
        fooling_classes=lambda wildcards: in_chain(wildcards, "fooling_class.npz", range(1, int(wildcards.round))),
    output:
        network="<results>/retraining/{experiment}/{network}/round-{round}/{network}-dnn{round}.npz",
        provenance="<results>/retraining/{experiment}/{network}/round-{round}/{network}-dnn{round}.provenance.json",
    log:
        "<logs>/retrain_head/{experiment}/{network}/round-{round}.log",
    benchmark:
        "<benchmarks>/retrain_head/{experiment}/{network}/round-{round}.tsv"
    wildcard_constraints:
        network=one_of(CONFIG.pretrained),
        experiment=one_of(TARGETS.head_trained),
    priority: 1
    threads: CONFIG.compute.threads
    resources:
        **needs(mem_mb=6000, minutes=60),
    params:
        *code("fooling.steps.training.retrain_head"),
        data=lambda wildcards, input: os.path.dirname(input.data[0]),
        seed=lambda wildcards: 1000 * int(wildcards.round),
        settings=lambda wildcards: settings_flags(retraining(wildcards).head_training, HeadTrainingSettings),
        compute=COMPUTE,
    shell:
        "python -m fooling.steps.training.retrain_head --network {input.network} --data {params.data}"
        " --fooling-classes {input.fooling_classes} --seed {params.seed} --output {output.network}"
        " {params.settings} {params.compute} > {log} 2>&1"


rule retrain_imagenet:
    input:
        network="<results>/networks/{network}.npz",
        fooling_classes=lambda wildcards: in_chain(wildcards, "fooling_class.npz", range(1, int(wildcards.round))),
    output:
        network="<results>/retraining/{experiment}/{network}/round-{round}/{network}-dnn{round}.npz",
        provenance="<results>/retraining/{experiment}/{network}/round-{round}/{network}-dnn{round}.provenance.json",
    log:
        "<logs>/retrain_imagenet/{experiment}/{network}/round-{round}.log",
    benchmark:
        "<benchmarks>/retrain_imagenet/{experiment}/{network}/round-{round}.tsv"
    wildcard_constraints:
        network=one_of(CONFIG.pretrained),
        experiment=one_of(TARGETS.whole_trained),
    priority: 1
    threads: lambda wildcards: imagenet_threads(retraining(wildcards).imagenet_training)
    resources:
        **imagenet_needs(),
    params:
        *code("fooling.steps.training.retrain_imagenet"),
        start=lambda wildcards: imagenet_start(retraining(wildcards).imagenet_training),
        root=shlex.quote(IMAGENET_ROOT or ""),
        seed=lambda wildcards: 1000 * int(wildcards.round),
        settings=lambda wildcards: settings_flags(retraining(wildcards).imagenet_training, ImagenetTrainingSettings),
        compute=COMPUTE,
        # A function of the resources, as `checkpoints` is: the number of readers changes no result.
        workers=lambda wildcards, resources: retraining(wildcards).imagenet_training.workers,
        checkpoints=checkpoints,
    shell:
        "{params.start} -m fooling.steps.training.retrain_imagenet"
        " --network {input.network} --root {params.root} --fooling-classes {input.fooling_classes}"
        " --seed {params.seed} --output {output.network} --workers {params.workers}"
        " {params.settings} {params.compute} {params.checkpoints} > {log} 2>&1"


rule score_retraining:
    input:
        data=lambda wildcards: dataset_files(wildcards.network),
        networks=lambda wildcards: TARGETS.retrained(wildcards.experiment, wildcards.network, rounds_of(wildcards)),
        fooling_sets=lambda wildcards: in_chain(wildcards, "fooling_set.npz", rounds_of(wildcards)),
        histories=lambda wildcards: in_chain(wildcards, "history.csv", rounds_of(wildcards)),
        fooling_classes=lambda wildcards: in_chain(wildcards, "fooling_class.npz", rounds_of(wildcards)[:-1]),
        others=lambda wildcards: TARGETS.others(wildcards.experiment, wildcards.network),
    output:
        rounds="<results>/retraining/{experiment}/{network}/rounds.csv",
        recognition="<results>/retraining/{experiment}/{network}/recognition.csv",
        provenance="<results>/retraining/{experiment}/{network}/rounds.provenance.json",
    log:
        "<logs>/score_retraining/{experiment}/{network}.log",
    benchmark:
        "<benchmarks>/score_retraining/{experiment}/{network}.tsv"
    threads: CONFIG.compute.threads
    resources:
        **needs(mem_mb=3000, minutes=60, elsewhere_mb=16000),
    params:
        *code("fooling.steps.experiments.score_retraining"),
        data=lambda wildcards, input: scored_data(wildcards, input.data),
        compute=COMPUTE,
    shell:
        "python -m fooling.steps.experiments.score_retraining {params.data} --networks {input.networks}"
        " --fooling-sets {input.fooling_sets} --histories {input.histories}"
        " --fooling-classes {input.fooling_classes} --others {input.others}"
        " --rounds {output.rounds} --recognition {output.recognition} {params.compute} > {log} 2>&1"


rule figure_11:
    input:
        lambda wildcards: told(TARGETS.first_chain, "mnist"),
    output:
        **drawn("figure_11", figure="11", shows="retraining, MNIST"),
    log:
        "<logs>/figures/figure_11.log",
    params:
        *code("fooling.figures.retraining.grid"),
    shell:
        "python -m fooling.figures.retraining.grid --fooling-sets {input} --output {output} > {log} 2>&1"


rule figure_12:
    input:
        before=lambda wildcards: TARGETS.chains(told(TARGETS.natural_retraining), "round-1/fooling_set.npz"),
        after=lambda wildcards: TARGETS.chains(told(TARGETS.natural_retraining), "round-2/fooling_set.npz"),
    output:
        **drawn("figure_12", figure="12", shows="retraining, natural images"),
    log:
        "<logs>/figures/figure_12.log",
    params:
        *code("fooling.figures.retraining.confidence"),
    shell:
        "python -m fooling.figures.retraining.confidence --before {input.before} --after {input.after}"
        " --output {output} > {log} 2>&1"


rule retraining_confidence:
    input:
        before=lambda wildcards: TARGETS.chains(wildcards.experiment, "round-1/fooling_set.npz"),
        after=lambda wildcards: TARGETS.chains(wildcards.experiment, "round-2/fooling_set.npz"),
    output:
        **drawn(
            "retraining_confidence_{experiment}",
            "retraining_confidence",
            "Further figures",
            figure="confidence before and after an output for fooling images",
            shows="{experiment}",
        ),
    log:
        "<logs>/figures/retraining_confidence_{experiment}.log",
    wildcard_constraints:
        experiment=one_of(TARGETS.head_trained),
    params:
        *code("fooling.figures.retraining.confidence"),
    shell:
        "python -m fooling.figures.retraining.confidence --before {input.before} --after {input.after}"
        " --output {output} > {log} 2>&1"


rule recognition:
    input:
        lambda wildcards: TARGETS.chains(wildcards.experiment, "recognition.csv"),
    output:
        **drawn(
            "recognition_{experiment}",
            "recognition",
            "Further figures",
            figure="what retrained networks take for fooling",
            shows="{experiment}",
        ),
    log:
        "<logs>/figures/recognition_{experiment}.log",
    wildcard_constraints:
        experiment=one_of(CONFIG.retraining),
    params:
        *code("fooling.figures.retraining.recognition"),
        dataset=lambda wildcards: CONFIG.datasets_of_networks[retraining(wildcards).networks[0]],
    shell:
        "python -m fooling.figures.retraining.recognition --recognition {input} --dataset {params.dataset}"
        " --output {output} > {log} 2>&1"


rule retraining_sweep:
    input:
        [path for experiment in TARGETS.whole_trained for path in TARGETS.chains(experiment, "rounds.csv")],
    output:
        **drawn(
            "retraining_sweep",
            category="Further figures",
            figure="retraining by share and classes",
            shows="all experiments",
        ),
    log:
        "<logs>/figures/retraining_sweep.log",
    params:
        *code("fooling.figures.retraining.sweep"),
    shell:
        "python -m fooling.figures.retraining.sweep --rounds {input} --output {output} > {log} 2>&1"


rule table_s2:
    input:
        rounds=lambda wildcards: TARGETS.chains("mnist", "rounds.csv"),
        paper_values="config/paper_values.csv",
    output:
        html=report(
            "<results>/tables/table_s2.html",
            caption="../report/table_s2.rst",
            category="Tables of the paper",
            labels={"table": "S2", "shows": "retraining, MNIST"},
        ),
        csv="<results>/tables/table_s2.csv",
    log:
        "<logs>/tables/table_s2.log",
    params:
        *code("fooling.tables.retraining"),
    shell:
        "python -m fooling.tables.retraining --rounds {input.rounds} --paper-values {input.paper_values}"
        " --item table_s2 --output {output} > {log} 2>&1"


rule retraining_table:
    input:
        rounds=lambda wildcards: TARGETS.chains(wildcards.experiment, "rounds.csv"),
        paper_values="config/paper_values.csv",
    output:
        html=report(
            "<results>/tables/retraining_{experiment}.html",
            caption="../report/retraining_table.rst",
            category="Further tables",
            labels={"table": "retraining", "shows": "{experiment}"},
        ),
        csv="<results>/tables/retraining_{experiment}.csv",
    log:
        "<logs>/tables/retraining_{experiment}.log",
    wildcard_constraints:
        experiment=one_of(CONFIG.retraining),
    params:
        *code("fooling.tables.retraining"),
    shell:
        "python -m fooling.tables.retraining --rounds {input.rounds} --paper-values {input.paper_values}"
        " --output {output} > {log} 2>&1"
