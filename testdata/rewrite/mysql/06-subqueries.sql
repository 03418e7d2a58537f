-- title: in the SELECT list, CASE and a function argument
SELECT (SELECT MAX(a.id) FROM area a), CASE WHEN EXISTS (SELECT 1 FROM area) THEN COALESCE((SELECT MIN(id) FROM device), 0) END FROM icd
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?), `utdrag_keys_19_visit` (`id`) AS (SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) INTERSECT SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`area` AS `p1` WHERE (`p1`.`id` = `t`.`area_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))), `utdrag_stubs_5_device` (`id`) AS (SELECT DISTINCT `t`.`id` FROM `journal`.`measurement` AS `o` JOIN `journal`.`device` AS `t` ON `t`.`id` = `o`.`device_id` WHERE (EXISTS (SELECT 1 FROM `utdrag_keys_19_visit` AS `p1` WHERE `p1`.`id` = `o`.`visit_id`)) AND ((`o`.`kind` != 'test')) AND ((CASE WHEN EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) THEN 0 ELSE 1 END) = 1)) SELECT (SELECT MAX(`a`.`id`) AS `MAX(a.id)` FROM (SELECT `t`.`id` FROM `journal`.`area` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `a`) AS `(SELECT MAX(a.id) FROM area a)`,CASE WHEN EXISTS (SELECT 1 AS `1` FROM (SELECT `t`.`id` FROM `journal`.`area` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `area`) THEN COALESCE((SELECT MIN(`id`) AS `MIN(id)` FROM (SELECT `t`.`id` FROM `journal`.`device` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) UNION ALL SELECT `t`.`id` FROM `journal`.`device` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_stubs_5_device` AS `k` WHERE `k`.`id` = `t`.`id`)) AS `device`), 0) END AS `CASE WHEN EXISTS (SELECT 1 FROM area) THEN COALESCE((SELECT MIN(id) FROM device), 0) END` FROM (SELECT `t`.`code` FROM `journal`.`icd` AS `t`) AS `icd`
-- argument 1: "SE1"
-- columns: (SELECT MAX(a.id) FROM area a), CASE WHEN EXISTS (SELECT 1 FROM area) THEN COALESCE((SELECT MIN(id) FROM device), 0) END
-- 1:31-37 journal.area as a: path: a row is included when its journal.provider is included (by provider_id)
-- 1:72-76 journal.area: path: a row is included when its journal.provider is included (by provider_id)
-- 1:113-119 journal.device: path: a row is included when its journal.unit is included (by unit_id); with nothing but the keys of rows that are named in journal.measurement (by device_id)
-- 1:134-137 journal.icd: reference: every row: code system

