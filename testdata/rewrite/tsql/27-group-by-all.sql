-- title: GROUP BY ALL
SELECT unit_id, COUNT(*) FROM booking WHERE id > 1 GROUP BY ALL unit_id
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT unit_id, COUNT(*) FROM (SELECT t.[id], t.[unit_id]
  FROM [dbo].[booking] AS t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))
    AND ((t.[staff_id] IS NULL) OR EXISTS (SELECT 1 FROM [dbo].[staff] p1 WHERE p1.[id] = t.[staff_id]
    AND EXISTS (SELECT 1 FROM [dbo].[unit] p2 WHERE p2.[id] = p1.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p3 WHERE p3.[id] = p2.[provider_id]))))) AS [booking] WHERE id > 1 GROUP BY ALL unit_id
-- argument 1 @utdrag_p1: "SE1"
-- columns: unit_id, 
-- 1:31-38 dbo.booking: path: a row is included when its dbo.unit is included (by unit_id); left out when staff_id leads outside
