-- title: by name or number
SELECT id FROM unit WHERE id = @id AND name = @name
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT id FROM (SELECT t.[id], t.[name]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit] WHERE id = @id AND name = @name
-- argument 1 @utdrag_p1: "SE1"
-- columns: id
-- 1:16-20 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)

-- title: a name of ours
SELECT id FROM unit WHERE hsa_id = @utdrag_p1
----
refused UR009 at 1:36-46: a name of the query begins with utdrag_
  hint: choose another name

-- title: with masks that have arguments
SELECT person_no FROM patient WHERE id = @id
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
SELECT person_no FROM (SELECT t.[id], CAST(CASE WHEN t.[person_no] IS NOT NULL THEN CASE WHEN CONVERT(nvarchar(max), t.[person_no]) COLLATE Latin1_General_100_BIN2 LIKE N'%[^ -~]%' THEN CONVERT(varchar(64), 1 / (DATALENGTH(t.[person_no]) - DATALENGTH(t.[person_no]))) ELSE SUBSTRING(LOWER(CONVERT(char(64), HASHBYTES('SHA2_256', CONVERT(binary(64), @utdrag_p2) + HASHBYTES('SHA2_256', CONVERT(binary(64), @utdrag_p3) + 0x757464726167206D61736B20686173682031000000000000000006706572736F6E74 + CONVERT(varbinary(max), CONVERT(varchar(max), LOWER(RTRIM(CONVERT(nvarchar(max), t.[person_no])) COLLATE Latin1_General_100_BIN2))))), 2)), 1, 64) END END AS varchar(64)) COLLATE Finnish_Swedish_CI_AS AS [person_no]
  FROM [dbo].[patient] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_13_patient] k WHERE k.[id] = t.[id])) AS [patient] WHERE id = @id
-- argument 1 @utdrag_p1: "SE1"
-- argument 2 @utdrag_p2: of the masking key
-- argument 3 @utdrag_p3: of the masking key
-- columns: person_no
-- 1:23-30 dbo.patient: path: a row is included when an included dbo.visit names it (by patient_id), or an included dbo.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null
