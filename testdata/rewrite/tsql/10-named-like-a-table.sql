-- title: bare is the expression, qualified is the table
WITH unit AS (SELECT 1 AS id) SELECT unit.id, t.id FROM unit, dbo.unit AS t
----
WITH  [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS),
unit AS (SELECT 1 AS id) SELECT unit.id, t.id FROM unit, (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [t]
-- argument 1 @utdrag_p1: "SE1"
-- columns: id, id
-- 1:63-76 dbo.unit as t: path: a row is included when its dbo.provider is included (by provider_id)

-- title: its body reads the table of its own name, qualified
WITH unit AS (SELECT id FROM dbo.unit) SELECT id FROM unit
----
WITH  [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS),
unit AS (SELECT id FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit]) SELECT id FROM unit
-- argument 1 @utdrag_p1: "SE1"
-- columns: id
-- 1:30-38 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)
