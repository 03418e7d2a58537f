-- title: another database
SELECT id FROM other.visit
----
refused UR010 at 1:16-27: the catalog has no table or view other.visit
  hint: did you mean "visit"?

-- title: this database, named
SELECT id FROM journal.unit
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `id` FROM (SELECT `t`.`id` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `unit`
-- argument 1: "SE1"
-- columns: id
-- 1:16-28 journal.unit: path: a row is included when its journal.provider is included (by provider_id)

-- title: a table of another schema, and not its namesake
SELECT v.reason, w.id FROM archive.visit v JOIN journal.unit w ON w.id = v.unit_id
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `v`.`reason`,`w`.`id` FROM (SELECT `t`.`id`,`t`.`unit_id`,`t`.`reason` FROM `archive`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))) AS `v` JOIN (SELECT `t`.`id` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `w` ON `w`.`id` = `v`.`unit_id`
-- argument 1: "SE1"
-- columns: reason, id
-- 1:28-43 archive.visit as v: path: a row is included when its journal.unit is included (by unit_id)
-- 1:49-63 journal.unit as w: path: a row is included when its journal.provider is included (by provider_id)
