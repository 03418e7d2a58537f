-- title: left join
SELECT u.id, d.id FROM unit u LEFT JOIN device d ON d.unit_id = u.id
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?), `utdrag_keys_19_visit` (`id`) AS (SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) INTERSECT SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`area` AS `p1` WHERE (`p1`.`id` = `t`.`area_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))), `utdrag_stubs_5_device` (`id`) AS (SELECT DISTINCT `t`.`id` FROM `journal`.`measurement` AS `o` JOIN `journal`.`device` AS `t` ON `t`.`id` = `o`.`device_id` WHERE (EXISTS (SELECT 1 FROM `utdrag_keys_19_visit` AS `p1` WHERE `p1`.`id` = `o`.`visit_id`)) AND ((`o`.`kind` != 'test')) AND ((CASE WHEN EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) THEN 0 ELSE 1 END) = 1)) SELECT `u`.`id`,`d`.`id` FROM (SELECT `t`.`id` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `u` LEFT JOIN (SELECT `t`.`id`,`t`.`unit_id` FROM `journal`.`device` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) UNION ALL SELECT `t`.`id`,NULL AS `unit_id` FROM `journal`.`device` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_stubs_5_device` AS `k` WHERE `k`.`id` = `t`.`id`)) AS `d` ON `d`.`unit_id` = `u`.`id`
-- argument 1: "SE1"
-- columns: id, id
-- 1:24-30 journal.unit as u: path: a row is included when its journal.provider is included (by provider_id)
-- 1:41-49 journal.device as d: path: a row is included when its journal.unit is included (by unit_id); with nothing but the keys of rows that are named in journal.measurement (by device_id)

-- title: right join
SELECT i.code, u.id FROM icd i RIGHT OUTER JOIN unit u ON u.name = i.name
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `i`.`code`,`u`.`id` FROM (SELECT `t`.`code`,`t`.`name` FROM `journal`.`icd` AS `t`) AS `i` RIGHT JOIN (SELECT `t`.`id`,`t`.`name` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `u` ON `u`.`name` = `i`.`name`
-- argument 1: "SE1"
-- columns: code, id
-- 1:26-31 journal.icd as i: reference: every row: code system
-- 1:49-55 journal.unit as u: path: a row is included when its journal.provider is included (by provider_id)

-- title: full join
SELECT u.id, a.id FROM unit u FULL JOIN area a ON a.id = u.id
----
refused UR003 at 1:31-35: the query can't be read from here
  hint: check the query against the dialect of the database

-- title: a chain of left, right and inner joins
SELECT u.id, a.id, b.id FROM unit u LEFT JOIN area a ON a.id = u.id RIGHT JOIN booking b ON b.unit_id = u.id INNER JOIN icd i ON i.code = u.name
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `u`.`id`,`a`.`id`,`b`.`id` FROM (((SELECT `t`.`id`,`t`.`name` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `u` LEFT JOIN (SELECT `t`.`id`,`t`.`name` FROM `journal`.`area` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `a` ON `a`.`id` = `u`.`id`) RIGHT JOIN (SELECT `t`.`id`,`t`.`unit_id` FROM `journal`.`booking` AS `t` WHERE (EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))) AND ((`t`.`staff_id` IS NULL) OR (EXISTS (SELECT 1 FROM `journal`.`staff` AS `p1` WHERE (`p1`.`id` = `t`.`staff_id`) AND (EXISTS (SELECT 1 FROM `journal`.`unit` AS `p2` WHERE (`p2`.`id` = `p1`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p3` WHERE `p3`.`id` = `p2`.`provider_id`)))))))) AS `b` ON `b`.`unit_id` = `u`.`id`) JOIN (SELECT `t`.`code`,`t`.`name` FROM `journal`.`icd` AS `t`) AS `i` ON `i`.`code` = `u`.`name`
-- argument 1: "SE1"
-- columns: id, id, id
-- 1:30-36 journal.unit as u: path: a row is included when its journal.provider is included (by provider_id)
-- 1:47-53 journal.area as a: path: a row is included when its journal.provider is included (by provider_id)
-- 1:80-89 journal.booking as b: path: a row is included when its journal.unit is included (by unit_id); left out when staff_id leads outside
-- 1:121-126 journal.icd as i: reference: every row: code system

-- title: anti-join
SELECT u.id FROM unit u LEFT JOIN area a ON a.id = u.id WHERE a.id IS NULL
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `u`.`id` FROM (SELECT `t`.`id` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `u` LEFT JOIN (SELECT `t`.`id` FROM `journal`.`area` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `a` ON `a`.`id` = `u`.`id` WHERE `a`.`id` IS NULL
-- argument 1: "SE1"
-- columns: id
-- 1:18-24 journal.unit as u: path: a row is included when its journal.provider is included (by provider_id)
-- 1:35-41 journal.area as a: path: a row is included when its journal.provider is included (by provider_id)
