-- title: two statements
SELECT id FROM unit; SELECT id FROM visit
----
refused UR004 at 1:20-20: a semicolon stands before the end: only one statement is read
  hint: send one statement at a time

-- title: a semicolon at the end is nothing
SELECT id FROM unit;
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT id FROM (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit"
-- argument 1: "SE1"
-- columns: id
-- 1:16-20 main.unit: path: a row is included when its main.provider is included (by provider_id)

-- title: something after it
SELECT id FROM unit ) x
----
refused UR003 at 1:21-22: the query can't be read at )
  hint: check the query against the dialect of the database

-- title: nothing at all
-- nothing
----
refused UR001 at 1:1-1: the query is empty
  hint: split the query, or make a view of a part of it

-- title: hidden in a comment of another dialect
SELECT id FROM unit /*! UNION SELECT id FROM visit */
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT id FROM (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit"
-- argument 1: "SE1"
-- columns: id
-- 1:16-20 main.unit: path: a row is included when its main.provider is included (by provider_id)
