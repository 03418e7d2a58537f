-- title: everything, without what is omitted
SELECT * FROM patient
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?), `utdrag_keys_19_visit` (`id`) AS (SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) INTERSECT SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`area` AS `p1` WHERE (`p1`.`id` = `t`.`area_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))), `utdrag_keys_13_patient` (`id`) AS (SELECT `t`.`id` FROM `journal`.`visit` AS `c` JOIN `journal`.`patient` AS `t` ON `t`.`id` = `c`.`patient_id` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_19_visit` AS `k` WHERE `k`.`id` = `c`.`id`) UNION SELECT `t`.`id` FROM `journal`.`referral` AS `c` JOIN `journal`.`patient` AS `t` ON `t`.`id` = `c`.`patient_id` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `c`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))), `utdrag_pads` (`inner_pad`, `outer_pad`) AS (SELECT ?,?) SELECT * FROM (SELECT `c`.`id`,`c`.`person_no`,`c`.`name`,`c`.`phone`,`c`.`born`,`c`.`label`,(CONCAT('<', `label`, '>')) AS `tag` FROM (SELECT `c`.`id`,`c`.`person_no`,`c`.`name`,`c`.`phone`,`c`.`born`,(CONCAT(`name`, ', ', `phone`)) AS `label` FROM (SELECT `t`.`id`,LEFT(SHA2(CONCAT((SELECT `outer_pad` FROM `utdrag_pads`), UNHEX(SHA2(CONCAT((SELECT `inner_pad` FROM `utdrag_pads`), x'757464726167206d61736b20686173682031000000000000000006706572736f6e74', CAST(CONVERT(`t`.`person_no` USING 'utf8mb4') AS BINARY)), 256))), 256), 64) AS `person_no`,CASE WHEN `t`.`name` IS NULL THEN NULL ELSE '***' END AS `name`,NULL AS `phone`,`t`.`born` FROM `journal`.`patient` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_13_patient` AS `k` WHERE `k`.`id` = `t`.`id`)) AS `c`) AS `c`) AS `patient`
-- argument 1: "SE1"
-- argument 2: of the masking key
-- argument 3: of the masking key
-- columns: id, person_no, name, phone, born, label, tag
-- 1:15-22 journal.patient: path: a row is included when an included journal.visit names it (by patient_id), or an included journal.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: everything of one of two
SELECT b.*, u.id FROM booking b JOIN unit u ON u.id = b.unit_id
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `b`.*,`u`.`id` FROM (SELECT `t`.`id`,`t`.`unit_id`,`t`.`staff_id` FROM `journal`.`booking` AS `t` WHERE (EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))) AND ((`t`.`staff_id` IS NULL) OR (EXISTS (SELECT 1 FROM `journal`.`staff` AS `p1` WHERE (`p1`.`id` = `t`.`staff_id`) AND (EXISTS (SELECT 1 FROM `journal`.`unit` AS `p2` WHERE (`p2`.`id` = `p1`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p3` WHERE `p3`.`id` = `p2`.`provider_id`)))))))) AS `b` JOIN (SELECT `t`.`id`,`t`.`hsa_id`,`t`.`provider_id`,CASE WHEN (`t`.`parent_id` IS NOT NULL) AND (NOT (EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`parent_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))))) THEN NULL ELSE `t`.`parent_id` END AS `parent_id`,`t`.`name` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `u` ON `u`.`id` = `b`.`unit_id`
-- argument 1: "SE1"
-- columns: id, unit_id, staff_id, id
-- 1:23-32 journal.booking as b: path: a row is included when its journal.unit is included (by unit_id); left out when staff_id leads outside
-- 1:38-44 journal.unit as u: path: a row is included when its journal.provider is included (by provider_id)

-- title: a column that the map omits
SELECT p.address FROM patient p
----
refused UR032 at 1:8-17: journal.patient has no column address that the query may see
  hint: check the name against the catalog and the map

-- title: everything, without what is invisible
SELECT * FROM interpreter
----
SELECT * FROM (SELECT `t`.`id`,NULL AS `phone`,`t`.`language` FROM `journal`.`interpreter` AS `t`) AS `interpreter`
-- columns: id, phone, language
-- 1:15-26 journal.interpreter: reference: every row: called in by everyone; masked phone: null

-- title: count of everything
SELECT COUNT(*) FROM patient
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?), `utdrag_keys_19_visit` (`id`) AS (SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) INTERSECT SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`area` AS `p1` WHERE (`p1`.`id` = `t`.`area_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))), `utdrag_keys_13_patient` (`id`) AS (SELECT `t`.`id` FROM `journal`.`visit` AS `c` JOIN `journal`.`patient` AS `t` ON `t`.`id` = `c`.`patient_id` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_19_visit` AS `k` WHERE `k`.`id` = `c`.`id`) UNION SELECT `t`.`id` FROM `journal`.`referral` AS `c` JOIN `journal`.`patient` AS `t` ON `t`.`id` = `c`.`patient_id` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `c`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))) SELECT COUNT(1) AS `COUNT(*)` FROM (SELECT `t`.`id` FROM `journal`.`patient` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_13_patient` AS `k` WHERE `k`.`id` = `t`.`id`)) AS `patient`
-- argument 1: "SE1"
-- columns: COUNT(*)
-- 1:22-29 journal.patient: path: a row is included when an included journal.visit names it (by patient_id), or an included journal.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: TABLE
TABLE patient
----
refused UR005 at 1:1-6: only a SELECT is read here
  hint: write a SELECT
