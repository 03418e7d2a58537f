-- title: EXISTS, correlated
SELECT i.code FROM icd i WHERE EXISTS (SELECT * FROM unit u WHERE u.name = i.name)
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT i.code FROM (SELECT t.[code], t.[name]
  FROM [dbo].[icd] AS t) AS [i] WHERE EXISTS (SELECT * FROM (SELECT t.[id], t.[hsa_id], t.[provider_id], CASE WHEN t.[parent_id] IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[parent_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))) THEN NULL ELSE t.[parent_id] END AS [parent_id], t.[name]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [u] WHERE u.name = i.name)
-- argument 1 @utdrag_p1: "SE1"
-- columns: code
-- 1:20-25 dbo.icd as i: reference: every row: code system
-- 1:54-60 dbo.unit as u: path: a row is included when its dbo.provider is included (by provider_id)

-- title: NOT EXISTS
SELECT code FROM icd WHERE NOT EXISTS (SELECT 1 FROM unit WHERE id = 20)
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT code FROM (SELECT t.[code]
  FROM [dbo].[icd] AS t) AS [icd] WHERE NOT EXISTS (SELECT 1 FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit] WHERE id = 20)
-- argument 1 @utdrag_p1: "SE1"
-- columns: code
-- 1:18-21 dbo.icd: reference: every row: code system
-- 1:54-58 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)

-- title: NOT IN
SELECT code FROM icd WHERE code NOT IN (SELECT hsa_id FROM unit)
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT code FROM (SELECT t.[code]
  FROM [dbo].[icd] AS t) AS [icd] WHERE code NOT IN (SELECT hsa_id FROM (SELECT t.[hsa_id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit])
-- argument 1 @utdrag_p1: "SE1"
-- columns: code
-- 1:18-21 dbo.icd: reference: every row: code system
-- 1:60-64 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)
