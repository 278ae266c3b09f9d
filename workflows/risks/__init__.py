"""The register of risks: assets, assessments, statuses, and the catalogue of known exploited "
"vulnerabilities."""
