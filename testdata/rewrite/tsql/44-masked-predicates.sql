-- title: a deterministic mask joins
SELECT a.id FROM patient a JOIN patient b ON b.person_no = a.person_no
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
SELECT a.id FROM (SELECT t.[id], CAST(CASE WHEN t.[person_no] IS NOT NULL THEN CASE WHEN CONVERT(nvarchar(max), t.[person_no]) COLLATE Latin1_General_100_BIN2 LIKE N'%[^ -~]%' THEN CONVERT(varchar(64), 1 / (DATALENGTH(t.[person_no]) - DATALENGTH(t.[person_no]))) ELSE SUBSTRING(LOWER(CONVERT(char(64), HASHBYTES('SHA2_256', CONVERT(binary(64), @utdrag_p2) + HASHBYTES('SHA2_256', CONVERT(binary(64), @utdrag_p3) + 0x757464726167206D61736B20686173682031000000000000000006706572736F6E74 + CONVERT(varbinary(max), CONVERT(varchar(max), LOWER(RTRIM(CONVERT(nvarchar(max), t.[person_no])) COLLATE Latin1_General_100_BIN2))))), 2)), 1, 64) END END AS varchar(64)) COLLATE Finnish_Swedish_CI_AS AS [person_no]
  FROM [dbo].[patient] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_13_patient] k WHERE k.[id] = t.[id])) AS [a] JOIN (SELECT t.[id], CAST(CASE WHEN t.[person_no] IS NOT NULL THEN CASE WHEN CONVERT(nvarchar(max), t.[person_no]) COLLATE Latin1_General_100_BIN2 LIKE N'%[^ -~]%' THEN CONVERT(varchar(64), 1 / (DATALENGTH(t.[person_no]) - DATALENGTH(t.[person_no]))) ELSE SUBSTRING(LOWER(CONVERT(char(64), HASHBYTES('SHA2_256', CONVERT(binary(64), @utdrag_p2) + HASHBYTES('SHA2_256', CONVERT(binary(64), @utdrag_p3) + 0x757464726167206D61736B20686173682031000000000000000006706572736F6E74 + CONVERT(varbinary(max), CONVERT(varchar(max), LOWER(RTRIM(CONVERT(nvarchar(max), t.[person_no])) COLLATE Latin1_General_100_BIN2))))), 2)), 1, 64) END END AS varchar(64)) COLLATE Finnish_Swedish_CI_AS AS [person_no]
  FROM [dbo].[patient] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_13_patient] k WHERE k.[id] = t.[id])) AS [b] ON b.person_no = a.person_no
-- argument 1 @utdrag_p1: "SE1"
-- argument 2 @utdrag_p2: of the masking key
-- argument 3 @utdrag_p3: of the masking key
-- columns: id
-- 1:18-27 dbo.patient as a: path: a row is included when an included dbo.visit names it (by patient_id), or an included dbo.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null
-- 1:33-42 dbo.patient as b: path: a row is included when an included dbo.visit names it (by patient_id), or an included dbo.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: a mask that makes different values equal is warned of
SELECT p.id FROM patient p WHERE p.name LIKE 'A%' ORDER BY phone
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
SELECT p.id FROM (SELECT t.[id], CAST(CASE WHEN t.[name] IS NULL THEN NULL ELSE N'***' END AS nvarchar(200)) COLLATE Finnish_Swedish_CI_AS AS [name], CAST(NULL AS nvarchar(200)) COLLATE Finnish_Swedish_CI_AS AS [phone]
  FROM [dbo].[patient] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_13_patient] k WHERE k.[id] = t.[id])) AS [p] WHERE p.name LIKE 'A%' ORDER BY phone
-- argument 1 @utdrag_p1: "SE1"
-- columns: id
-- 1:18-27 dbo.patient as p: path: a row is included when an included dbo.visit names it (by patient_id), or an included dbo.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null
-- warning UR040 at 1:34-40: column name of dbo.patient is masked by redact, and the query sees the masked values
-- warning UR040 at 1:60-65: column phone of dbo.patient is masked by null, and the query sees the masked values

-- title: in USING, GROUP BY and a window
SELECT COUNT(*), RANK() OVER (ORDER BY name) FROM patient GROUP BY name
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
SELECT COUNT(*), RANK() OVER (ORDER BY name) FROM (SELECT CAST(CASE WHEN t.[name] IS NULL THEN NULL ELSE N'***' END AS nvarchar(200)) COLLATE Finnish_Swedish_CI_AS AS [name]
  FROM [dbo].[patient] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_13_patient] k WHERE k.[id] = t.[id])) AS [patient] GROUP BY name
-- argument 1 @utdrag_p1: "SE1"
-- columns: , 
-- 1:51-58 dbo.patient: path: a row is included when an included dbo.visit names it (by patient_id), or an included dbo.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null
-- warning UR040 at 1:40-44: column name of dbo.patient is masked by redact, and the query sees the masked values
-- warning UR040 at 1:68-72: column name of dbo.patient is masked by redact, and the query sees the masked values

-- title: shown only: no warning
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

-- title: through a derived table: it is not followed there
SELECT x.name FROM (SELECT name FROM patient) AS x WHERE x.name = 'a'
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
SELECT x.name FROM (SELECT name FROM (SELECT CAST(CASE WHEN t.[name] IS NULL THEN NULL ELSE N'***' END AS nvarchar(200)) COLLATE Finnish_Swedish_CI_AS AS [name]
  FROM [dbo].[patient] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_13_patient] k WHERE k.[id] = t.[id])) AS [patient]) AS x WHERE x.name = 'a'
-- argument 1 @utdrag_p1: "SE1"
-- columns: name
-- 1:38-45 dbo.patient: path: a row is included when an included dbo.visit names it (by patient_id), or an included dbo.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null
