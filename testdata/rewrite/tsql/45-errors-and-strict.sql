-- title: an expression that fails on one row only
SELECT 1 / (u.id - 20) FROM unit u
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT 1 / (u.id - 20) FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [u]
-- argument 1 @utdrag_p1: "SE1"
-- columns: 
-- 1:29-35 dbo.unit as u: path: a row is included when its dbo.provider is included (by provider_id)

-- title: strict: the rows are staged first
-- strict:
SELECT 1 / (u.id - 20) FROM unit u
----
CREATE TABLE [#provider] ([hsa_id] varchar(20) COLLATE Finnish_Swedish_CI_AS NOT NULL, PRIMARY KEY CLUSTERED ([hsa_id]));
INSERT INTO [#provider] ([hsa_id]) VALUES (@p1); -- with 1 arguments of its own
CREATE TABLE [#keys_16_provider] ([id] int NOT NULL, PRIMARY KEY CLUSTERED ([id]));
INSERT INTO [#keys_16_provider] ([id])
SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE EXISTS (SELECT 1 FROM [#provider] k WHERE t.[hsa_id] = k.[hsa_id]);
SELECT COUNT_BIG(*) FROM [#keys_16_provider];
SELECT * INTO [#rows_1] FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [#keys_16_provider] p1 WHERE p1.[id] = t.[provider_id]) UNION ALL SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [#keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) shape WHERE 1 = 0;
INSERT INTO [#rows_1] ([id])
SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [#keys_16_provider] p1 WHERE p1.[id] = t.[provider_id]);
SELECT 1 / (u.id - 20) FROM (SELECT t.[id] FROM [#rows_1] AS t) AS [u]
IF OBJECT_ID(N'tempdb..[#provider]') IS NOT NULL DROP TABLE [#provider];
IF OBJECT_ID(N'tempdb..[#keys_16_provider]') IS NOT NULL DROP TABLE [#keys_16_provider];
IF OBJECT_ID(N'tempdb..[#rows_1]') IS NOT NULL DROP TABLE [#rows_1];
-- columns: 
-- 1:29-35 dbo.unit as u: path: a row is included when its dbo.provider is included (by provider_id)

-- title: strict: with masks and a self join
-- strict:
SELECT a.name, b.id FROM staff a JOIN staff b ON b.id = a.id
----
CREATE TABLE [#provider] ([hsa_id] varchar(20) COLLATE Finnish_Swedish_CI_AS NOT NULL, PRIMARY KEY CLUSTERED ([hsa_id]));
INSERT INTO [#provider] ([hsa_id]) VALUES (@p1); -- with 1 arguments of its own
CREATE TABLE [#keys_16_provider] ([id] int NOT NULL, PRIMARY KEY CLUSTERED ([id]));
INSERT INTO [#keys_16_provider] ([id])
SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE EXISTS (SELECT 1 FROM [#provider] k WHERE t.[hsa_id] = k.[hsa_id]);
SELECT COUNT_BIG(*) FROM [#keys_16_provider];
CREATE TABLE [#keys_21_visit] ([id] int NOT NULL, PRIMARY KEY CLUSTERED ([id]));
INSERT INTO [#keys_21_visit] ([id])
SELECT t.[id]
  FROM [dbo].[visit] t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [#keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))
INTERSECT
SELECT t.[id]
  FROM [dbo].[visit] t
  WHERE EXISTS (SELECT 1 FROM [dbo].[area] p1 WHERE p1.[id] = t.[area_id]
    AND EXISTS (SELECT 1 FROM [#keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]));
CREATE TABLE [#added_19_staff] ([id] int NOT NULL, PRIMARY KEY CLUSTERED ([id]));
INSERT INTO [#added_19_staff] ([id])
SELECT DISTINCT t.[id]
  FROM [dbo].[note] o
  JOIN [dbo].[staff] t ON t.[id] = o.[author_id]
  WHERE EXISTS (SELECT 1 FROM [#keys_21_visit] p1 WHERE p1.[id] = o.[visit_id])
    AND CASE WHEN EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [#keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id])) THEN 0 ELSE 1 END = 1;
SELECT * INTO [#rows_1] FROM (SELECT t.[id], CAST(CASE WHEN t.[name] IS NULL THEN NULL ELSE N'somebody' END AS nvarchar(200)) COLLATE Finnish_Swedish_CI_AS AS [name]
  FROM [dbo].[staff] AS t
  WHERE (EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [#keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id])) OR EXISTS (SELECT 1 FROM [#added_19_staff] k WHERE k.[id] = t.[id])) UNION ALL SELECT t.[id], CAST(CASE WHEN t.[name] IS NULL THEN NULL ELSE N'somebody' END AS nvarchar(200)) COLLATE Finnish_Swedish_CI_AS AS [name]
  FROM [dbo].[staff] AS t
  WHERE (EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [#keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id])) OR EXISTS (SELECT 1 FROM [#added_19_staff] k WHERE k.[id] = t.[id]))) shape WHERE 1 = 0;
INSERT INTO [#rows_1] ([id], [name])
SELECT t.[id], CAST(CASE WHEN t.[name] IS NULL THEN NULL ELSE N'somebody' END AS nvarchar(200)) COLLATE Finnish_Swedish_CI_AS AS [name]
  FROM [dbo].[staff] AS t
  WHERE (EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [#keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id])) OR EXISTS (SELECT 1 FROM [#added_19_staff] k WHERE k.[id] = t.[id]));
SELECT a.name, b.id FROM (SELECT t.[id], t.[name] FROM [#rows_1] AS t) AS [a] JOIN (SELECT t.[id], t.[name] FROM [#rows_1] AS t) AS [b] ON b.id = a.id
IF OBJECT_ID(N'tempdb..[#provider]') IS NOT NULL DROP TABLE [#provider];
IF OBJECT_ID(N'tempdb..[#keys_16_provider]') IS NOT NULL DROP TABLE [#keys_16_provider];
IF OBJECT_ID(N'tempdb..[#keys_21_visit]') IS NOT NULL DROP TABLE [#keys_21_visit];
IF OBJECT_ID(N'tempdb..[#added_19_staff]') IS NOT NULL DROP TABLE [#added_19_staff];
IF OBJECT_ID(N'tempdb..[#rows_1]') IS NOT NULL DROP TABLE [#rows_1];
-- columns: name, id
-- 1:26-33 dbo.staff as a: path: a row is included when its dbo.unit is included (by unit_id); with the rows that are named in dbo.note (by author_id); masked name: constant("somebody"), email: partial(1, 3)
-- 1:39-46 dbo.staff as b: path: a row is included when its dbo.unit is included (by unit_id); with the rows that are named in dbo.note (by author_id); masked name: constant("somebody"), email: partial(1, 3)
