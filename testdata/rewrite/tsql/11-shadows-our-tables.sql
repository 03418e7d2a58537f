-- title: an expression named like tables of the filter
WITH provider AS (SELECT 1 AS id, 1 AS provider_id, 'SE2' AS hsa_id), area AS (SELECT 1 AS id, 1 AS provider_id) SELECT v.id FROM visit v
----
WITH  [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
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
provider AS (SELECT 1 AS id, 1 AS provider_id, 'SE2' AS hsa_id), area AS (SELECT 1 AS id, 1 AS provider_id) SELECT v.id FROM (SELECT t.[id]
  FROM [dbo].[visit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_21_visit] k WHERE k.[id] = t.[id])) AS [v]
-- argument 1 @utdrag_p1: "SE1"
-- columns: id
-- 1:131-138 dbo.visit as v: path: a row is included when its dbo.unit is included (by unit_id), and its dbo.area is included (by area_id)

-- title: an expression named like a key set of ours
WITH utdrag_keys_16_provider AS (SELECT 2 AS id) SELECT id FROM unit
----
refused UR009 at 1:6-29: a name of the query begins with utdrag_
  hint: choose another name

-- title: aliases named like those of the filter
SELECT t.id, p1.id FROM unit t JOIN unit p1 ON p1.parent_id = t.id JOIN icd k ON k.code = t.name
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT t.id, p1.id FROM (SELECT t.[id], CASE WHEN t.[parent_id] IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[parent_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))) THEN NULL ELSE t.[parent_id] END AS [parent_id], t.[name]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [t] JOIN (SELECT t.[id], CASE WHEN t.[parent_id] IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[parent_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))) THEN NULL ELSE t.[parent_id] END AS [parent_id], t.[name]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [p1] ON p1.parent_id = t.id JOIN (SELECT t.[code], t.[name]
  FROM [dbo].[icd] AS t) AS [k] ON k.code = t.name
-- argument 1 @utdrag_p1: "SE1"
-- columns: id, id
-- 1:25-31 dbo.unit as t: path: a row is included when its dbo.provider is included (by provider_id)
-- 1:37-44 dbo.unit as p1: path: a row is included when its dbo.provider is included (by provider_id)
-- 1:73-78 dbo.icd as k: reference: every row: code system
