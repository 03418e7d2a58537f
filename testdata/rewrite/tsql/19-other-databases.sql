-- title: another database
SELECT id FROM other.dbo.visit
----
refused UR012 at 1:16-31: other.dbo.visit is a name of another database or server
  hint: name tables of this database

-- title: this database, named
SELECT id FROM journal.dbo.unit
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT id FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit]
-- argument 1 @utdrag_p1: "SE1"
-- columns: id
-- 1:16-32 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)

-- title: no schema between the dots
SELECT id FROM journal..unit
----
refused UR012 at 1:16-23: a table of another database
  hint: name tables of this database

-- title: a linked server
SELECT id FROM srv.journal.dbo.unit
----
refused UR012 at 1:16-19: a table of another server
  hint: name tables of this database

-- title: a table of another schema, and not its namesake
SELECT v.reason, w.id FROM archive.visit v JOIN dbo.unit w ON w.id = v.unit_id
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT v.reason, w.id FROM (SELECT t.[id], t.[unit_id], t.[reason]
  FROM [archive].[visit] AS t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))) AS [v] JOIN (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [w] ON w.id = v.unit_id
-- argument 1 @utdrag_p1: "SE1"
-- columns: reason, id
-- 1:28-43 archive.visit as v: path: a row is included when its dbo.unit is included (by unit_id)
-- 1:49-59 dbo.unit as w: path: a row is included when its dbo.provider is included (by provider_id)
