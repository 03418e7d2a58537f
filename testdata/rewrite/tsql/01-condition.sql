-- title: OR in the condition
SELECT u.id FROM unit u WHERE u.id = 1 OR 1 = 1
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT u.id FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [u] WHERE u.id = 1 OR 1 = 1
-- argument 1 @utdrag_p1: "SE1"
-- columns: id
-- 1:18-24 dbo.unit as u: path: a row is included when its dbo.provider is included (by provider_id)

-- title: NOT and precedence
SELECT id FROM unit WHERE NOT id > 0 AND 1 = 0 OR NOT (name = 'x')
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT id FROM (SELECT t.[id], t.[name]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit] WHERE NOT id > 0 AND 1 = 0 OR NOT (name = 'x')
-- argument 1 @utdrag_p1: "SE1"
-- columns: id
-- 1:16-20 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)

-- title: a comment that would end a filter written after it
SELECT id FROM unit -- or any
WHERE id = 1 -- and none
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT id FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit] WHERE id = 1
-- argument 1 @utdrag_p1: "SE1"
-- columns: id
-- 1:16-20 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)
