-- title: ranking, aggregates and DISTINCT
SELECT DISTINCT b.unit_id, RANK() OVER (PARTITION BY b.unit_id ORDER BY b.id), COUNT(*) OVER () FROM booking b
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT DISTINCT `b`.`unit_id`,RANK() OVER (PARTITION BY `b`.`unit_id` ORDER BY `b`.`id`) AS `RANK() OVER (PARTITION BY b.unit_id ORDER BY b.id)`,COUNT(1) OVER () AS `COUNT(*) OVER ()` FROM (SELECT `t`.`id`,`t`.`unit_id` FROM `journal`.`booking` AS `t` WHERE (EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))) AND ((`t`.`staff_id` IS NULL) OR (EXISTS (SELECT 1 FROM `journal`.`staff` AS `p1` WHERE (`p1`.`id` = `t`.`staff_id`) AND (EXISTS (SELECT 1 FROM `journal`.`unit` AS `p2` WHERE (`p2`.`id` = `p1`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p3` WHERE `p3`.`id` = `p2`.`provider_id`)))))))) AS `b`
-- argument 1: "SE1"
-- columns: unit_id, RANK() OVER (PARTITION BY b.unit_id ORDER BY b.id), COUNT(*) OVER ()
-- 1:102-111 journal.booking as b: path: a row is included when its journal.unit is included (by unit_id); left out when staff_id leads outside

-- title: the first rows
SELECT id FROM booking ORDER BY id LIMIT 2
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `id` FROM (SELECT `t`.`id` FROM `journal`.`booking` AS `t` WHERE (EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))) AND ((`t`.`staff_id` IS NULL) OR (EXISTS (SELECT 1 FROM `journal`.`staff` AS `p1` WHERE (`p1`.`id` = `t`.`staff_id`) AND (EXISTS (SELECT 1 FROM `journal`.`unit` AS `p2` WHERE (`p2`.`id` = `p1`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p3` WHERE `p3`.`id` = `p2`.`provider_id`)))))))) AS `booking` ORDER BY `id` LIMIT 2
-- argument 1: "SE1"
-- columns: id
-- 1:16-23 journal.booking: path: a row is included when its journal.unit is included (by unit_id); left out when staff_id leads outside

-- title: rows after the first ones
SELECT id FROM booking ORDER BY id LIMIT 2 OFFSET 1
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `id` FROM (SELECT `t`.`id` FROM `journal`.`booking` AS `t` WHERE (EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))) AND ((`t`.`staff_id` IS NULL) OR (EXISTS (SELECT 1 FROM `journal`.`staff` AS `p1` WHERE (`p1`.`id` = `t`.`staff_id`) AND (EXISTS (SELECT 1 FROM `journal`.`unit` AS `p2` WHERE (`p2`.`id` = `p1`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p3` WHERE `p3`.`id` = `p2`.`provider_id`)))))))) AS `booking` ORDER BY `id` LIMIT 1,2
-- argument 1: "SE1"
-- columns: id
-- 1:16-23 journal.booking: path: a row is included when its journal.unit is included (by unit_id); left out when staff_id leads outside

-- title: aggregates with HAVING
SELECT unit_id, COUNT(*), MIN(id) FROM booking GROUP BY unit_id HAVING COUNT(*) > 1
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `unit_id`,COUNT(1) AS `COUNT(*)`,MIN(`id`) AS `MIN(id)` FROM (SELECT `t`.`id`,`t`.`unit_id` FROM `journal`.`booking` AS `t` WHERE (EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))) AND ((`t`.`staff_id` IS NULL) OR (EXISTS (SELECT 1 FROM `journal`.`staff` AS `p1` WHERE (`p1`.`id` = `t`.`staff_id`) AND (EXISTS (SELECT 1 FROM `journal`.`unit` AS `p2` WHERE (`p2`.`id` = `p1`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p3` WHERE `p3`.`id` = `p2`.`provider_id`)))))))) AS `booking` GROUP BY `unit_id` HAVING COUNT(1) > 1
-- argument 1: "SE1"
-- columns: unit_id, COUNT(*), MIN(id)
-- 1:40-47 journal.booking: path: a row is included when its journal.unit is included (by unit_id); left out when staff_id leads outside
