-- title: in the SELECT list, CASE and a function argument
SELECT (SELECT MAX(a.id) FROM area a), CASE WHEN EXISTS (SELECT 1 FROM area) THEN COALESCE((SELECT MIN(id) FROM device), 0) END FROM icd
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
SELECT (SELECT MAX(a.id) FROM (SELECT t.[id]
  FROM [dbo].[area] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [a]), CASE WHEN EXISTS (SELECT 1 FROM (SELECT t.[id]
  FROM [dbo].[area] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [area]) THEN COALESCE((SELECT MIN(id) FROM (SELECT t.[id]
  FROM [dbo].[device] AS t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))
UNION ALL
SELECT t.[id]
  FROM [dbo].[device] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_stubs_5_device] k WHERE k.[id] = t.[id])) AS [device]), 0) END FROM (SELECT t.[code]
  FROM [dbo].[icd] AS t) AS [icd]
-- argument 1 @utdrag_p1: "SE1"
-- columns: , 
-- 1:31-37 dbo.area as a: path: a row is included when its dbo.provider is included (by provider_id)
-- 1:72-76 dbo.area: path: a row is included when its dbo.provider is included (by provider_id)
-- 1:113-119 dbo.device: path: a row is included when its dbo.unit is included (by unit_id); with nothing but the keys of rows that are named in dbo.measurement (by device_id)
-- 1:134-137 dbo.icd: reference: every row: code system

-- title: in WHERE: IN, left of IN, BETWEEN, ALL and ANY
SELECT code FROM icd WHERE code IN (SELECT name FROM unit) OR (SELECT MAX(id) FROM area) IN (1, 2) OR 1 BETWEEN (SELECT MIN(id) FROM unit) AND (SELECT MAX(id) FROM unit)
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT code FROM (SELECT t.[code], t.[name]
  FROM [dbo].[icd] AS t) AS [icd] WHERE code IN (SELECT name FROM (SELECT t.[id], t.[name]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit]) OR (SELECT MAX(id) FROM (SELECT t.[id], t.[name]
  FROM [dbo].[area] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [area]) IN (1, 2) OR 1 BETWEEN (SELECT MIN(id) FROM (SELECT t.[id], t.[name]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit]) AND (SELECT MAX(id) FROM (SELECT t.[id], t.[name]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit])
-- argument 1 @utdrag_p1: "SE1"
-- columns: code
-- 1:18-21 dbo.icd: reference: every row: code system
-- 1:54-58 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)
-- 1:84-88 dbo.area: path: a row is included when its dbo.provider is included (by provider_id)
-- 1:134-138 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)
-- 1:165-169 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)

-- title: ALL and ANY
SELECT code FROM icd WHERE code >= ALL (SELECT name FROM unit) OR code = ANY (SELECT name FROM area)
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT code FROM (SELECT t.[code], t.[name]
  FROM [dbo].[icd] AS t) AS [icd] WHERE code >= ALL (SELECT name FROM (SELECT t.[name]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit]) OR code = ANY (SELECT name FROM (SELECT t.[name]
  FROM [dbo].[area] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [area])
-- argument 1 @utdrag_p1: "SE1"
-- columns: code
-- 1:18-21 dbo.icd: reference: every row: code system
-- 1:58-62 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)
-- 1:96-100 dbo.area: path: a row is included when its dbo.provider is included (by provider_id)

-- title: in HAVING, GROUP BY and ORDER BY
SELECT COUNT(*) FROM icd GROUP BY code HAVING COUNT(*) > (SELECT COUNT(*) FROM unit) ORDER BY (SELECT COUNT(*) FROM area)
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT COUNT(*) FROM (SELECT t.[code]
  FROM [dbo].[icd] AS t) AS [icd] GROUP BY code HAVING COUNT(*) > (SELECT COUNT(*) FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit]) ORDER BY (SELECT COUNT(*) FROM (SELECT t.[id]
  FROM [dbo].[area] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [area])
-- argument 1 @utdrag_p1: "SE1"
-- columns: 
-- 1:22-25 dbo.icd: reference: every row: code system
-- 1:80-84 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)
-- 1:117-121 dbo.area: path: a row is included when its dbo.provider is included (by provider_id)

-- title: in ON
SELECT i.code FROM icd i JOIN interpreter p ON p.id IN (SELECT id FROM unit)
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT i.code FROM (SELECT t.[code]
  FROM [dbo].[icd] AS t) AS [i] JOIN (SELECT t.[id]
  FROM [dbo].[interpreter] AS t) AS [p] ON p.id IN (SELECT id FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit])
-- argument 1 @utdrag_p1: "SE1"
-- columns: code
-- 1:20-25 dbo.icd as i: reference: every row: code system
-- 1:31-44 dbo.interpreter as p: reference: every row: called in by everyone; masked phone: null
-- 1:72-76 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)

-- title: in LIMIT, TOP or OFFSET
SELECT TOP (SELECT COUNT(*) FROM unit) code FROM icd ORDER BY code
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT TOP (SELECT COUNT(*) FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit]) code FROM (SELECT t.[code]
  FROM [dbo].[icd] AS t) AS [icd] ORDER BY code
-- argument 1 @utdrag_p1: "SE1"
-- columns: code
-- 1:34-38 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)
-- 1:50-53 dbo.icd: reference: every row: code system

-- title: in a window
SELECT code, SUM(1) OVER (PARTITION BY (SELECT COUNT(*) FROM unit) ORDER BY code) FROM icd
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT code, SUM(1) OVER (PARTITION BY (SELECT COUNT(*) FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit]) ORDER BY code) FROM (SELECT t.[code]
  FROM [dbo].[icd] AS t) AS [icd]
-- argument 1 @utdrag_p1: "SE1"
-- columns: code, 
-- 1:62-66 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)
-- 1:88-91 dbo.icd: reference: every row: code system
