-- title: the outer reference stays as it is
SELECT u.id, (SELECT COUNT(*) FROM booking b WHERE b.unit_id = u.id) AS n FROM unit u
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT u.id, (SELECT COUNT(*) FROM (SELECT t."id", t."unit_id"
  FROM "public"."booking" AS t
  WHERE EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))
    AND ((t."staff_id" IS NULL) OR EXISTS (SELECT 1 FROM "public"."staff" p1 WHERE p1."id" = t."staff_id"
    AND EXISTS (SELECT 1 FROM "public"."unit" p2 WHERE p2."id" = p1."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p3 WHERE p3."id" = p2."provider_id"))))) AS "b" WHERE b.unit_id = u.id) AS n FROM (SELECT t."id"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "u"
-- argument 1: "SE1"
-- columns: id, n
-- 1:36-45 public.booking as b: path: a row is included when its public.unit is included (by unit_id); left out when staff_id leads outside
-- 1:80-86 public.unit as u: path: a row is included when its public.provider is included (by provider_id)

-- title: derived in derived
SELECT x.k FROM (SELECT y.id AS k FROM (SELECT id FROM unit WHERE id > 0) AS y) AS x
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT x.k FROM (SELECT y.id AS k FROM (SELECT id FROM (SELECT t."id"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit" WHERE id > 0) AS y) AS x
-- argument 1: "SE1"
-- columns: k
-- 1:56-60 public.unit: path: a row is included when its public.provider is included (by provider_id)

-- title: the outer reference without a qualifier
SELECT id FROM unit WHERE EXISTS (SELECT 1 FROM icd WHERE code = hsa_id)
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT id FROM (SELECT t."id", t."hsa_id"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit" WHERE EXISTS (SELECT 1 FROM (SELECT t."code"
  FROM "public"."icd" AS t) AS "icd" WHERE code = hsa_id)
-- argument 1: "SE1"
-- columns: id
-- 1:16-20 public.unit: path: a row is included when its public.provider is included (by provider_id)
-- 1:49-52 public.icd: reference: every row: code system
