-- title: no such table
SELECT id FROM visti
----
refused UR010 at 1:16-21: the catalog has no table or view public.visti
  hint: did you mean "visit"?

-- title: rows = none
SELECT id FROM draft
----
refused UR011 at 1:16-21: the map leaves public.draft out: never signed
  hint: leave it out of the query

-- title: excluded
SELECT line FROM log
----
refused UR011 at 1:18-21: the map leaves public.log out: operational log
  hint: leave it out of the query

-- title: in a subquery
SELECT id FROM unit WHERE EXISTS (SELECT 1 FROM log WHERE line = 'x')
----
refused UR011 at 1:49-52: the map leaves public.log out: operational log
  hint: leave it out of the query

-- title: rows = empty
SELECT line FROM queue
----
SELECT line FROM (SELECT t."line"
  FROM "public"."queue" AS t
  WHERE 1 = 0) AS "queue"
-- columns: line
-- 1:18-23 public.queue: empty: made, without rows: what waits to be sent is not handed over
