-- title: bare is the expression, qualified is the table
WITH unit AS (SELECT 1 AS id) SELECT unit.id, t.id FROM unit, journal.unit AS t
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?), `unit` AS (SELECT 1 AS `id`) SELECT `unit`.`id`,`t`.`id` FROM `unit` JOIN (SELECT `t`.`id` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `t`
-- argument 1: "SE1"
-- columns: id, id
-- 1:63-80 journal.unit as t: path: a row is included when its journal.provider is included (by provider_id)

-- title: its body reads the table of its own name
WITH unit AS (SELECT id FROM unit) SELECT id FROM unit
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?), `unit` AS (SELECT `id` FROM (SELECT `t`.`id` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `unit`) SELECT `id` FROM `unit`
-- argument 1: "SE1"
-- columns: id
-- 1:30-34 journal.unit: path: a row is included when its journal.provider is included (by provider_id)

-- title: its body reads the table of its own name, qualified
WITH unit AS (SELECT id FROM journal.unit) SELECT id FROM unit
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?), `unit` AS (SELECT `id` FROM (SELECT `t`.`id` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `unit`) SELECT `id` FROM `unit`
-- argument 1: "SE1"
-- columns: id
-- 1:30-42 journal.unit: path: a row is included when its journal.provider is included (by provider_id)
