-- title: a filter inside a correlated subquery stays in itself
SELECT unit_id FROM booking provider_id WHERE EXISTS (SELECT 1 FROM unit WHERE unit.id = provider_id.unit_id)
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT unit_id FROM (SELECT t.[id], t.[unit_id]
  FROM [dbo].[booking] AS t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))
    AND ((t.[staff_id] IS NULL) OR EXISTS (SELECT 1 FROM [dbo].[staff] p1 WHERE p1.[id] = t.[staff_id]
    AND EXISTS (SELECT 1 FROM [dbo].[unit] p2 WHERE p2.[id] = p1.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p3 WHERE p3.[id] = p2.[provider_id]))))) AS [provider_id] WHERE EXISTS (SELECT 1 FROM (SELECT t.[id], t.[provider_id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit] WHERE unit.id = provider_id.unit_id)
-- argument 1 @utdrag_p1: "SE1"
-- columns: unit_id
-- 1:21-40 dbo.booking as provider_id: path: a row is included when its dbo.unit is included (by unit_id); left out when staff_id leads outside
-- 1:69-73 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)

-- title: aliases of the outer query are those of the filter
SELECT t.id FROM visit t WHERE EXISTS (SELECT 1 FROM note p1 WHERE p1.visit_id = t.id AND EXISTS (SELECT 1 FROM unit k WHERE k.id = t.unit_id))
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS),
[utdrag_keys_21_visit]([id]) AS (SELECT t.[id]
  FROM [dbo].[visit] t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))
INTERSECT
SELECT t.[id]
  FROM [dbo].[visit] t
  WHERE EXISTS (SELECT 1 FROM [dbo].[area] p1 WHERE p1.[id] = t.[area_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id])))
SELECT t.id FROM (SELECT t.[id], t.[unit_id]
  FROM [dbo].[visit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_21_visit] k WHERE k.[id] = t.[id])) AS [t] WHERE EXISTS (SELECT 1 FROM (SELECT t.[id], t.[visit_id]
  FROM [dbo].[note] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_21_visit] p1 WHERE p1.[id] = t.[visit_id])) AS [p1] WHERE p1.visit_id = t.id AND EXISTS (SELECT 1 FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [k] WHERE k.id = t.unit_id))
-- argument 1 @utdrag_p1: "SE1"
-- columns: id
-- 1:18-25 dbo.visit as t: path: a row is included when its dbo.unit is included (by unit_id), and its dbo.area is included (by area_id)
-- 1:54-61 dbo.note as p1: path: a row is included when its dbo.visit is included (by visit_id)
-- 1:113-119 dbo.unit as k: path: a row is included when its dbo.provider is included (by provider_id)

-- title: an omitted column is not there, as in a copy, and the outer one of its name is meant
SELECT o.street FROM (SELECT 'x' AS street) AS o WHERE EXISTS (SELECT 1 FROM patient WHERE street = 'x')
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS),
[utdrag_keys_21_visit]([id]) AS (SELECT t.[id]
  FROM [dbo].[visit] t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))
INTERSECT
SELECT t.[id]
  FROM [dbo].[visit] t
  WHERE EXISTS (SELECT 1 FROM [dbo].[area] p1 WHERE p1.[id] = t.[area_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))),
[utdrag_keys_13_patient]([id]) AS (SELECT t.[id]
  FROM [dbo].[visit] c
  JOIN [dbo].[patient] t ON t.[id] = c.[patient_id]
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_21_visit] k WHERE k.[id] = c.[id])
UNION
SELECT t.[id]
  FROM [dbo].[referral] c
  JOIN [dbo].[patient] t ON t.[id] = c.[patient_id]
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = c.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id])))
SELECT o.street FROM (SELECT 'x' AS street) AS o WHERE EXISTS (SELECT 1 FROM (SELECT t.[id]
  FROM [dbo].[patient] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_13_patient] k WHERE k.[id] = t.[id])) AS [patient] WHERE street = 'x')
-- argument 1 @utdrag_p1: "SE1"
-- columns: street
-- 1:78-85 dbo.patient: path: a row is included when an included dbo.visit names it (by patient_id), or an included dbo.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null
