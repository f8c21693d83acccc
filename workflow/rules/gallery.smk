"""The gallery: a web page of all fooling images, and the ancestors that it shows."""


localrules:
    gallery,


rule trace_ancestors:
    input:
        lambda wildcards: TARGETS.evolved(wildcards.experiment, "cppn", "elites.npz"),
    output:
        ancestors="<results>/ancestors/{experiment}.npz",
        provenance="<results>/ancestors/{experiment}.provenance.json",
    log:
        "<logs>/trace_ancestors/{experiment}.log",
    benchmark:
        "<benchmarks>/trace_ancestors/{experiment}.tsv"
    wildcard_constraints:
        experiment=one_of(TARGETS.experiments("cppn")),
    threads: CONFIG.compute.threads
    resources:
        **needs(mem_mb=2000, minutes=30),
    params:
        *code("fooling.steps.evolution.find_ancestors"),
        compute=COMPUTE,
    shell:
        "python -m fooling.steps.evolution.find_ancestors --elites {input} --output {output.ancestors} {params.compute}"
        " > {log} 2>&1"


rule gallery:
    input:
        fooling_sets=[path for paths in TARGETS.shown.values() for path in paths],
        archives=beside(TARGETS.all_evolved, "elites.npz"),
        scores=TARGETS.scores.values(),
        ancestors=TARGETS.ancestors.values(),
        page=sorted(map(str, Path("src/fooling/gallery/page").glob("*"))),
    output:
        directory("<results>/gallery"),
    log:
        "<logs>/figures/gallery.log",
    params:
        *code("fooling.steps.gallery.make_gallery"),
        experiments=[f"--experiment {name} {' '.join(paths)}" for name, paths in TARGETS.shown.items()],
        scores=[f"--scores {name} {path}" for name, path in TARGETS.scores.items()],
        ancestors=[f"--ancestors {name} {path}" for name, path in TARGETS.ancestors.items()],
    shell:
        "python -m fooling.steps.gallery.make_gallery {params.experiments} {params.scores} {params.ancestors} --output {output}"
        " > {log} 2>&1"
