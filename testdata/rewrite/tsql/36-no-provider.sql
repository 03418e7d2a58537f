-- title: an empty provider
-- provider:
SELECT id FROM unit
----
refused UF025 at schema.hcl:5:1: no care provider is named
  hint: give the provider key of the order

-- title: an empty provider is refused even where no filter is needed
-- provider:
SELECT code FROM icd
----
refused UF025 at schema.hcl:5:1: no care provider is named
  hint: give the provider key of the order
