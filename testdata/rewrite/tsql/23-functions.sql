-- title: one that the map allows
SELECT dbo.age_years(p.born) FROM patient p
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
SELECT dbo.age_years(p.born) FROM (SELECT t.[born]
  FROM [dbo].[patient] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_13_patient] k WHERE k.[id] = t.[id])) AS [p]
-- argument 1 @utdrag_p1: "SE1"
-- columns: 
-- 1:35-44 dbo.patient as p: path: a row is included when an included dbo.visit names it (by patient_id), or an included dbo.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: one that nobody allows
SELECT dbo.patient_count()
----
refused UR020 at 1:8-25: function dbo.patient_count is not on the list
  hint: declare the function in an allowed block of the map if it only computes, or write the query without it

-- title: one of another schema
SELECT archive.age_years(p.born) FROM patient p
----
refused UR020 at 1:8-25: function archive.age_years is not on the list
  hint: declare the function in an allowed block of the map if it only computes, or write the query without it

-- title: one that has an effect
SELECT NEXT VALUE FOR dbo.numbers
----
refused UR020 at 1:8-12: NEXT VALUE FOR changes a sequence
  hint: declare the function in an allowed block of the map if it only computes, or write the query without it

-- title: its own functions
SELECT UPPER(name), ISNULL(name, '-'), ROUND(1.5, 0), DATEPART(year, SYSDATETIME()) FROM unit
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT UPPER(name), ISNULL(name, '-'), ROUND(1.5, 0), DATEPART(year, SYSDATETIME()) FROM (SELECT t.[name]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit]
-- argument 1 @utdrag_p1: "SE1"
-- columns: , , , 
-- 1:90-94 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)
