-- title: cross join
SELECT u.id, a.id FROM unit u CROSS JOIN area a
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `u`.`id`,`a`.`id` FROM (SELECT `t`.`id` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `u` JOIN (SELECT `t`.`id` FROM `journal`.`area` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `a`
-- argument 1: "SE1"
-- columns: id, id
-- 1:24-30 journal.unit as u: path: a row is included when its journal.provider is included (by provider_id)
-- 1:42-48 journal.area as a: path: a row is included when its journal.provider is included (by provider_id)

-- title: using
SELECT id, u.name FROM unit u JOIN area a USING (id)
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `id`,`u`.`name` FROM (SELECT `t`.`id`,`t`.`name` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `u` JOIN (SELECT `t`.`id`,`t`.`name` FROM `journal`.`area` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `a` USING (`id`)
-- argument 1: "SE1"
-- columns: id, name
-- 1:24-30 journal.unit as u: path: a row is included when its journal.provider is included (by provider_id)
-- 1:36-42 journal.area as a: path: a row is included when its journal.provider is included (by provider_id)

-- title: natural join sees every column of the map and none that it omits
SELECT unit_id FROM booking NATURAL JOIN device
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?), `utdrag_keys_19_visit` (`id`) AS (SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) INTERSECT SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`area` AS `p1` WHERE (`p1`.`id` = `t`.`area_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))), `utdrag_stubs_5_device` (`id`) AS (SELECT DISTINCT `t`.`id` FROM `journal`.`measurement` AS `o` JOIN `journal`.`device` AS `t` ON `t`.`id` = `o`.`device_id` WHERE (EXISTS (SELECT 1 FROM `utdrag_keys_19_visit` AS `p1` WHERE `p1`.`id` = `o`.`visit_id`)) AND ((`o`.`kind` != 'test')) AND ((CASE WHEN EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) THEN 0 ELSE 1 END) = 1)) SELECT `unit_id` FROM (SELECT `t`.`id`,`t`.`unit_id`,`t`.`staff_id` FROM `journal`.`booking` AS `t` WHERE (EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))) AND ((`t`.`staff_id` IS NULL) OR (EXISTS (SELECT 1 FROM `journal`.`staff` AS `p1` WHERE (`p1`.`id` = `t`.`staff_id`) AND (EXISTS (SELECT 1 FROM `journal`.`unit` AS `p2` WHERE (`p2`.`id` = `p1`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p3` WHERE `p3`.`id` = `p2`.`provider_id`)))))))) AS `booking` NATURAL JOIN (SELECT `t`.`id`,`t`.`serial`,`t`.`unit_id` FROM `journal`.`device` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) UNION ALL SELECT `t`.`id`,'-' AS `serial`,NULL AS `unit_id` FROM `journal`.`device` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_stubs_5_device` AS `k` WHERE `k`.`id` = `t`.`id`)) AS `device`
-- argument 1: "SE1"
-- columns: unit_id
-- 1:21-28 journal.booking: path: a row is included when its journal.unit is included (by unit_id); left out when staff_id leads outside
-- 1:42-48 journal.device: path: a row is included when its journal.unit is included (by unit_id); with nothing but the keys of rows that are named in journal.measurement (by device_id)
