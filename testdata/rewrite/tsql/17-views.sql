-- title: expanded, its tables confined
SELECT id, patient FROM seen
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
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))),
[utdrag_view_1]([id], [reason], [person_no], [patient]) AS (SELECT v.id, v.reason, p.person_no, p.name AS patient FROM (SELECT t.[id], t.[patient_id], t.[reason]
  FROM [dbo].[visit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_21_visit] k WHERE k.[id] = t.[id])) AS [v] JOIN (SELECT t.[id], CAST(CASE WHEN t.[person_no] IS NOT NULL THEN CASE WHEN CONVERT(nvarchar(max), t.[person_no]) COLLATE Latin1_General_100_BIN2 LIKE N'%[^ -~]%' THEN CONVERT(varchar(64), 1 / (DATALENGTH(t.[person_no]) - DATALENGTH(t.[person_no]))) ELSE SUBSTRING(LOWER(CONVERT(char(64), HASHBYTES('SHA2_256', CONVERT(binary(64), @utdrag_p2) + HASHBYTES('SHA2_256', CONVERT(binary(64), @utdrag_p3) + 0x757464726167206D61736B20686173682031000000000000000006706572736F6E74 + CONVERT(varbinary(max), CONVERT(varchar(max), LOWER(RTRIM(CONVERT(nvarchar(max), t.[person_no])) COLLATE Latin1_General_100_BIN2))))), 2)), 1, 64) END END AS varchar(64)) COLLATE Finnish_Swedish_CI_AS AS [person_no], CAST(CASE WHEN t.[name] IS NULL THEN NULL ELSE N'***' END AS nvarchar(200)) COLLATE Finnish_Swedish_CI_AS AS [name]
  FROM [dbo].[patient] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_13_patient] k WHERE k.[id] = t.[id])) AS [p] ON p.id = v.patient_id)
SELECT id, patient FROM (SELECT [id], [reason], [person_no], [patient] FROM [utdrag_view_1]) AS [seen]
-- argument 1 @utdrag_p1: "SE1"
-- argument 2 @utdrag_p2: of the masking key
-- argument 3 @utdrag_p3: of the masking key
-- columns: id, patient
-- 1:25-29 dbo.seen: view: the tables of its SELECT are confined
-- 1:25-29 dbo.visit as v through dbo.seen: path: a row is included when its dbo.unit is included (by unit_id), and its dbo.area is included (by area_id)
-- 1:25-29 dbo.patient as p through dbo.seen: path: a row is included when an included dbo.visit names it (by patient_id), or an included dbo.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: a view of a view, twice
SELECT l.unit, l.visits, k.visits FROM unit_load l JOIN unit_load k ON k.unit = l.unit
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
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))),
[utdrag_view_1]([id], [reason], [person_no], [patient]) AS (SELECT v.id, v.reason, p.person_no, p.name AS patient FROM (SELECT t.[id], t.[patient_id], t.[reason]
  FROM [dbo].[visit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_21_visit] k WHERE k.[id] = t.[id])) AS [v] JOIN (SELECT t.[id], CAST(CASE WHEN t.[person_no] IS NOT NULL THEN CASE WHEN CONVERT(nvarchar(max), t.[person_no]) COLLATE Latin1_General_100_BIN2 LIKE N'%[^ -~]%' THEN CONVERT(varchar(64), 1 / (DATALENGTH(t.[person_no]) - DATALENGTH(t.[person_no]))) ELSE SUBSTRING(LOWER(CONVERT(char(64), HASHBYTES('SHA2_256', CONVERT(binary(64), @utdrag_p2) + HASHBYTES('SHA2_256', CONVERT(binary(64), @utdrag_p3) + 0x757464726167206D61736B20686173682031000000000000000006706572736F6E74 + CONVERT(varbinary(max), CONVERT(varchar(max), LOWER(RTRIM(CONVERT(nvarchar(max), t.[person_no])) COLLATE Latin1_General_100_BIN2))))), 2)), 1, 64) END END AS varchar(64)) COLLATE Finnish_Swedish_CI_AS AS [person_no], CAST(CASE WHEN t.[name] IS NULL THEN NULL ELSE N'***' END AS nvarchar(200)) COLLATE Finnish_Swedish_CI_AS AS [name]
  FROM [dbo].[patient] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_13_patient] k WHERE k.[id] = t.[id])) AS [p] ON p.id = v.patient_id),
