"""The paper's claims, judged by the results of the run; a missed promise of the configuration ends it."""


localrules:
    claims_table,
    verify_claims,


rule claims_table:
    input:
        files=TARGETS.claim_files,
        paper_values="config/paper_values.csv",
        rules="workflow/claims.yaml",
    output:
        **tabulated("claims", category="Claims", table="claims of the paper", shows="verdicts"),
    log:
        "<logs>/tables/claims.log",
    params:
        *code("fooling.steps.claims.tabulate_claims"),
        results=lambda wildcards, output: os.path.dirname(os.path.dirname(output.csv)),
    shell:
        "python -m fooling.steps.claims.tabulate_claims --paper-values {input.paper_values} --rules {input.rules}"
        " --results {params.results} --files {input.files} --output {output} > {log} 2>&1"


rule verify_claims:
    input:
        "<results>/tables/claims.csv",
    output:
        "<results>/claims/verified.txt",
    log:
        "<logs>/tables/verify_claims.log",
    params:
        *code("fooling.steps.claims.verify_claims"),
        promised=CONFIG.claims,
    shell:
        "python -m fooling.steps.claims.verify_claims --claims {input} --promised {params.promised:q} --output {output}"
        " > {log} 2>&1"
