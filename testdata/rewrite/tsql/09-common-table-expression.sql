-- title: the body is confined, the reference is not
WITH w AS (SELECT id FROM unit) SELECT w.id FROM w JOIN w AS v ON v.id = w.id
----
WITH  [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS),
w AS (SELECT id FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit]) SELECT w.id FROM w JOIN w AS v ON v.id = w.id
-- argument 1 @utdrag_p1: "SE1"
-- columns: id
-- 1:27-31 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)

-- title: a second one reads the first
WITH w AS (SELECT id FROM unit), v (k) AS (SELECT w.id FROM w, area a) SELECT k FROM v
----
WITH  [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS),
w AS (SELECT id FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit]), v (k) AS (SELECT w.id FROM w, (SELECT t.[id]
  FROM [dbo].[area] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [a]) SELECT k FROM v
-- argument 1 @utdrag_p1: "SE1"
-- columns: k
-- 1:27-31 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)
-- 1:64-70 dbo.area as a: path: a row is included when its dbo.provider is included (by provider_id)
