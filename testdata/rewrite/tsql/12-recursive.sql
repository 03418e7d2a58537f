-- title: only the anchor reads a table
WITH r (id, depth) AS (SELECT u.id, 1 FROM unit u WHERE u.parent_id IS NULL UNION ALL SELECT u.id, r.depth + 1 FROM r JOIN unit u ON u.parent_id = r.id) SELECT id, depth FROM r
----
WITH  [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS),
r (id, depth) AS (SELECT u.id, 1 FROM (SELECT t.[id], CASE WHEN t.[parent_id] IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[parent_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))) THEN NULL ELSE t.[parent_id] END AS [parent_id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [u] WHERE u.parent_id IS NULL UNION ALL SELECT u.id, r.depth + 1 FROM r JOIN (SELECT t.[id], CASE WHEN t.[parent_id] IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[parent_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))) THEN NULL ELSE t.[parent_id] END AS [parent_id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [u] ON u.parent_id = r.id) SELECT id, depth FROM r
-- argument 1 @utdrag_p1: "SE1"
-- columns: id, depth
-- 1:44-50 dbo.unit as u: path: a row is included when its dbo.provider is included (by provider_id)
-- 1:124-130 dbo.unit as u: path: a row is included when its dbo.provider is included (by provider_id)

-- title: a self name is the expression
WITH unit (id) AS (SELECT 1 AS id UNION ALL SELECT id + 1 FROM unit WHERE id < 3) SELECT id FROM unit
----
WITH unit (id) AS (SELECT 1 AS id UNION ALL SELECT id + 1 FROM unit WHERE id < 3) SELECT id FROM unit
-- columns: id
