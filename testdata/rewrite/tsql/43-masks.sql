-- title: every kind
SELECT p.person_no, p.name, p.phone, s.name, s.email FROM patient p CROSS JOIN staff s
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
[utdrag_added_19_staff]([id]) AS (SELECT DISTINCT t.[id]
  FROM [dbo].[note] o
  JOIN [dbo].[staff] t ON t.[id] = o.[author_id]
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_21_visit] p1 WHERE p1.[id] = o.[visit_id])
    AND CASE WHEN EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id])) THEN 0 ELSE 1 END = 1)
SELECT p.person_no, p.name, p.phone, s.name, s.email FROM (SELECT CAST(CASE WHEN t.[person_no] IS NOT NULL THEN CASE WHEN CONVERT(nvarchar(max), t.[person_no]) COLLATE Latin1_General_100_BIN2 LIKE N'%[^ -~]%' THEN CONVERT(varchar(64), 1 / (DATALENGTH(t.[person_no]) - DATALENGTH(t.[person_no]))) ELSE SUBSTRING(LOWER(CONVERT(char(64), HASHBYTES('SHA2_256', CONVERT(binary(64), @utdrag_p2) + HASHBYTES('SHA2_256', CONVERT(binary(64), @utdrag_p3) + 0x757464726167206D61736B20686173682031000000000000000006706572736F6E74 + CONVERT(varbinary(max), CONVERT(varchar(max), LOWER(RTRIM(CONVERT(nvarchar(max), t.[person_no])) COLLATE Latin1_General_100_BIN2))))), 2)), 1, 64) END END AS varchar(64)) COLLATE Finnish_Swedish_CI_AS AS [person_no], CAST(CASE WHEN t.[name] IS NULL THEN NULL ELSE N'***' END AS nvarchar(200)) COLLATE Finnish_Swedish_CI_AS AS [name], CAST(NULL AS nvarchar(200)) COLLATE Finnish_Swedish_CI_AS AS [phone]
  FROM [dbo].[patient] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_13_patient] k WHERE k.[id] = t.[id])) AS [p] CROSS JOIN (SELECT CAST(CASE WHEN t.[name] IS NULL THEN NULL ELSE N'somebody' END AS nvarchar(200)) COLLATE Finnish_Swedish_CI_AS AS [name], CAST(CASE WHEN t.[email] IS NULL THEN NULL WHEN (LEN(CONVERT(nvarchar(max), t.[email]) COLLATE Latin1_General_100_CI_AS_SC + N'.') - 1) <= 4 THEN REPLICATE(CONVERT(nvarchar(max), N'*'), (LEN(CONVERT(nvarchar(max), t.[email]) COLLATE Latin1_General_100_CI_AS_SC + N'.') - 1)) ELSE (SUBSTRING(CONVERT(nvarchar(max), t.[email]) COLLATE Latin1_General_100_CI_AS_SC, 1, 1) + REPLICATE(CONVERT(nvarchar(max), N'*'), ((LEN(CONVERT(nvarchar(max), t.[email]) COLLATE Latin1_General_100_CI_AS_SC + N'.') - 1) - 4)) + SUBSTRING(CONVERT(nvarchar(max), t.[email]) COLLATE Latin1_General_100_CI_AS_SC, ((LEN(CONVERT(nvarchar(max), t.[email]) COLLATE Latin1_General_100_CI_AS_SC + N'.') - 1) - 2), 3)) END AS nvarchar(200)) COLLATE Finnish_Swedish_CI_AS AS [email]
  FROM [dbo].[staff] AS t
  WHERE (EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id])) OR EXISTS (SELECT 1 FROM [utdrag_added_19_staff] k WHERE k.[id] = t.[id]))) AS [s]
-- argument 1 @utdrag_p1: "SE1"
-- argument 2 @utdrag_p2: of the masking key
-- argument 3 @utdrag_p3: of the masking key
-- columns: person_no, name, phone, name, email
-- 1:59-68 dbo.patient as p: path: a row is included when an included dbo.visit names it (by patient_id), or an included dbo.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null
-- 1:80-87 dbo.staff as s: path: a row is included when its dbo.unit is included (by unit_id); with the rows that are named in dbo.note (by author_id); masked name: constant("somebody"), email: partial(1, 3)

