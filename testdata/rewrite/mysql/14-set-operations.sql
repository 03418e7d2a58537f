-- title: every branch
SELECT id FROM unit UNION SELECT id FROM area UNION ALL SELECT id FROM device ORDER BY 1
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?), `utdrag_keys_19_visit` (`id`) AS (SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) INTERSECT SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`area` AS `p1` WHERE (`p1`.`id` = `t`.`area_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))), `utdrag_stubs_5_device` (`id`) AS (SELECT DISTINCT `t`.`id` FROM `journal`.`measurement` AS `o` JOIN `journal`.`device` AS `t` ON `t`.`id` = `o`.`device_id` WHERE (EXISTS (SELECT 1 FROM `utdrag_keys_19_visit` AS `p1` WHERE `p1`.`id` = `o`.`visit_id`)) AND ((`o`.`kind` != 'test')) AND ((CASE WHEN EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) THEN 0 ELSE 1 END) = 1)) SELECT `id` FROM (SELECT `t`.`id` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `unit` UNION SELECT `id` FROM (SELECT `t`.`id` FROM `journal`.`area` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `area` UNION ALL SELECT `id` FROM (SELECT `t`.`id` FROM `journal`.`device` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) UNION ALL SELECT `t`.`id` FROM `journal`.`device` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_stubs_5_device` AS `k` WHERE `k`.`id` = `t`.`id`)) AS `device` ORDER BY 1
-- argument 1: "SE1"
-- columns: id
-- 1:16-20 journal.unit: path: a row is included when its journal.provider is included (by provider_id)
-- 1:42-46 journal.area: path: a row is included when its journal.provider is included (by provider_id)
-- 1:72-78 journal.device: path: a row is included when its journal.unit is included (by unit_id); with nothing but the keys of rows that are named in journal.measurement (by device_id)

-- title: EXCEPT and INTERSECT
SELECT id FROM unit EXCEPT SELECT id FROM area INTERSECT SELECT id FROM device
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?), `utdrag_keys_19_visit` (`id`) AS (SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) INTERSECT SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`area` AS `p1` WHERE (`p1`.`id` = `t`.`area_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))), `utdrag_stubs_5_device` (`id`) AS (SELECT DISTINCT `t`.`id` FROM `journal`.`measurement` AS `o` JOIN `journal`.`device` AS `t` ON `t`.`id` = `o`.`device_id` WHERE (EXISTS (SELECT 1 FROM `utdrag_keys_19_visit` AS `p1` WHERE `p1`.`id` = `o`.`visit_id`)) AND ((`o`.`kind` != 'test')) AND ((CASE WHEN EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) THEN 0 ELSE 1 END) = 1)) SELECT `id` FROM (SELECT `t`.`id` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `unit` EXCEPT SELECT `id` FROM (SELECT `t`.`id` FROM `journal`.`area` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `area` INTERSECT SELECT `id` FROM (SELECT `t`.`id` FROM `journal`.`device` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) UNION ALL SELECT `t`.`id` FROM `journal`.`device` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_stubs_5_device` AS `k` WHERE `k`.`id` = `t`.`id`)) AS `device`
-- argument 1: "SE1"
-- columns: id
-- 1:16-20 journal.unit: path: a row is included when its journal.provider is included (by provider_id)
-- 1:43-47 journal.area: path: a row is included when its journal.provider is included (by provider_id)
-- 1:73-79 journal.device: path: a row is included when its journal.unit is included (by unit_id); with nothing but the keys of rows that are named in journal.measurement (by device_id)

-- title: branches in parentheses
(SELECT id FROM unit) UNION ALL (SELECT id FROM area) ORDER BY 1
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) (SELECT `id` FROM (SELECT `t`.`id` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `unit`) UNION ALL (SELECT `id` FROM (SELECT `t`.`id` FROM `journal`.`area` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `area`) ORDER BY 1
-- argument 1: "SE1"
-- columns: id
-- 1:17-21 journal.unit: path: a row is included when its journal.provider is included (by provider_id)
-- 1:49-53 journal.area: path: a row is included when its journal.provider is included (by provider_id)

-- title: in a subquery
SELECT code FROM icd WHERE name IN (SELECT name FROM unit UNION SELECT name FROM area)
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `code` FROM (SELECT `t`.`code`,`t`.`name` FROM `journal`.`icd` AS `t`) AS `icd` WHERE `name` IN (SELECT `name` FROM (SELECT `t`.`name` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `unit` UNION SELECT `name` FROM (SELECT `t`.`name` FROM `journal`.`area` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `area`)
-- argument 1: "SE1"
-- columns: code
-- 1:18-21 journal.icd: reference: every row: code system
-- 1:54-58 journal.unit: path: a row is included when its journal.provider is included (by provider_id)
-- 1:82-86 journal.area: path: a row is included when its journal.provider is included (by provider_id)