-- title: in WHERE: IN, left of IN, BETWEEN, ALL and ANY
SELECT code FROM icd WHERE code IN (SELECT name FROM unit) OR (SELECT MAX(id) FROM area) IN (1, 2) OR 1 BETWEEN (SELECT MIN(id) FROM unit) AND (SELECT MAX(id) FROM unit)
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `code` FROM (SELECT `t`.`code`,`t`.`name` FROM `journal`.`icd` AS `t`) AS `icd` WHERE (`code` IN (SELECT `name` FROM (SELECT `t`.`id`,`t`.`name` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `unit`)) OR ((SELECT MAX(`id`) AS `MAX(id)` FROM (SELECT `t`.`id`,`t`.`name` FROM `journal`.`area` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `area`) IN (1,2)) OR (1 BETWEEN (SELECT MIN(`id`) AS `MIN(id)` FROM (SELECT `t`.`id`,`t`.`name` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `unit`) AND (SELECT MAX(`id`) AS `MAX(id)` FROM (SELECT `t`.`id`,`t`.`name` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `unit`))
-- argument 1: "SE1"
-- columns: code
-- 1:18-21 journal.icd: reference: every row: code system
-- 1:54-58 journal.unit: path: a row is included when its journal.provider is included (by provider_id)
-- 1:84-88 journal.area: path: a row is included when its journal.provider is included (by provider_id)
-- 1:134-138 journal.unit: path: a row is included when its journal.provider is included (by provider_id)
-- 1:165-169 journal.unit: path: a row is included when its journal.provider is included (by provider_id)

-- title: ALL and ANY
SELECT code FROM icd WHERE code >= ALL (SELECT name FROM unit) OR code = ANY (SELECT name FROM area)
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `code` FROM (SELECT `t`.`code`,`t`.`name` FROM `journal`.`icd` AS `t`) AS `icd` WHERE (`code` >= ALL (SELECT `name` FROM (SELECT `t`.`name` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `unit`)) OR (`code` = ANY (SELECT `name` FROM (SELECT `t`.`name` FROM `journal`.`area` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `area`))
-- argument 1: "SE1"
-- columns: code
-- 1:18-21 journal.icd: reference: every row: code system
-- 1:58-62 journal.unit: path: a row is included when its journal.provider is included (by provider_id)
-- 1:96-100 journal.area: path: a row is included when its journal.provider is included (by provider_id)

-- title: in HAVING, GROUP BY and ORDER BY
SELECT COUNT(*) FROM icd GROUP BY code HAVING COUNT(*) > (SELECT COUNT(*) FROM unit) ORDER BY (SELECT COUNT(*) FROM area)
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT COUNT(1) AS `COUNT(*)` FROM (SELECT `t`.`code` FROM `journal`.`icd` AS `t`) AS `icd` GROUP BY `code` HAVING COUNT(1) > (SELECT COUNT(1) AS `COUNT(*)` FROM (SELECT `t`.`id` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `unit`) ORDER BY (SELECT COUNT(1) AS `COUNT(*)` FROM (SELECT `t`.`id` FROM `journal`.`area` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `area`)
-- argument 1: "SE1"
-- columns: COUNT(*)
-- 1:22-25 journal.icd: reference: every row: code system
-- 1:80-84 journal.unit: path: a row is included when its journal.provider is included (by provider_id)
-- 1:117-121 journal.area: path: a row is included when its journal.provider is included (by provider_id)

-- title: in GROUP BY
SELECT COUNT(*) FROM icd i GROUP BY (SELECT u.name FROM unit u WHERE u.name = i.name)
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT COUNT(1) AS `COUNT(*)` FROM (SELECT `t`.`name` FROM `journal`.`icd` AS `t`) AS `i` GROUP BY (SELECT `u`.`name` FROM (SELECT `t`.`name` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `u` WHERE `u`.`name` = `i`.`name`)
-- argument 1: "SE1"
-- columns: COUNT(*)
-- 1:22-27 journal.icd as i: reference: every row: code system
-- 1:57-63 journal.unit as u: path: a row is included when its journal.provider is included (by provider_id)

-- title: in ON
SELECT i.code FROM icd i JOIN interpreter p ON p.id IN (SELECT id FROM unit)
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `i`.`code` FROM (SELECT `t`.`code` FROM `journal`.`icd` AS `t`) AS `i` JOIN (SELECT `t`.`id` FROM `journal`.`interpreter` AS `t`) AS `p` ON `p`.`id` IN (SELECT `id` FROM (SELECT `t`.`id` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `unit`)
-- argument 1: "SE1"
-- columns: code
-- 1:20-25 journal.icd as i: reference: every row: code system
-- 1:31-44 journal.interpreter as p: reference: every row: called in by everyone; masked phone: null
-- 1:72-76 journal.unit: path: a row is included when its journal.provider is included (by provider_id)

-- title: in a window
SELECT code, SUM(1) OVER (PARTITION BY (SELECT COUNT(*) FROM unit) ORDER BY code) FROM icd
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `code`,SUM(1) OVER (PARTITION BY (SELECT COUNT(1) AS `COUNT(*)` FROM (SELECT `t`.`id` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `unit`) ORDER BY `code`) AS `SUM(1) OVER (PARTITION BY (SELECT COUNT(*) FROM unit) ORDER BY code)` FROM (SELECT `t`.`code` FROM `journal`.`icd` AS `t`) AS `icd`
-- argument 1: "SE1"
-- columns: code, SUM(1) OVER (PARTITION BY (SELECT COUNT(*) FROM unit) ORDER BY code)
-- 1:62-66 journal.unit: path: a row is included when its journal.provider is included (by provider_id)
-- 1:88-91 journal.icd: reference: every row: code system
