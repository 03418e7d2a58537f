-- title: works on its arguments only
SELECT u.id, j.[value] FROM unit u CROSS APPLY OPENJSON(N'[1,2]') AS j
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT u.id, j.[value] FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [u] CROSS APPLY OPENJSON(N'[1,2]') AS j
-- argument 1 @utdrag_p1: "SE1"
-- columns: id, value
-- 1:29-35 dbo.unit as u: path: a row is included when its dbo.provider is included (by provider_id)

-- title: OPENJSON with columns
SELECT j.v FROM OPENJSON(N'[{"v":1}]') WITH (v int '$.v') AS j
----
SELECT j.v FROM OPENJSON(N'[{"v":1}]') WITH (v int '$.v') AS j
-- columns: v

-- title: nodes of XML
SELECT n.x.value('.', 'int') FROM (SELECT CAST('<a>1</a>' AS xml) AS d) AS s CROSS APPLY s.d.nodes('/a') AS n(x)
----
SELECT n.x.value('.', 'int') FROM (SELECT CAST('<a>1</a>' AS xml) AS d) AS s CROSS APPLY s.d.nodes('/a') AS n(x)
-- columns: 

-- title: a subquery in its argument
SELECT s.value FROM STRING_SPLIT((SELECT MAX(name) FROM unit), ' ') AS s
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT s.value FROM STRING_SPLIT((SELECT MAX(name) FROM (SELECT t.[name]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit]), ' ') AS s
-- argument 1 @utdrag_p1: "SE1"
-- columns: value
-- 1:57-61 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)

-- title: one that is not on the list
SELECT id FROM dbo.visits_of(1) AS v
----
refused UR018 at 1:16-29: table function dbo.visits_of is not on the list
  hint: use tables, or a function that works on its arguments only
