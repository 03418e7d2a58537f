-- title: schema, table and column
SELECT dbo.unit.id FROM dbo.unit WHERE dbo.unit.name = 'x'
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT [unit].id FROM (SELECT t.[id], t.[name]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit] WHERE [unit].name = 'x'
-- argument 1 @utdrag_p1: "SE1"
-- columns: id
-- 1:25-33 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)

-- title: a column of the unaliased table, in another case
SELECT UNIT.ID FROM Unit
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT UNIT.ID FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [Unit]
-- argument 1 @utdrag_p1: "SE1"
-- columns: ID
-- 1:21-25 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)

-- title: an alias hides the table name
SELECT dbo.unit.id FROM dbo.unit u
----
refused UR023 at 1:8-19: dbo.unit could mean more than one table
  hint: give the table an alias and use that

-- title: the schema tells two tables apart
SELECT dbo.visit.id, archive.visit.id FROM dbo.visit, archive.visit
----
refused UR029 at 1:55-68: two tables of one FROM clause are both called visit
  hint: give each table an alias of its own

-- title: names that must be quoted
SELECT [Lab Result].[Prøve [nr]]], [Lab Result].[a"b], [order].[select] FROM [Lab Result] JOIN [order] ON [order].[group] = [Lab Result]."Order"
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS),
[utdrag_keys_21_visit]([id]) AS (SELECT t.[id]
  FROM [dbo].[visit] t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))
INTERSECT
SELECT t.[id]
  FROM [dbo].[visit] t
  WHERE EXISTS (SELECT 1 FROM [dbo].[area] p1 WHERE p1.[id] = t.[area_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id])))
SELECT [Lab Result].[Prøve [nr]]], [Lab Result].[a"b], [order].[select] FROM (SELECT t.[Order], CAST(CASE WHEN t.[Prøve [nr]]] IS NULL THEN NULL ELSE N'-' END AS nvarchar(200)) COLLATE Finnish_Swedish_CI_AS AS [Prøve [nr]]], t.[a"b]
  FROM [dbo].[Lab Result] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_21_visit] p1 WHERE p1.[id] = t.[visit id])) AS [Lab Result] JOIN (SELECT t.[select], t.[group]
  FROM [dbo].[order] AS t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[group]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))) AS [order] ON [order].[group] = [Lab Result]."Order"
-- argument 1 @utdrag_p1: "SE1"
-- columns: Prøve [nr], a"b, select
-- 1:78-90 dbo.Lab Result: path: a row is included when its dbo.visit is included (by visit id); masked Prøve [nr]: constant("-")
-- 1:96-103 dbo.order: path: a row is included when its dbo.unit is included (by group)

-- title: an alias that must be quoted
SELECT [a ]]" b].id FROM unit AS [a ]]" b]
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT [a ]]" b].id FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [a ]]" b]
-- argument 1 @utdrag_p1: "SE1"
-- columns: id
-- 1:26-43 dbo.unit as a ]" b: path: a row is included when its dbo.provider is included (by provider_id)

-- title: schema and star
SELECT dbo.unit.* FROM dbo.unit
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT [unit].* FROM (SELECT t.[id], t.[hsa_id], t.[provider_id], CASE WHEN t.[parent_id] IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[parent_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))) THEN NULL ELSE t.[parent_id] END AS [parent_id], t.[name]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit]
-- argument 1 @utdrag_p1: "SE1"
-- columns: id, hsa_id, provider_id, parent_id, name
-- 1:24-32 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)
