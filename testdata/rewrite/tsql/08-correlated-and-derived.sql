-- title: the outer reference stays as it is
SELECT u.id, (SELECT COUNT(*) FROM booking b WHERE b.unit_id = u.id) AS n FROM unit u
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT u.id, (SELECT COUNT(*) FROM (SELECT t.[id], t.[unit_id]
  FROM [dbo].[booking] AS t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))
    AND ((t.[staff_id] IS NULL) OR EXISTS (SELECT 1 FROM [dbo].[staff] p1 WHERE p1.[id] = t.[staff_id]
    AND EXISTS (SELECT 1 FROM [dbo].[unit] p2 WHERE p2.[id] = p1.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p3 WHERE p3.[id] = p2.[provider_id]))))) AS [b] WHERE b.unit_id = u.id) AS n FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [u]
-- argument 1 @utdrag_p1: "SE1"
-- columns: id, n
-- 1:36-45 dbo.booking as b: path: a row is included when its dbo.unit is included (by unit_id); left out when staff_id leads outside
-- 1:80-86 dbo.unit as u: path: a row is included when its dbo.provider is included (by provider_id)

-- title: derived in derived
SELECT x.k FROM (SELECT y.id AS k FROM (SELECT id FROM unit WHERE id > 0) AS y) AS x
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT x.k FROM (SELECT y.id AS k FROM (SELECT id FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit] WHERE id > 0) AS y) AS x
-- argument 1 @utdrag_p1: "SE1"
-- columns: k
-- 1:56-60 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)

-- title: the outer reference without a qualifier
SELECT id FROM unit WHERE EXISTS (SELECT 1 FROM icd WHERE code = hsa_id)
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT id FROM (SELECT t.[id], t.[hsa_id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit] WHERE EXISTS (SELECT 1 FROM (SELECT t.[code]
  FROM [dbo].[icd] AS t) AS [icd] WHERE code = hsa_id)
-- argument 1 @utdrag_p1: "SE1"
-- columns: id
-- 1:16-20 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)
-- 1:49-52 dbo.icd: reference: every row: code system
