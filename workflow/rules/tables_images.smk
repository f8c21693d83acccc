"""Tables of the images that figures show."""


localrules:
    examples_table,
    diverse_images_table,


rule examples_table:
    input:
        unpack(TABLES.inputs_of("examples")),
    output:
        **tabulated("examples", category="Further tables", table="images of Figure 1", shows="ImageNet"),
    log:
        "<logs>/tables/examples.log",
    params:
        *code("fooling.tables.examples"),
    shell:
        "python -m fooling.tables.examples --fooling-sets {input.fooling_sets} --output {output} > {log} 2>&1"


rule diverse_images_table:
    input:
        unpack(TABLES.inputs_of("diverse_images")),
    output:
        **tabulated("diverse_images", category="Further tables", table="images of Figure 8", shows="ImageNet"),
    log:
        "<logs>/tables/diverse_images.log",
    params:
        *code("fooling.tables.diverse_images"),
    shell:
        "python -m fooling.tables.diverse_images --features {input.features} --fooling-sets {input.fooling_sets}"
        " --output {output} > {log} 2>&1"
