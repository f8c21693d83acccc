"""The gallery: a web page of all fooling images."""

from fooling.workflow.artifacts import beside


localrules:
    gallery,


rule gallery:
    input:
        fooling_sets=[path for paths in TARGETS.shown.values() for path in paths],
        elites=[
            path for name in TARGETS.evolved_experiments for path in beside(TARGETS.all_evolved(name), "elites.npz")
        ],
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
