"""Networks that are not trained here: imported, or combined to ensembles."""

from fooling.settings.pretrained import PretrainedSettings
from fooling.workflow.user_files import user_file_digests


localrules:
    import_network,
    combine_networks,


rule import_network:
    input:
        # Their digests say whether they have changed: an older file in their place counts, a new date does not.
        lambda wildcards: ancient(TARGETS.weight_files(wildcards.network)),
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
        files=lambda wildcards: user_file_digests(TARGETS.weight_files(wildcards.network)),
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
