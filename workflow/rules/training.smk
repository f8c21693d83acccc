"""Networks that are trained here, and retrained with fooling images as one more class."""

from fooling.settings.head_training import HeadTrainingSettings
from fooling.settings.imagenet_training import ImagenetTrainingSettings
from fooling.settings.training import TrainingSettings


localrules:
    sample_fooling_class,


rule train:
    input:
        dataset_files,
    output:
        network="<results>/networks/{network}.npz",
        provenance="<results>/networks/{network}.provenance.json",
    log:
        "<logs>/train/{network}.log",
    benchmark:
        "<benchmarks>/train/{network}.tsv"
    wildcard_constraints:
        network=one_of(TARGETS.trained),
    # Everything waits for the networks: train them all before the first is fooled.
    priority: 1
    threads: CONFIG.compute.threads
    resources:
        **RESOURCES.needs(mem_mb=3000, minutes=120),
    params:
        *code("fooling.steps.training.train"),
        data=lambda wildcards, input: os.path.dirname(input[0]),
        seed=lambda wildcards: TARGETS.networks[wildcards.network].seed,
        settings=lambda wildcards: settings_flags(TARGETS.family(wildcards.network), TrainingSettings),
        compute=COMPUTE,
        checkpoints=CHECKPOINTS,
    shell:
        "python -m fooling.steps.training.train --data {params.data} --seed {params.seed} --output {output.network}"
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
        images=lambda wildcards: CONFIG.retraining[wildcards.experiment].images_of(int(wildcards.round)),
    shell:
        "python -m fooling.steps.training.sample_fooling_class --fooling-set {input} --seed {wildcards.round}"
        " --images {params.images} --output {output.fooling_class} > {log} 2>&1"


rule retrain:
    input:
        data=dataset_files,
        fooling_classes=lambda wildcards: TARGETS.fooling_classes(
            wildcards.experiment, wildcards.network, before=int(wildcards.round)
        ),
    output:
        network="<results>/retraining/{experiment}/{network}/round-{round}/{network}-dnn{round}.npz",
        provenance="<results>/retraining/{experiment}/{network}/round-{round}/{network}-dnn{round}.provenance.json",
    log:
        "<logs>/retrain/{experiment}/{network}/round-{round}.log",
    benchmark:
        "<benchmarks>/retrain/{experiment}/{network}/round-{round}.tsv"
    wildcard_constraints:
        network=one_of(TARGETS.trained),
        experiment=one_of(TARGETS.cured_by("fooling_class")),
    priority: 1
    threads: CONFIG.compute.threads
    resources:
        **RESOURCES.needs(mem_mb=3000, minutes=120),
    params:
        *code("fooling.steps.training.retrain"),
        data=lambda wildcards, input: os.path.dirname(input.data[0]),
        # Another initialisation than that of any network of the first round.
        seed=lambda wildcards: 1000 * int(wildcards.round) + TARGETS.networks[wildcards.network].seed,
        settings=lambda wildcards: settings_flags(TARGETS.family(wildcards.network), TrainingSettings),
        compute=COMPUTE,
        checkpoints=CHECKPOINTS,
    shell:
        "python -m fooling.steps.training.retrain --data {params.data} --fooling-classes {input.fooling_classes}"
        " --seed {params.seed} --output {output.network}"
        " {params.settings} {params.compute} {params.checkpoints} > {log} 2>&1"


rule retrain_head:
    input:
        network="<results>/networks/{network}.npz",
        data=ancient(rules.fetch_cifar10.output),
        fooling_classes=lambda wildcards: TARGETS.fooling_classes(
            wildcards.experiment, wildcards.network, before=int(wildcards.round)
        ),
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
        **RESOURCES.needs(mem_mb=6000, minutes=60),
    params:
        *code("fooling.steps.training.retrain_head"),
        data=lambda wildcards, input: os.path.dirname(input.data[0]),
        seed=lambda wildcards: 1000 * int(wildcards.round),
        settings=lambda wildcards: settings_flags(
            CONFIG.retraining[wildcards.experiment].head_training, HeadTrainingSettings
        ),
        compute=COMPUTE,
    shell:
        "python -m fooling.steps.training.retrain_head --network {input.network} --data {params.data}"
        " --fooling-classes {input.fooling_classes} --seed {params.seed} --output {output.network}"
        " {params.settings} {params.compute} > {log} 2>&1"


rule retrain_imagenet:
    input:
        network="<results>/networks/{network}.npz",
        fooling_classes=lambda wildcards: TARGETS.fooling_classes(
            wildcards.experiment, wildcards.network, before=int(wildcards.round)
        ),
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
    threads: RESOURCES.imagenet_threads
    resources:
        **RESOURCES.imagenet_needs(),
    params:
        *code("fooling.steps.training.retrain_imagenet"),
        start=RESOURCES.imagenet_start,
        root=shlex.quote(IMAGENET_ROOT or ""),
        seed=lambda wildcards: 1000 * int(wildcards.round),
        settings=lambda wildcards: settings_flags(
            CONFIG.retraining[wildcards.experiment].imagenet_training, ImagenetTrainingSettings
        ),
        compute=COMPUTE,
        # A function of the resources, as CHECKPOINTS is: the number of workers changes no result.
        workers=lambda wildcards, resources: CONFIG.retraining[wildcards.experiment].imagenet_training.workers,
        checkpoints=CHECKPOINTS,
    shell:
        "{params.start} -m fooling.steps.training.retrain_imagenet"
        " --network {input.network} --root {params.root} --fooling-classes {input.fooling_classes}"
        " --seed {params.seed} --output {output.network} --workers {params.workers}"
        " {params.settings} {params.compute} {params.checkpoints} > {log} 2>&1"
