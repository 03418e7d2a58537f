-- title: ranking, aggregates and DISTINCT
SELECT DISTINCT b.unit_id, RANK() OVER (PARTITION BY b.unit_id ORDER BY b.id), COUNT(*) OVER () FROM booking b
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT DISTINCT b.unit_id, RANK() OVER (PARTITION BY b.unit_id ORDER BY b.id), COUNT(*) OVER () FROM (SELECT t.[id], t.[unit_id]
  FROM [dbo].[booking] AS t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))
    AND ((t.[staff_id] IS NULL) OR EXISTS (SELECT 1 FROM [dbo].[staff] p1 WHERE p1.[id] = t.[staff_id]
    AND EXISTS (SELECT 1 FROM [dbo].[unit] p2 WHERE p2.[id] = p1.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p3 WHERE p3.[id] = p2.[provider_id]))))) AS [b]
-- argument 1 @utdrag_p1: "SE1"
-- columns: unit_id, , 
-- 1:102-111 dbo.booking as b: path: a row is included when its dbo.unit is included (by unit_id); left out when staff_id leads outside

-- title: the first rows
SELECT TOP (2) WITH TIES id FROM booking ORDER BY id
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT TOP (2) WITH TIES id FROM (SELECT t.[id]
  FROM [dbo].[booking] AS t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))
    AND ((t.[staff_id] IS NULL) OR EXISTS (SELECT 1 FROM [dbo].[staff] p1 WHERE p1.[id] = t.[staff_id]
    AND EXISTS (SELECT 1 FROM [dbo].[unit] p2 WHERE p2.[id] = p1.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p3 WHERE p3.[id] = p2.[provider_id]))))) AS [booking] ORDER BY id
-- argument 1 @utdrag_p1: "SE1"
-- columns: id
-- 1:34-41 dbo.booking: path: a row is included when its dbo.unit is included (by unit_id); left out when staff_id leads outside

-- title: rows after the first ones
SELECT id FROM booking ORDER BY id OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT id FROM (SELECT t.[id]
  FROM [dbo].[booking] AS t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))
    AND ((t.[staff_id] IS NULL) OR EXISTS (SELECT 1 FROM [dbo].[staff] p1 WHERE p1.[id] = t.[staff_id]
    AND EXISTS (SELECT 1 FROM [dbo].[unit] p2 WHERE p2.[id] = p1.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p3 WHERE p3.[id] = p2.[provider_id]))))) AS [booking] ORDER BY id OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY
-- argument 1 @utdrag_p1: "SE1"
-- columns: id
-- 1:16-23 dbo.booking: path: a row is included when its dbo.unit is included (by unit_id); left out when staff_id leads outside

-- title: aggregates with HAVING
SELECT unit_id, COUNT(*), MIN(id) FROM booking GROUP BY unit_id HAVING COUNT(*) > 1
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT unit_id, COUNT(*), MIN(id) FROM (SELECT t.[id], t.[unit_id]
  FROM [dbo].[booking] AS t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))
    AND ((t.[staff_id] IS NULL) OR EXISTS (SELECT 1 FROM [dbo].[staff] p1 WHERE p1.[id] = t.[staff_id]
    AND EXISTS (SELECT 1 FROM [dbo].[unit] p2 WHERE p2.[id] = p1.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p3 WHERE p3.[id] = p2.[provider_id]))))) AS [booking] GROUP BY unit_id HAVING COUNT(*) > 1
-- argument 1 @utdrag_p1: "SE1"
-- columns: unit_id, , 
-- 1:40-47 dbo.booking: path: a row is included when its dbo.unit is included (by unit_id); left out when staff_id leads outside
