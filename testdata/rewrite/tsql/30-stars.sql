-- title: everything, without what is omitted
SELECT * FROM patient
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
SELECT * FROM (SELECT c.[id], c.[person_no], c.[name], c.[phone], c.[born], ((([name]+', ')+[phone])) AS [label]
  FROM (SELECT t.[id], CAST(CASE WHEN t.[person_no] IS NOT NULL THEN CASE WHEN CONVERT(nvarchar(max), t.[person_no]) COLLATE Latin1_General_100_BIN2 LIKE N'%[^ -~]%' THEN CONVERT(varchar(64), 1 / (DATALENGTH(t.[person_no]) - DATALENGTH(t.[person_no]))) ELSE SUBSTRING(LOWER(CONVERT(char(64), HASHBYTES('SHA2_256', CONVERT(binary(64), @utdrag_p2) + HASHBYTES('SHA2_256', CONVERT(binary(64), @utdrag_p3) + 0x757464726167206D61736B20686173682031000000000000000006706572736F6E74 + CONVERT(varbinary(max), CONVERT(varchar(max), LOWER(RTRIM(CONVERT(nvarchar(max), t.[person_no])) COLLATE Latin1_General_100_BIN2))))), 2)), 1, 64) END END AS varchar(64)) COLLATE Finnish_Swedish_CI_AS AS [person_no], CAST(CASE WHEN t.[name] IS NULL THEN NULL ELSE N'***' END AS nvarchar(200)) COLLATE Finnish_Swedish_CI_AS AS [name], CAST(NULL AS nvarchar(200)) COLLATE Finnish_Swedish_CI_AS AS [phone], t.[born]
  FROM [dbo].[patient] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_13_patient] k WHERE k.[id] = t.[id])) AS c) AS [patient]
-- argument 1 @utdrag_p1: "SE1"
-- argument 2 @utdrag_p2: of the masking key
-- argument 3 @utdrag_p3: of the masking key
-- columns: id, person_no, name, phone, born, label
-- 1:15-22 dbo.patient: path: a row is included when an included dbo.visit names it (by patient_id), or an included dbo.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: everything of one of two
SELECT b.*, u.id FROM booking b JOIN unit u ON u.id = b.unit_id
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT b.*, u.id FROM (SELECT t.[id], t.[unit_id], t.[staff_id]
  FROM [dbo].[booking] AS t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))
    AND ((t.[staff_id] IS NULL) OR EXISTS (SELECT 1 FROM [dbo].[staff] p1 WHERE p1.[id] = t.[staff_id]
    AND EXISTS (SELECT 1 FROM [dbo].[unit] p2 WHERE p2.[id] = p1.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p3 WHERE p3.[id] = p2.[provider_id]))))) AS [b] JOIN (SELECT t.[id], t.[hsa_id], t.[provider_id], CASE WHEN t.[parent_id] IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[parent_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))) THEN NULL ELSE t.[parent_id] END AS [parent_id], t.[name]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [u] ON u.id = b.unit_id
-- argument 1 @utdrag_p1: "SE1"
-- columns: id, unit_id, staff_id, id
-- 1:23-32 dbo.booking as b: path: a row is included when its dbo.unit is included (by unit_id); left out when staff_id leads outside
-- 1:38-44 dbo.unit as u: path: a row is included when its dbo.provider is included (by provider_id)

-- title: a column that the map omits
SELECT p.address FROM patient p
----
refused UR032 at 1:8-17: dbo.patient has no column address that the query may see
  hint: check the name against the catalog and the map

-- title: everything, without what is hidden
SELECT * FROM prescription
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT * FROM (SELECT t.[id], t.[unit_id], t.[drug]
  FROM [dbo].[prescription] AS t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))) AS [prescription]
-- argument 1 @utdrag_p1: "SE1"
-- columns: id, unit_id, drug
-- 1:15-27 dbo.prescription: path: a row is included when its dbo.unit is included (by unit_id)

-- title: count of everything
SELECT COUNT(*) FROM patient
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
SELECT COUNT(*) FROM (SELECT t.[id]
  FROM [dbo].[patient] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_13_patient] k WHERE k.[id] = t.[id])) AS [patient]
-- argument 1 @utdrag_p1: "SE1"
-- columns: 
-- 1:22-29 dbo.patient: path: a row is included when an included dbo.visit names it (by patient_id), or an included dbo.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null
