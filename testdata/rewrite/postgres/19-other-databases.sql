-- title: another database
SELECT id FROM other.public.visit
----
refused UR012 at 1:16-34: visit names a database
  hint: name tables of this database

-- title: this database, named
SELECT id FROM journal.public.unit
----
refused UR012 at 1:16-35: unit names a database
  hint: name tables of this database

-- title: a table of another schema, and not its namesake
SELECT v.reason, w.id FROM archive.visit v JOIN public.unit w ON w.id = v.unit_id
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT v.reason, w.id FROM (SELECT t."id", t."unit_id", t."reason"
  FROM "archive"."visit" AS t
  WHERE EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))) AS "v" JOIN (SELECT t."id"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "w" ON w.id = v.unit_id
-- argument 1: "SE1"
-- columns: reason, id
-- 1:28-43 archive.visit as v: path: a row is included when its public.unit is included (by unit_id)
-- 1:49-62 public.unit as w: path: a row is included when its public.provider is included (by provider_id)
