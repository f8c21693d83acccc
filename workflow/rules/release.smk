"""The fooling images of the run as a data set for others; made on demand (`make dataset`)."""

from fooling.settings.release import ReleaseSettings


rule dataset:
    input:
        TARGETS.all_fooling_sets,
    output:
        archive=TARGETS.dataset,
        datasheet="<results>/dataset/datasheet.md",
        croissant="<results>/dataset/croissant.json",
        provenance="<results>/dataset/croissant.provenance.json",
    log:
        "<logs>/dataset/dataset.log",
    benchmark:
        "<benchmarks>/dataset/dataset.tsv"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=60,
    params:
        *code("fooling.steps.release.export_dataset"),
        settings=settings_flags(CONFIG.dataset, ReleaseSettings),
    shell:
        "python -m fooling.steps.release.export_dataset --fooling-sets {input} --archive {output.archive}"
        " --datasheet {output.datasheet} --croissant {output.croissant} {params.settings} > {log} 2>&1"
