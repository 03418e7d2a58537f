-- title: PIVOT
SELECT p.[10], p.[11] FROM (SELECT id, unit_id FROM booking) AS s PIVOT (COUNT(id) FOR unit_id IN ([10], [11])) AS p
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT p.[10], p.[11] FROM (SELECT id, unit_id FROM (SELECT t.[id], t.[unit_id], t.[staff_id]
  FROM [dbo].[booking] AS t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))
    AND ((t.[staff_id] IS NULL) OR EXISTS (SELECT 1 FROM [dbo].[staff] p1 WHERE p1.[id] = t.[staff_id]
    AND EXISTS (SELECT 1 FROM [dbo].[unit] p2 WHERE p2.[id] = p1.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p3 WHERE p3.[id] = p2.[provider_id]))))) AS [booking]) AS s PIVOT (COUNT(id) FOR unit_id IN ([10], [11])) AS p
-- argument 1 @utdrag_p1: "SE1"
-- columns: 10, 11
-- 1:53-60 dbo.booking: path: a row is included when its dbo.unit is included (by unit_id); left out when staff_id leads outside

-- title: PIVOT of a table itself, which groups by all of its other columns
SELECT p.[10] FROM booking PIVOT (COUNT(id) FOR unit_id IN ([10])) AS p
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT p.[10] FROM (SELECT t.[id], t.[unit_id], t.[staff_id]
  FROM [dbo].[booking] AS t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))
    AND ((t.[staff_id] IS NULL) OR EXISTS (SELECT 1 FROM [dbo].[staff] p1 WHERE p1.[id] = t.[staff_id]
    AND EXISTS (SELECT 1 FROM [dbo].[unit] p2 WHERE p2.[id] = p1.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p3 WHERE p3.[id] = p2.[provider_id]))))) AS [booking] PIVOT (COUNT(id) FOR unit_id IN ([10])) AS p
-- argument 1 @utdrag_p1: "SE1"
-- columns: 10
-- 1:20-27 dbo.booking: path: a row is included when its dbo.unit is included (by unit_id); left out when staff_id leads outside

-- title: UNPIVOT
SELECT x.id, x.what, x.who FROM (SELECT id, provider_id, parent_id FROM unit) AS s UNPIVOT (who FOR what IN (provider_id, parent_id)) AS x
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT x.id, x.what, x.who FROM (SELECT id, provider_id, parent_id FROM (SELECT t.[id], t.[provider_id], CASE WHEN t.[parent_id] IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[parent_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))) THEN NULL ELSE t.[parent_id] END AS [parent_id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit]) AS s UNPIVOT (who FOR what IN (provider_id, parent_id)) AS x
-- argument 1 @utdrag_p1: "SE1"
-- columns: id, what, who
-- 1:73-77 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)
