-- title: CROSS APPLY
SELECT u.id, b.id FROM unit u CROSS APPLY (SELECT b.id FROM booking b WHERE b.unit_id = u.id) AS b
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT u.id, b.id FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [u] CROSS APPLY (SELECT b.id FROM (SELECT t.[id], t.[unit_id]
  FROM [dbo].[booking] AS t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))
    AND ((t.[staff_id] IS NULL) OR EXISTS (SELECT 1 FROM [dbo].[staff] p1 WHERE p1.[id] = t.[staff_id]
    AND EXISTS (SELECT 1 FROM [dbo].[unit] p2 WHERE p2.[id] = p1.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p3 WHERE p3.[id] = p2.[provider_id]))))) AS [b] WHERE b.unit_id = u.id) AS b
-- argument 1 @utdrag_p1: "SE1"
-- columns: id, id
-- 1:24-30 dbo.unit as u: path: a row is included when its dbo.provider is included (by provider_id)
-- 1:61-70 dbo.booking as b: path: a row is included when its dbo.unit is included (by unit_id); left out when staff_id leads outside

-- title: OUTER APPLY with a row function
SELECT u.id, s.value FROM unit u OUTER APPLY STRING_SPLIT(u.name, ' ') AS s
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT u.id, s.value FROM (SELECT t.[id], t.[name]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [u] OUTER APPLY STRING_SPLIT(u.name, ' ') AS s
-- argument 1 @utdrag_p1: "SE1"
-- columns: id, value
-- 1:27-33 dbo.unit as u: path: a row is included when its dbo.provider is included (by provider_id)

-- title: a table function that is not on the list
SELECT u.id FROM unit u CROSS APPLY dbo.visits_of(u.id) AS v
----
refused UR018 at 1:37-50: table function dbo.visits_of is not on the list
  hint: use tables, or a function that works on its arguments only
