"""Cures for fooling that give a network no class of fooling images, and what each cure is worth."""

from fooling.settings.cures import AcetSettings, OutlierExposureSettings
from fooling.settings.training import TrainingSettings


localrules:
    cures_table,


rule retrain_outlier_exposure:
    input:
        data=dataset_files,
        fooling_classes=lambda wildcards: TARGETS.fooling_classes(
            wildcards.experiment, wildcards.network, before=int(wildcards.round)
        ),
    output:
        network="<results>/retraining/{experiment}/{network}/round-{round}/{network}-dnn{round}.npz",
        provenance="<results>/retraining/{experiment}/{network}/round-{round}/{network}-dnn{round}.provenance.json",
    log:
        "<logs>/retrain_outlier_exposure/{experiment}/{network}/round-{round}.log",
    benchmark:
        "<benchmarks>/retrain_outlier_exposure/{experiment}/{network}/round-{round}.tsv"
    wildcard_constraints:
        network=one_of(TARGETS.trained),
        experiment=one_of(TARGETS.cured_by("outlier_exposure")),
    priority: 1
    threads: CONFIG.compute.threads
    resources:
        **RESOURCES.needs(mem_mb=3000, minutes=120),
    params:
        *code("fooling.steps.training.retrain_outlier_exposure"),
        data=lambda wildcards, input: os.path.dirname(input.data[0]),
        # As of a network with a fooling class: the cures begin with the same weights.
        seed=lambda wildcards: 1000 * int(wildcards.round) + TARGETS.networks[wildcards.network].seed,
        settings=lambda wildcards: settings_flags(TARGETS.family(wildcards.network), TrainingSettings),
        cure=lambda wildcards: settings_flags(
            CONFIG.retraining[wildcards.experiment].outlier_exposure, OutlierExposureSettings
        ),
        compute=COMPUTE,
        checkpoints=CHECKPOINTS,
    shell:
        "python -m fooling.steps.training.retrain_outlier_exposure --data {params.data}"
        " --fooling-classes {input.fooling_classes} --seed {params.seed} --output {output.network}"
        " {params.settings} {params.cure} {params.compute} {params.checkpoints} > {log} 2>&1"


rule retrain_acet:
    input:
        data=dataset_files,
    output:
        network="<results>/retraining/{experiment}/{network}/round-{round}/{network}-dnn{round}.npz",
        provenance="<results>/retraining/{experiment}/{network}/round-{round}/{network}-dnn{round}.provenance.json",
    log:
        "<logs>/retrain_acet/{experiment}/{network}/round-{round}.log",
    benchmark:
        "<benchmarks>/retrain_acet/{experiment}/{network}/round-{round}.tsv"
    wildcard_constraints:
        network=one_of(TARGETS.trained),
        experiment=one_of(TARGETS.cured_by("acet")),
        round="2",
    priority: 1
    threads: CONFIG.compute.threads
    resources:
        **RESOURCES.needs(mem_mb=3000, minutes=240),
    params:
        *code("fooling.steps.training.retrain_acet"),
        data=lambda wildcards, input: os.path.dirname(input.data[0]),
        seed=lambda wildcards: 1000 * int(wildcards.round) + TARGETS.networks[wildcards.network].seed,
        settings=lambda wildcards: settings_flags(TARGETS.family(wildcards.network), TrainingSettings),
        cure=lambda wildcards: settings_flags(CONFIG.retraining[wildcards.experiment].acet, AcetSettings),
        compute=COMPUTE,
        checkpoints=CHECKPOINTS,
    shell:
        "python -m fooling.steps.training.retrain_acet --data {params.data} --seed {params.seed} --output {output.network}"
        " {params.settings} {params.cure} {params.compute} {params.checkpoints} > {log} 2>&1"


rule score_cure:
    input:
        data=dataset_files,
        networks=lambda wildcards: TARGETS.all_retrained(wildcards.experiment, wildcards.network),
        fooling_sets=lambda wildcards: TARGETS.of_all_rounds(wildcards.experiment, wildcards.network, "fooling_set.npz"),
        histories=lambda wildcards: TARGETS.of_all_rounds(wildcards.experiment, wildcards.network, "history.csv"),
        fooling_classes=lambda wildcards: TARGETS.fooling_classes(wildcards.experiment, wildcards.network),
    output:
        scores="<results>/retraining/{experiment}/{network}/cure.csv",
        provenance="<results>/retraining/{experiment}/{network}/cure.provenance.json",
    log:
        "<logs>/score_cure/{experiment}/{network}.log",
    benchmark:
        "<benchmarks>/score_cure/{experiment}/{network}.tsv"
    wildcard_constraints:
        network=one_of(TARGETS.trained),
    threads: CONFIG.compute.threads
    resources:
        **RESOURCES.needs(mem_mb=3000, minutes=60),
    params:
        *code("fooling.steps.experiments.score_cure"),
        data=lambda wildcards, input: os.path.dirname(input.data[0]),
        compute=COMPUTE,
    shell:
        "python -m fooling.steps.experiments.score_cure --data {params.data} --networks {input.networks}"
        " --fooling-sets {input.fooling_sets} --histories {input.histories}"
        " --fooling-classes {input.fooling_classes} --output {output.scores} {params.compute} > {log} 2>&1"


rule cures_table:
    input:
        unpack(TABLES.inputs_of("cures")),
    output:
        **tabulated("cures", "cures_table", "Beyond the paper", table="cures for fooling", shows="all experiments"),
    log:
        "<logs>/tables/cures.log",
    params:
        *code("fooling.tables.cures"),
    shell:
        "python -m fooling.tables.cures --scores {input.scores} --output {output} > {log} 2>&1"
