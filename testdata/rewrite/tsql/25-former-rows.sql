-- title: rows as they were: the period stays with the table
SELECT p.id, p.drug FROM prescription FOR SYSTEM_TIME AS OF '2024-01-01' AS p
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT p.id, p.drug FROM (SELECT t.[id], t.[drug]
  FROM [dbo].[prescription] FOR SYSTEM_TIME AS OF '2024-01-01' AS t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))) AS [p]
-- argument 1 @utdrag_p1: "SE1"
-- columns: id, drug
-- 1:26-78 dbo.prescription as p: path: a row is included when its dbo.unit is included (by unit_id)

-- title: rows of all time
SELECT p.id FROM dbo.prescription FOR SYSTEM_TIME ALL p WHERE p.id = 1
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT p.id FROM (SELECT t.[id]
  FROM [dbo].[prescription] FOR SYSTEM_TIME ALL AS t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))) AS [p] WHERE p.id = 1
-- argument 1 @utdrag_p1: "SE1"
-- columns: id
-- 1:18-56 dbo.prescription as p: path: a row is included when its dbo.unit is included (by unit_id)

-- title: between two times
SELECT id FROM prescription FOR SYSTEM_TIME BETWEEN '2024-01-01' AND '2025-01-01'
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT id FROM (SELECT t.[id]
  FROM [dbo].[prescription] FOR SYSTEM_TIME BETWEEN '2024-01-01' AND '2025-01-01' AS t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))) AS [prescription]
-- argument 1 @utdrag_p1: "SE1"
-- columns: id
-- 1:16-82 dbo.prescription: path: a row is included when its dbo.unit is included (by unit_id)

-- title: the table of former rows
SELECT h.id, h.valid_from FROM prescription_history h
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT h.id, h.valid_from FROM (SELECT t.[id], t.[valid_from]
  FROM [dbo].[prescription_history] AS t
  WHERE EXISTS (SELECT 1 FROM [dbo].[unit] p1 WHERE p1.[id] = t.[unit_id]
    AND EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p2 WHERE p2.[id] = p1.[provider_id]))) AS [h]
-- argument 1 @utdrag_p1: "SE1"
-- columns: id, valid_from
-- 1:32-54 dbo.prescription_history as h: path: a row is included when its dbo.unit is included (by unit_id)

-- title: former rows of a table that keeps none
SELECT id FROM patient FOR SYSTEM_TIME ALL
----
refused UR025 at 1:16-43: former rows of dbo.patient don't say themselves whose they were
  hint: ask for the present rows