[utdrag_view_2]([unit], [visits]) AS (select u.name, COUNT(s.id) from (SELECT t.[id], t.[name]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [u] left join (SELECT t.[id], t.[unit_id]
  FROM [dbo].[visit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_21_visit] k WHERE k.[id] = t.[id])) AS [v] on v.unit_id = u.id left join (SELECT [id], [reason], [person_no], [patient] FROM [utdrag_view_1]) AS [s] on s.id = v.id group by u.id, u.name)
SELECT l.unit, l.visits, k.visits FROM (SELECT [unit], [visits] FROM [utdrag_view_2]) AS [l] JOIN (SELECT [unit], [visits] FROM [utdrag_view_2]) AS [k] ON k.unit = l.unit
-- argument 1 @utdrag_p1: "SE1"
-- argument 2 @utdrag_p2: of the masking key
-- argument 3 @utdrag_p3: of the masking key
-- columns: unit, visits, visits
-- 1:40-51 dbo.unit_load as l: view: the tables of its SELECT are confined
-- 1:40-51 dbo.unit as u through dbo.unit_load: path: a row is included when its dbo.provider is included (by provider_id)
-- 1:40-51 dbo.visit as v through dbo.unit_load: path: a row is included when its dbo.unit is included (by unit_id), and its dbo.area is included (by area_id)
-- 1:40-51 dbo.seen as s through dbo.unit_load: view: the tables of its SELECT are confined
-- 1:40-51 dbo.visit as v through dbo.unit_load, dbo.seen: path: a row is included when its dbo.unit is included (by unit_id), and its dbo.area is included (by area_id)
-- 1:40-51 dbo.patient as p through dbo.unit_load, dbo.seen: path: a row is included when an included dbo.visit names it (by patient_id), or an included dbo.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null
-- 1:57-68 dbo.unit_load as k: view: the tables of its SELECT are confined

-- title: one that the map allows
SELECT code FROM open_code
----
SELECT code FROM (SELECT t.[code] FROM [dbo].[open_code] AS t) AS [open_code]
-- columns: code
-- 1:18-27 dbo.open_code: allowed: as it is: codes in use, the same for everyone

-- title: one that reads what the map leaves out
SELECT line FROM log_line
----
refused UR015 at 1:18-26: view dbo.log_line can't be expanded: the map leaves dbo.log out: operational log
  hint: write its SELECT into the query, or declare the view in an allowed block of the map if what it shows is for everyone

-- title: one whose text the engine keeps to itself
SELECT id FROM sealed
----
refused UR015 at 1:16-22: view dbo.sealed can't be expanded: the catalog doesn't have its text
  hint: write its SELECT into the query, or declare the view in an allowed block of the map if what it shows is for everyone

-- title: named with its schema, and its columns with the view
SELECT dbo.seen.reason FROM dbo.seen
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
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))),
[utdrag_view_1]([id], [reason], [person_no], [patient]) AS (SELECT v.id, v.reason, p.person_no, p.name AS patient FROM (SELECT t.[id], t.[patient_id], t.[reason]
  FROM [dbo].[visit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_21_visit] k WHERE k.[id] = t.[id])) AS [v] JOIN (SELECT t.[id], CAST(CASE WHEN t.[person_no] IS NOT NULL THEN CASE WHEN CONVERT(nvarchar(max), t.[person_no]) COLLATE Latin1_General_100_BIN2 LIKE N'%[^ -~]%' THEN CONVERT(varchar(64), 1 / (DATALENGTH(t.[person_no]) - DATALENGTH(t.[person_no]))) ELSE SUBSTRING(LOWER(CONVERT(char(64), HASHBYTES('SHA2_256', CONVERT(binary(64), @utdrag_p2) + HASHBYTES('SHA2_256', CONVERT(binary(64), @utdrag_p3) + 0x757464726167206D61736B20686173682031000000000000000006706572736F6E74 + CONVERT(varbinary(max), CONVERT(varchar(max), LOWER(RTRIM(CONVERT(nvarchar(max), t.[person_no])) COLLATE Latin1_General_100_BIN2))))), 2)), 1, 64) END END AS varchar(64)) COLLATE Finnish_Swedish_CI_AS AS [person_no], CAST(CASE WHEN t.[name] IS NULL THEN NULL ELSE N'***' END AS nvarchar(200)) COLLATE Finnish_Swedish_CI_AS AS [name]
  FROM [dbo].[patient] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_13_patient] k WHERE k.[id] = t.[id])) AS [p] ON p.id = v.patient_id)