-- title: WHERE, GROUP and ORDER see masked values only
SELECT p.name, COUNT(*) FROM patient p WHERE p.name = 'Anna' GROUP BY p.name ORDER BY p.name
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
SELECT p.name, COUNT(*) FROM (SELECT CAST(CASE WHEN t.[name] IS NULL THEN NULL ELSE N'***' END AS nvarchar(200)) COLLATE Finnish_Swedish_CI_AS AS [name]
  FROM [dbo].[patient] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_13_patient] k WHERE k.[id] = t.[id])) AS [p] WHERE p.name = 'Anna' GROUP BY p.name ORDER BY p.name
-- argument 1 @utdrag_p1: "SE1"
-- columns: name, 
-- 1:30-39 dbo.patient as p: path: a row is included when an included dbo.visit names it (by patient_id), or an included dbo.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null
-- warning UR040 at 1:46-52: column name of dbo.patient is masked by redact, and the query sees the masked values
-- warning UR040 at 1:71-77: column name of dbo.patient is masked by redact, and the query sees the masked values
-- warning UR040 at 1:87-93: column name of dbo.patient is masked by redact, and the query sees the masked values

-- title: a computed column is computed anew from the masked ones
SELECT p.label FROM patient p
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
SELECT p.label FROM (SELECT c.[id], c.[person_no], c.[name], c.[phone], c.[born], ((([name]+', ')+[phone])) AS [label]
  FROM (SELECT t.[id], CAST(CASE WHEN t.[person_no] IS NOT NULL THEN CASE WHEN CONVERT(nvarchar(max), t.[person_no]) COLLATE Latin1_General_100_BIN2 LIKE N'%[^ -~]%' THEN CONVERT(varchar(64), 1 / (DATALENGTH(t.[person_no]) - DATALENGTH(t.[person_no]))) ELSE SUBSTRING(LOWER(CONVERT(char(64), HASHBYTES('SHA2_256', CONVERT(binary(64), @utdrag_p2) + HASHBYTES('SHA2_256', CONVERT(binary(64), @utdrag_p3) + 0x757464726167206D61736B20686173682031000000000000000006706572736F6E74 + CONVERT(varbinary(max), CONVERT(varchar(max), LOWER(RTRIM(CONVERT(nvarchar(max), t.[person_no])) COLLATE Latin1_General_100_BIN2))))), 2)), 1, 64) END END AS varchar(64)) COLLATE Finnish_Swedish_CI_AS AS [person_no], CAST(CASE WHEN t.[name] IS NULL THEN NULL ELSE N'***' END AS nvarchar(200)) COLLATE Finnish_Swedish_CI_AS AS [name], CAST(NULL AS nvarchar(200)) COLLATE Finnish_Swedish_CI_AS AS [phone], t.[born]
  FROM [dbo].[patient] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_13_patient] k WHERE k.[id] = t.[id])) AS c) AS [p]
-- argument 1 @utdrag_p1: "SE1"
-- argument 2 @utdrag_p2: of the masking key
-- argument 3 @utdrag_p3: of the masking key
-- columns: label
-- 1:21-30 dbo.patient as p: path: a row is included when an included dbo.visit names it (by patient_id), or an included dbo.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: no key, no masked column
-- key: none
SELECT p.person_no FROM patient p
----
refused UR027 at 1:25-34: column person_no of dbo.patient: mask hash("person"): no masking key is given
  hint: give the masking key, or omit the column in the map

-- title: no key is needed for the others
-- key: none
SELECT p.name FROM patient p
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
SELECT p.name FROM (SELECT CAST(CASE WHEN t.[name] IS NULL THEN NULL ELSE N'***' END AS nvarchar(200)) COLLATE Finnish_Swedish_CI_AS AS [name]
  FROM [dbo].[patient] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_13_patient] k WHERE k.[id] = t.[id])) AS [p]
-- argument 1 @utdrag_p1: "SE1"
-- columns: name
-- 1:20-29 dbo.patient as p: path: a row is included when an included dbo.visit names it (by patient_id), or an included dbo.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: a reference that leads outside is blanked
SELECT n.id, n.corrects_id FROM note n
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
SELECT n.id, n.corrects_id FROM (SELECT t.[id], CASE WHEN t.[corrects_id] IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM [dbo].[note] p1 WHERE p1.[id] = t.[corrects_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_21_visit] p2 WHERE p2.[id] = p1.[visit_id]))) THEN NULL ELSE t.[corrects_id] END AS [corrects_id]
  FROM [dbo].[note] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_21_visit] p1 WHERE p1.[id] = t.[visit_id])) AS [n]
