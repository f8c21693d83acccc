"""The classifier of points in the plane behind Figure 14."""


rule train_plane:
    output:
        plane="<results>/plane/plane.npz",
        provenance="<results>/plane/plane.provenance.json",
    log:
        "<logs>/train_plane/plane.log",
    benchmark:
        "<benchmarks>/train_plane/plane.tsv"
    threads: CONFIG.compute.threads
    resources:
        **needs(mem_mb=2000, minutes=30),
    params:
        *code("fooling.steps.experiments.train_plane"),
        settings=lambda wildcards: settings_flags(CONFIG.plane, PlaneSettings),
        compute=COMPUTE,
    shell:
        "python -m fooling.steps.experiments.train_plane --output {output.plane} {params.settings} {params.compute}"
        " > {log} 2>&1"
