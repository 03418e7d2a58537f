-- title: three hops are one key set
SELECT m.id FROM measurement m
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
SELECT m.id FROM (SELECT t.[id]
  FROM [dbo].[measurement] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_21_visit] p1 WHERE p1.[id] = t.[visit_id])
    AND ((t.[kind] <> N'test'))) AS [m]
-- argument 1 @utdrag_p1: "SE1"
-- columns: id
-- 1:18-31 dbo.measurement as m: path: a row is included when its dbo.visit is included (by visit_id); only where kind <> 'test'

-- title: the same key set serves every reference
SELECT n.id FROM note n JOIN measurement m ON m.visit_id = n.visit_id JOIN note o ON o.id = n.corrects_id
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
SELECT n.id FROM (SELECT t.[id], t.[visit_id], CASE WHEN t.[corrects_id] IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM [dbo].[note] p1 WHERE p1.[id] = t.[corrects_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_21_visit] p2 WHERE p2.[id] = p1.[visit_id]))) THEN NULL ELSE t.[corrects_id] END AS [corrects_id]
  FROM [dbo].[note] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_21_visit] p1 WHERE p1.[id] = t.[visit_id])) AS [n] JOIN (SELECT t.[id], t.[visit_id]
  FROM [dbo].[measurement] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_21_visit] p1 WHERE p1.[id] = t.[visit_id])
    AND ((t.[kind] <> N'test'))) AS [m] ON m.visit_id = n.visit_id JOIN (SELECT t.[id], t.[visit_id], CASE WHEN t.[corrects_id] IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM [dbo].[note] p1 WHERE p1.[id] = t.[corrects_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_21_visit] p2 WHERE p2.[id] = p1.[visit_id]))) THEN NULL ELSE t.[corrects_id] END AS [corrects_id]
  FROM [dbo].[note] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_21_visit] p1 WHERE p1.[id] = t.[visit_id])) AS [o] ON o.id = n.corrects_id
-- argument 1 @utdrag_p1: "SE1"
-- columns: id
-- 1:18-24 dbo.note as n: path: a row is included when its dbo.visit is included (by visit_id)
-- 1:30-43 dbo.measurement as m: path: a row is included when its dbo.visit is included (by visit_id); only where kind <> 'test'
-- 1:76-82 dbo.note as o: path: a row is included when its dbo.visit is included (by visit_id)

-- title: through a shared patient
SELECT r.id, p.id FROM referral r JOIN patient p ON p.id = r.patient_id
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
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))),
[utdrag_keys_13_patient]([id]) AS (SELECT t.[id]
  FROM [dbo].[visit] c
  JOIN [dbo].[patient] t ON t.[id] = c.[patient_id]
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_21_visit] k WHERE k.[id] = c.[id])
UNION
SELECT t.[id]
  FROM [dbo].[referral] c
  JOIN [dbo].[patient] t ON t.[id] = c.[patient_id]
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = c.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id])))
SELECT r.id, p.id FROM (SELECT t.[id], t.[patient_id]
  FROM [dbo].[referral] AS t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))) AS [r] JOIN (SELECT t.[id]
  FROM [dbo].[patient] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_13_patient] k WHERE k.[id] = t.[id])) AS [p] ON p.id = r.patient_id
-- argument 1 @utdrag_p1: "SE1"
-- columns: id, id
-- 1:24-34 dbo.referral as r: path: a row is included when its dbo.unit is included (by unit_id)
-- 1:40-49 dbo.patient as p: path: a row is included when an included dbo.visit names it (by patient_id), or an included dbo.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null
-- warning UR041 at 1:24-34: rows of dbo.referral may reference rows of dbo.visit that are not the provider's, by referral_visit_id_fkey

-- title: a table that depends on itself
-- map: cyclic
SELECT id FROM unit
----
CREATE TABLE [#provider] ([hsa_id] varchar(20) COLLATE Finnish_Swedish_CI_AS NOT NULL, PRIMARY KEY CLUSTERED ([hsa_id]));
INSERT INTO [#provider] ([hsa_id]) VALUES (@p1); -- with 1 arguments of its own
CREATE TABLE [#keys_16_provider] ([id] int NOT NULL, PRIMARY KEY CLUSTERED ([id]));
INSERT INTO [#keys_16_provider] ([id])
SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE EXISTS (SELECT 1 FROM [#provider] k WHERE t.[hsa_id] = k.[hsa_id]);
SELECT COUNT_BIG(*) FROM [#keys_16_provider];
CREATE TABLE [#keys_20_unit] ([id] int NOT NULL, PRIMARY KEY CLUSTERED ([id]));
CREATE TABLE [#delta_20_unit] ([id] int NOT NULL, PRIMARY KEY CLUSTERED ([id]));
CREATE TABLE [#next_20_unit] ([id] int NOT NULL, PRIMARY KEY CLUSTERED ([id]));
INSERT INTO [#delta_20_unit] ([id])
SELECT t.[id]
  FROM [dbo].[unit] t
  WHERE EXISTS (SELECT 1 FROM [#keys_16_provider] p1 WHERE p1.[id] = t.[provider_id]);
INSERT INTO [#keys_20_unit] ([id])
SELECT [id] FROM [#delta_20_unit];
SELECT CASE WHEN EXISTS (SELECT 1 FROM [#delta_20_unit]) THEN 1 ELSE 0 END;
-- while that is 1: INSERT INTO [#next_20_unit] ([id])
SELECT DISTINCT t.[id]
  FROM [#delta_20_unit] d
  JOIN [dbo].[unit] o ON d.[id] = o.[id]
  JOIN [dbo].[unit] t ON o.[id] = t.[parent_id]
  WHERE NOT EXISTS (SELECT 1 FROM [#keys_20_unit] k WHERE k.[id] = t.[id]);
-- while that is 1: DELETE FROM [#delta_20_unit];
-- while that is 1: INSERT INTO [#delta_20_unit] ([id])
SELECT [id] FROM [#next_20_unit];
-- while that is 1: DELETE FROM [#next_20_unit];
-- while that is 1: INSERT INTO [#keys_20_unit] ([id])
SELECT [id] FROM [#delta_20_unit];
SELECT id FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [#keys_20_unit] k WHERE k.[id] = t.[id])) AS [unit]
IF OBJECT_ID(N'tempdb..[#provider]') IS NOT NULL DROP TABLE [#provider];
IF OBJECT_ID(N'tempdb..[#keys_16_provider]') IS NOT NULL DROP TABLE [#keys_16_provider];
IF OBJECT_ID(N'tempdb..[#keys_20_unit]') IS NOT NULL DROP TABLE [#keys_20_unit];
IF OBJECT_ID(N'tempdb..[#delta_20_unit]') IS NOT NULL DROP TABLE [#delta_20_unit];
IF OBJECT_ID(N'tempdb..[#next_20_unit]') IS NOT NULL DROP TABLE [#next_20_unit];
-- columns: id
-- 1:16-20 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id), or its dbo.unit is included (by parent_id)
