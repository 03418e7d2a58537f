-- title: by name or number
SELECT id FROM unit WHERE id = ? AND name = ?
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `id` FROM (SELECT `t`.`id`,`t`.`name` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `unit` WHERE (`id` = ?) AND (`name` = ?)
-- argument 1: "SE1"
-- columns: id
-- 1:16-20 journal.unit: path: a row is included when its journal.provider is included (by provider_id)

-- title: with masks that have arguments
SELECT person_no FROM patient WHERE id = ?
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?), `utdrag_keys_19_visit` (`id`) AS (SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) INTERSECT SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`area` AS `p1` WHERE (`p1`.`id` = `t`.`area_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))), `utdrag_keys_13_patient` (`id`) AS (SELECT `t`.`id` FROM `journal`.`visit` AS `c` JOIN `journal`.`patient` AS `t` ON `t`.`id` = `c`.`patient_id` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_19_visit` AS `k` WHERE `k`.`id` = `c`.`id`) UNION SELECT `t`.`id` FROM `journal`.`referral` AS `c` JOIN `journal`.`patient` AS `t` ON `t`.`id` = `c`.`patient_id` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `c`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))), `utdrag_pads` (`inner_pad`, `outer_pad`) AS (SELECT ?,?) SELECT `person_no` FROM (SELECT `t`.`id`,LEFT(SHA2(CONCAT((SELECT `outer_pad` FROM `utdrag_pads`), UNHEX(SHA2(CONCAT((SELECT `inner_pad` FROM `utdrag_pads`), x'757464726167206d61736b20686173682031000000000000000006706572736f6e74', CAST(CONVERT(`t`.`person_no` USING 'utf8mb4') AS BINARY)), 256))), 256), 64) AS `person_no` FROM `journal`.`patient` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_13_patient` AS `k` WHERE `k`.`id` = `t`.`id`)) AS `patient` WHERE `id` = ?
-- argument 1: "SE1"
-- argument 2: of the masking key
-- argument 3: of the masking key
-- columns: person_no
-- 1:23-30 journal.patient: path: a row is included when an included journal.visit names it (by patient_id), or an included journal.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null
