-- title: every branch
SELECT id FROM unit UNION SELECT id FROM area UNION ALL SELECT id FROM device ORDER BY 1
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
[utdrag_stubs_5_device]([id]) AS (SELECT DISTINCT t.[id]
  FROM [dbo].[measurement] o
  JOIN [dbo].[device] t ON t.[id] = o.[device_id]
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_21_visit] p1 WHERE p1.[id] = o.[visit_id])
    AND ((o.[kind] <> N'test'))
    AND CASE WHEN EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id])) THEN 0 ELSE 1 END = 1)
SELECT id FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit] UNION SELECT id FROM (SELECT t.[id]
  FROM [dbo].[area] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [area] UNION ALL SELECT id FROM (SELECT t.[id]
  FROM [dbo].[device] AS t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))
UNION ALL
SELECT t.[id]
  FROM [dbo].[device] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_stubs_5_device] k WHERE k.[id] = t.[id])) AS [device] ORDER BY 1
-- argument 1 @utdrag_p1: "SE1"
-- columns: id
-- 1:16-20 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)
-- 1:42-46 dbo.area: path: a row is included when its dbo.provider is included (by provider_id)
-- 1:72-78 dbo.device: path: a row is included when its dbo.unit is included (by unit_id); with nothing but the keys of rows that are named in dbo.measurement (by device_id)

-- title: EXCEPT and INTERSECT
SELECT id FROM unit EXCEPT SELECT id FROM area INTERSECT SELECT id FROM device
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
[utdrag_stubs_5_device]([id]) AS (SELECT DISTINCT t.[id]
  FROM [dbo].[measurement] o
  JOIN [dbo].[device] t ON t.[id] = o.[device_id]
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_21_visit] p1 WHERE p1.[id] = o.[visit_id])
    AND ((o.[kind] <> N'test'))
    AND CASE WHEN EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id])) THEN 0 ELSE 1 END = 1)
SELECT id FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit] EXCEPT SELECT id FROM (SELECT t.[id]
  FROM [dbo].[area] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [area] INTERSECT SELECT id FROM (SELECT t.[id]
  FROM [dbo].[device] AS t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))
UNION ALL
SELECT t.[id]
  FROM [dbo].[device] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_stubs_5_device] k WHERE k.[id] = t.[id])) AS [device]
-- argument 1 @utdrag_p1: "SE1"
-- columns: id
-- 1:16-20 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)
-- 1:43-47 dbo.area: path: a row is included when its dbo.provider is included (by provider_id)
-- 1:73-79 dbo.device: path: a row is included when its dbo.unit is included (by unit_id); with nothing but the keys of rows that are named in dbo.measurement (by device_id)

-- title: branches in parentheses
(SELECT id FROM unit) UNION ALL (SELECT id FROM area) ORDER BY 1
----
refused UR030 at 1:1-1: the rewritten query did not pass its own check: the query can't be read as Transact-SQL
  hint: report it with the query; write the query in a plainer way meanwhile

-- title: in a subquery
SELECT code FROM icd WHERE name IN (SELECT name FROM unit UNION SELECT name FROM area)
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT code FROM (SELECT t.[code], t.[name]
  FROM [dbo].[icd] AS t) AS [icd] WHERE name IN (SELECT name FROM (SELECT t.[name]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit] UNION SELECT name FROM (SELECT t.[name]
  FROM [dbo].[area] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [area])
-- argument 1 @utdrag_p1: "SE1"
-- columns: code
-- 1:18-21 dbo.icd: reference: every row: code system
-- 1:54-58 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)
-- 1:82-86 dbo.area: path: a row is included when its dbo.provider is included (by provider_id)
