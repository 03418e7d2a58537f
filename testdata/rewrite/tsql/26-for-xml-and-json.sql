-- title: FOR XML AUTO names elements by the alias
SELECT u.id, u.name FROM unit AS u FOR XML AUTO
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT u.id, u.name FROM (SELECT t.[id], t.[name]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [u] FOR XML AUTO
-- argument 1 @utdrag_p1: "SE1"
-- columns: 
-- 1:26-35 dbo.unit as u: path: a row is included when its dbo.provider is included (by provider_id)

-- title: FOR XML PATH in a subquery
SELECT (SELECT b.id FROM booking b WHERE b.unit_id = u.id FOR XML PATH('b'), TYPE) FROM unit u
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT (SELECT b.id FROM (SELECT t.[id], t.[unit_id]
  FROM [dbo].[booking] AS t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))
    AND ((t.[staff_id] IS NULL) OR EXISTS (SELECT 1 FROM [dbo].[staff] p1 WHERE p1.[id] = t.[staff_id]
    AND EXISTS (SELECT 1 FROM [dbo].[unit] p2 WHERE p2.[id] = p1.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p3 WHERE p3.[id] = p2.[provider_id]))))) AS [b] WHERE b.unit_id = u.id FOR XML PATH('b'), TYPE) FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [u]
-- argument 1 @utdrag_p1: "SE1"
-- columns: 
-- 1:26-35 dbo.booking as b: path: a row is included when its dbo.unit is included (by unit_id); left out when staff_id leads outside
-- 1:89-95 dbo.unit as u: path: a row is included when its dbo.provider is included (by provider_id)

-- title: FOR JSON
SELECT id FROM unit FOR JSON PATH, ROOT('units')
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT id FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit] FOR JSON PATH, ROOT('units')
-- argument 1 @utdrag_p1: "SE1"
-- columns: 
-- 1:16-20 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)

-- title: FOR JSON AUTO over an unaliased table
SELECT unit.id FROM dbo.unit FOR JSON AUTO
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT unit.id FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit] FOR JSON AUTO
-- argument 1 @utdrag_p1: "SE1"
-- columns: 
-- 1:21-29 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)