SELECT [seen].reason FROM (SELECT [id], [reason], [person_no], [patient] FROM [utdrag_view_1]) AS [seen]
-- argument 1 @utdrag_p1: "SE1"
-- argument 2 @utdrag_p2: of the masking key
-- argument 3 @utdrag_p3: of the masking key
-- columns: reason
-- 1:29-37 dbo.seen: view: the tables of its SELECT are confined
-- 1:29-37 dbo.visit as v through dbo.seen: path: a row is included when its dbo.unit is included (by unit_id), and its dbo.area is included (by area_id)
-- 1:29-37 dbo.patient as p through dbo.seen: path: a row is included when an included dbo.visit names it (by patient_id), or an included dbo.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: every column of one, under an alias
SELECT s.* FROM seen s WHERE s.patient = 'x'
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
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))),
[utdrag_view_1]([id], [reason], [person_no], [patient]) AS (SELECT v.id, v.reason, p.person_no, p.name AS patient FROM (SELECT t.[id], t.[patient_id], t.[reason]
  FROM [dbo].[visit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_21_visit] k WHERE k.[id] = t.[id])) AS [v] JOIN (SELECT t.[id], CAST(CASE WHEN t.[person_no] IS NOT NULL THEN CASE WHEN CONVERT(nvarchar(max), t.[person_no]) COLLATE Latin1_General_100_BIN2 LIKE N'%[^ -~]%' THEN CONVERT(varchar(64), 1 / (DATALENGTH(t.[person_no]) - DATALENGTH(t.[person_no]))) ELSE SUBSTRING(LOWER(CONVERT(char(64), HASHBYTES('SHA2_256', CONVERT(binary(64), @utdrag_p2) + HASHBYTES('SHA2_256', CONVERT(binary(64), @utdrag_p3) + 0x757464726167206D61736B20686173682031000000000000000006706572736F6E74 + CONVERT(varbinary(max), CONVERT(varchar(max), LOWER(RTRIM(CONVERT(nvarchar(max), t.[person_no])) COLLATE Latin1_General_100_BIN2))))), 2)), 1, 64) END END AS varchar(64)) COLLATE Finnish_Swedish_CI_AS AS [person_no], CAST(CASE WHEN t.[name] IS NULL THEN NULL ELSE N'***' END AS nvarchar(200)) COLLATE Finnish_Swedish_CI_AS AS [name]
  FROM [dbo].[patient] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_13_patient] k WHERE k.[id] = t.[id])) AS [p] ON p.id = v.patient_id)
SELECT s.* FROM (SELECT [id], [reason], [person_no], [patient] FROM [utdrag_view_1]) AS [s] WHERE s.patient = 'x'
-- argument 1 @utdrag_p1: "SE1"
-- argument 2 @utdrag_p2: of the masking key
-- argument 3 @utdrag_p3: of the masking key
-- columns: id, reason, person_no, patient
-- 1:17-23 dbo.seen as s: view: the tables of its SELECT are confined
-- 1:17-23 dbo.visit as v through dbo.seen: path: a row is included when its dbo.unit is included (by unit_id), and its dbo.area is included (by area_id)
-- 1:17-23 dbo.patient as p through dbo.seen: path: a row is included when an included dbo.visit names it (by patient_id), or an included dbo.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: one with a masked column that needs a key, and none is given
-- key: none
SELECT reason FROM seen
----
refused UR027 at 1:20-24: view dbo.seen: column person_no of dbo.patient: mask hash("person"): no masking key is given
  hint: give the masking key, or omit the column in the map
