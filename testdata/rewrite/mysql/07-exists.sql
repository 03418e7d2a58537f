-- title: EXISTS, correlated
SELECT i.code FROM icd i WHERE EXISTS (SELECT * FROM unit u WHERE u.name = i.name)
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `i`.`code` FROM (SELECT `t`.`code`,`t`.`name` FROM `journal`.`icd` AS `t`) AS `i` WHERE EXISTS (SELECT * FROM (SELECT `t`.`id`,`t`.`hsa_id`,`t`.`provider_id`,CASE WHEN (`t`.`parent_id` IS NOT NULL) AND (NOT (EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`parent_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))))) THEN NULL ELSE `t`.`parent_id` END AS `parent_id`,`t`.`name` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `u` WHERE `u`.`name` = `i`.`name`)
-- argument 1: "SE1"
-- columns: code
-- 1:20-25 journal.icd as i: reference: every row: code system
-- 1:54-60 journal.unit as u: path: a row is included when its journal.provider is included (by provider_id)

-- title: NOT EXISTS
SELECT code FROM icd WHERE NOT EXISTS (SELECT 1 FROM unit WHERE id = 20)
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `code` FROM (SELECT `t`.`code` FROM `journal`.`icd` AS `t`) AS `icd` WHERE NOT EXISTS (SELECT 1 AS `1` FROM (SELECT `t`.`id` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `unit` WHERE `id` = 20)
-- argument 1: "SE1"
-- columns: code
-- 1:18-21 journal.icd: reference: every row: code system
-- 1:54-58 journal.unit: path: a row is included when its journal.provider is included (by provider_id)

-- title: NOT IN
SELECT code FROM icd WHERE code NOT IN (SELECT hsa_id FROM unit)
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `code` FROM (SELECT `t`.`code` FROM `journal`.`icd` AS `t`) AS `icd` WHERE `code` NOT IN (SELECT `hsa_id` FROM (SELECT `t`.`hsa_id` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `unit`)
-- argument 1: "SE1"
-- columns: code
-- 1:18-21 journal.icd: reference: every row: code system
-- 1:60-64 journal.unit: path: a row is included when its journal.provider is included (by provider_id)
