-- title: two statements
SELECT id FROM unit; SELECT id FROM visit
----
refused UR004 at 1:20-21: more than one statement
  hint: send one statement at a time

-- title: two statements without a semicolon
SELECT id FROM unit SELECT id FROM visit
----
refused UR003 at 1:21-27: a FROM clause that can't be read from here on
  hint: check the query against the dialect of the database

-- title: GO
SELECT id FROM unit
GO
SELECT id FROM visit
----
refused UR004 at 2:1-3: GO inside a SELECT
  hint: send one statement at a time

-- title: a semicolon at the end is nothing
SELECT id FROM unit;
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT id FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit]
-- argument 1 @utdrag_p1: "SE1"
-- columns: id
-- 1:16-20 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)

-- title: something after it
SELECT id FROM unit ) x
----
refused UR003 at 1:21-22: a parenthesis that was not opened
  hint: check the query against the dialect of the database

-- title: nothing at all
-- nothing
----
refused UR001 at 1:1-1: the query is empty
  hint: split the query, or make a view of a part of it

-- title: hidden in a comment of another dialect
SELECT id FROM unit /*! UNION SELECT id FROM visit */
----
WITH [utdrag_keys_16_provider]([id]) AS (SELECT t.[id]
  FROM [dbo].[provider] t
  WHERE t.[hsa_id] = CAST(@utdrag_p1 AS varchar(20)) COLLATE Finnish_Swedish_CI_AS)
SELECT id FROM (SELECT t.[id]
  FROM [dbo].[unit] AS t
  WHERE EXISTS (SELECT 1 FROM [utdrag_keys_16_provider] p1 WHERE p1.[id] = t.[provider_id])) AS [unit]
-- argument 1 @utdrag_p1: "SE1"
-- columns: id
-- 1:16-20 dbo.unit: path: a row is included when its dbo.provider is included (by provider_id)
