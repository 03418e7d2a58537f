-- title: the body is confined, the reference is not
WITH w AS (SELECT id FROM unit) SELECT w.id FROM w JOIN w AS v ON v.id = w.id
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?), `w` AS (SELECT `id` FROM (SELECT `t`.`id` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `unit`) SELECT `w`.`id` FROM `w` JOIN `w` AS `v` ON `v`.`id` = `w`.`id`
-- argument 1: "SE1"
-- columns: id
-- 1:27-31 journal.unit: path: a row is included when its journal.provider is included (by provider_id)

-- title: a second one reads the first
WITH w AS (SELECT id FROM unit), v (k) AS (SELECT w.id FROM w, area a) SELECT k FROM v
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?), `w` AS (SELECT `id` FROM (SELECT `t`.`id` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `unit`), `v` (`k`) AS (SELECT `w`.`id` FROM `w` JOIN (SELECT `t`.`id` FROM `journal`.`area` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `a`) SELECT `k` FROM `v`
-- argument 1: "SE1"
-- columns: k
-- 1:27-31 journal.unit: path: a row is included when its journal.provider is included (by provider_id)
-- 1:64-70 journal.area as a: path: a row is included when its journal.provider is included (by provider_id)

-- title: one inside a subquery
SELECT id FROM (WITH w AS (SELECT id FROM unit) SELECT id FROM w) AS x
----
refused UR022 at 1:22-23: WITH inside a query, where servers don't agree about what its names stand for
  hint: give each common table expression a name of its own, before its use
