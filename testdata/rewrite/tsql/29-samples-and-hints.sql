-- title: TABLESAMPLE stays with the table
SELECT id FROM booking TABLESAMPLE (10 PERCENT)
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT id FROM (SELECT t.[id]
  FROM [dbo].[booking] AS t TABLESAMPLE (10 PERCENT)
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))
    AND ((t.[staff_id] IS NULL) OR EXISTS (SELECT 1 FROM [dbo].[staff] p1 WHERE p1.[id] = t.[staff_id]
    AND EXISTS (SELECT 1 FROM [dbo].[unit] p2 WHERE p2.[id] = p1.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p3 WHERE p3.[id] = p2.[provider_id]))))) AS [booking]
-- argument 1 @utdrag_p1: "SE1"
-- columns: id
-- 1:16-48 dbo.booking: path: a row is included when its dbo.unit is included (by unit_id); left out when staff_id leads outside

-- title: a hint stays with the table
SELECT b.id FROM booking AS b WITH (NOLOCK) JOIN unit u WITH (READPAST, READCOMMITTEDLOCK) ON u.id = b.unit_id
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT b.id FROM (SELECT t.[id], t.[unit_id]
  FROM [dbo].[booking] AS t WITH (NOLOCK)
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))
    AND ((t.[staff_id] IS NULL) OR EXISTS (SELECT 1 FROM [dbo].[staff] p1 WHERE p1.[id] = t.[staff_id]
    AND EXISTS (SELECT 1 FROM [dbo].[unit] p2 WHERE p2.[id] = p1.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p3 WHERE p3.[id] = p2.[provider_id]))))) AS [b] JOIN (SELECT t.[id]
  FROM [dbo].[unit] AS t WITH (READPAST, READCOMMITTEDLOCK)
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [u] ON u.id = b.unit_id
-- argument 1 @utdrag_p1: "SE1"
-- columns: id
-- 1:18-44 dbo.booking as b: path: a row is included when its dbo.unit is included (by unit_id); left out when staff_id leads outside
-- 1:50-91 dbo.unit as u: path: a row is included when its dbo.provider is included (by provider_id)

-- title: a hint that names an index
SELECT b.id FROM booking AS b WITH (INDEX (1))
----
refused UR024 at 1:37-42: a table hint that is not allowed
  hint: leave the hint out

-- title: a hint that locks
SELECT id FROM booking WITH (XLOCK)
----
refused UR024 at 1:30-35: a table hint that is not allowed
  hint: leave the hint out

-- title: a hint of the whole query
SELECT id FROM booking OPTION (MAXDOP 1)
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
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p3 WHERE p3.[id] = p2.[provider_id]))))) AS [booking] OPTION (MAXDOP 1)
-- argument 1 @utdrag_p1: "SE1"
-- columns: id
-- 1:16-23 dbo.booking: path: a row is included when its dbo.unit is included (by unit_id); left out when staff_id leads outside