-- argument 1 @utdrag_p1: "SE1"
-- columns: id, corrects_id
-- 1:33-39 dbo.note as n: path: a row is included when its dbo.visit is included (by visit_id)

-- title: authors come along, and what they reference is blanked
SELECT s.id, s.unit_id FROM staff s
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
[utdrag_added_19_staff]([id]) AS (SELECT DISTINCT t.[id]
  FROM [dbo].[note] o
  JOIN [dbo].[staff] t ON t.[id] = o.[author_id]
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_21_visit] p1 WHERE p1.[id] = o.[visit_id])
    AND CASE WHEN EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id])) THEN 0 ELSE 1 END = 1)
SELECT s.id, s.unit_id FROM (SELECT t.[id], CASE WHEN t.[unit_id] IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))) THEN NULL ELSE t.[unit_id] END AS [unit_id]
  FROM [dbo].[staff] AS t
  WHERE (EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id])) OR EXISTS (SELECT 1 FROM [utdrag_added_19_staff] k WHERE k.[id] = t.[id]))) AS [s]
-- argument 1 @utdrag_p1: "SE1"
-- columns: id, unit_id
-- 1:29-36 dbo.staff as s: path: a row is included when its dbo.unit is included (by unit_id); with the rows that are named in dbo.note (by author_id); masked name: constant("somebody"), email: partial(1, 3)

-- title: stub rows
SELECT d.id, d.serial FROM device d
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
[utdrag_stubs_5_device]([id]) AS (SELECT DISTINCT t.[id]
  FROM [dbo].[measurement] o
  JOIN [dbo].[device] t ON t.[id] = o.[device_id]
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_21_visit] p1 WHERE p1.[id] = o.[visit_id])
    AND ((o.[kind] <> N'test'))
    AND CASE WHEN EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id])) THEN 0 ELSE 1 END = 1)
SELECT d.id, d.serial FROM (SELECT t.[id], t.[serial]
  FROM [dbo].[device] AS t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))
UNION ALL
SELECT t.[id], CAST(N'-' AS nvarchar(200)) COLLATE Finnish_Swedish_CI_AS AS [serial]
  FROM [dbo].[device] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_stubs_5_device] k WHERE k.[id] = t.[id])) AS [d]
-- argument 1 @utdrag_p1: "SE1"
-- columns: id, serial
-- 1:28-36 dbo.device as d: path: a row is included when its dbo.unit is included (by unit_id); with nothing but the keys of rows that are named in dbo.measurement (by device_id)

-- title: rows that reference outside are dropped
SELECT b.id FROM booking b
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT b.id FROM (SELECT t.[id]
  FROM [dbo].[booking] AS t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))
    AND ((t.[staff_id] IS NULL) OR EXISTS (SELECT 1 FROM [dbo].[staff] p1 WHERE p1.[id] = t.[staff_id]
    AND EXISTS (SELECT 1 FROM [dbo].[unit] p2 WHERE p2.[id] = p1.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p3 WHERE p3.[id] = p2.[provider_id]))))) AS [b]
-- argument 1 @utdrag_p1: "SE1"
-- columns: id
-- 1:18-27 dbo.booking as b: path: a row is included when its dbo.unit is included (by unit_id); left out when staff_id leads outside

-- title: a reference that may lead outside is warned of
SELECT r.visit_id FROM referral r
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT r.visit_id FROM (SELECT t.[visit_id]
  FROM [dbo].[referral] AS t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))) AS [r]
-- argument 1 @utdrag_p1: "SE1"
-- columns: visit_id
-- 1:24-34 dbo.referral as r: path: a row is included when its dbo.unit is included (by unit_id)
-- warning UR041 at 1:24-34: rows of dbo.referral may reference rows of dbo.visit that are not the provider's, by referral_visit_id_fkey

-- title: a mask of a column with a hard name
SELECT [Prøve [nr]]] FROM [Lab Result]
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
SELECT [Prøve [nr]]] FROM (SELECT CAST(CASE WHEN t.[Prøve [nr]]] IS NULL THEN NULL ELSE N'-' END AS nvarchar(200)) COLLATE Finnish_Swedish_CI_AS AS [Prøve [nr]]]
  FROM [dbo].[Lab Result] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_21_visit] p1 WHERE p1.[id] = t.[visit id])) AS [Lab Result]
-- argument 1 @utdrag_p1: "SE1"
-- columns: Prøve [nr]
-- 1:27-39 dbo.Lab Result: path: a row is included when its dbo.visit is included (by visit id); masked Prøve [nr]: constant("-")
