"""Networks that are not trained here: imported, or combined to ensembles."""

from fooling.settings.pretrained import PretrainedSettings


localrules:
    import_network,
    combine_networks,


rule import_network:
    input:
        lambda wildcards: TARGETS.weight_files(wildcards.network),
    output:
        network="<results>/networks/{network}.npz",
        provenance="<results>/networks/{network}.provenance.json",
    log:
        "<logs>/import_network/{network}.log",
    wildcard_constraints:
        network=one_of(CONFIG.pretrained),
    params:
        *code("fooling.steps.networks.import_network"),
        settings=lambda wildcards: settings_flags(CONFIG.pretrained[wildcards.network], PretrainedSettings),
    shell:
        "python -m fooling.steps.networks.import_network {params.settings} --output {output.network} > {log} 2>&1"


rule combine_networks:
    input:
        lambda wildcards: TARGETS.network_files(CONFIG.ensembles[wildcards.network]),
    output:
        network="<results>/networks/{network}.npz",
        provenance="<results>/networks/{network}.provenance.json",
    log:
        "<logs>/combine_networks/{network}.log",
    wildcard_constraints:
        network=one_of(CONFIG.ensembles),
    params:
        *code("fooling.steps.networks.combine_networks"),
    shell:
        "python -m fooling.steps.networks.combine_networks --networks {input} --output {output.network} > {log} 2>&1"
