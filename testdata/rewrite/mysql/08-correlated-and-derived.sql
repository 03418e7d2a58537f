-- title: the outer reference stays as it is
SELECT u.id, (SELECT COUNT(*) FROM booking b WHERE b.unit_id = u.id) AS n FROM unit u
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `u`.`id`,(SELECT COUNT(1) AS `COUNT(*)` FROM (SELECT `t`.`id`,`t`.`unit_id` FROM `journal`.`booking` AS `t` WHERE (EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))) AND ((`t`.`staff_id` IS NULL) OR (EXISTS (SELECT 1 FROM `journal`.`staff` AS `p1` WHERE (`p1`.`id` = `t`.`staff_id`) AND (EXISTS (SELECT 1 FROM `journal`.`unit` AS `p2` WHERE (`p2`.`id` = `p1`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p3` WHERE `p3`.`id` = `p2`.`provider_id`)))))))) AS `b` WHERE `b`.`unit_id` = `u`.`id`) AS `n` FROM (SELECT `t`.`id` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `u`
-- argument 1: "SE1"
-- columns: id, n
-- 1:36-45 journal.booking as b: path: a row is included when its journal.unit is included (by unit_id); left out when staff_id leads outside
-- 1:80-86 journal.unit as u: path: a row is included when its journal.provider is included (by provider_id)

-- title: derived in derived
SELECT x.k FROM (SELECT y.id AS k FROM (SELECT id FROM unit WHERE id > 0) AS y) AS x
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `x`.`k` FROM (SELECT `y`.`id` AS `k` FROM (SELECT `id` FROM (SELECT `t`.`id` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `unit` WHERE `id` > 0) AS `y`) AS `x`
-- argument 1: "SE1"
-- columns: k
-- 1:56-60 journal.unit: path: a row is included when its journal.provider is included (by provider_id)

-- title: the outer reference without a qualifier
SELECT id FROM unit WHERE EXISTS (SELECT 1 FROM icd WHERE code = hsa_id)
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `id` FROM (SELECT `t`.`id`,`t`.`hsa_id` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `unit` WHERE EXISTS (SELECT 1 AS `1` FROM (SELECT `t`.`code` FROM `journal`.`icd` AS `t`) AS `icd` WHERE `code` = `hsa_id`)
-- argument 1: "SE1"
-- columns: id
-- 1:16-20 journal.unit: path: a row is included when its journal.provider is included (by provider_id)
-- 1:49-52 journal.icd: reference: every row: code system
