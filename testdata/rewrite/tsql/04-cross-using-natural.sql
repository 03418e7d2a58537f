-- title: cross join
SELECT u.id, a.id FROM unit u CROSS JOIN area a
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT u.id, a.id FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [u] CROSS JOIN (SELECT t.[id]
  FROM [dbo].[area] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [a]
-- argument 1 @utdrag_p1: "SE1"
-- columns: id, id
-- 1:24-30 dbo.unit as u: path: a row is included when its dbo.provider is included (by provider_id)
-- 1:42-48 dbo.area as a: path: a row is included when its dbo.provider is included (by provider_id)
