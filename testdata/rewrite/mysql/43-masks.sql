-- title: every kind
SELECT p.person_no, p.name, p.phone, s.name, s.email FROM patient p CROSS JOIN staff s
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?), `utdrag_keys_19_visit` (`id`) AS (SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) INTERSECT SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`area` AS `p1` WHERE (`p1`.`id` = `t`.`area_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))), `utdrag_keys_13_patient` (`id`) AS (SELECT `t`.`id` FROM `journal`.`visit` AS `c` JOIN `journal`.`patient` AS `t` ON `t`.`id` = `c`.`patient_id` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_19_visit` AS `k` WHERE `k`.`id` = `c`.`id`) UNION SELECT `t`.`id` FROM `journal`.`referral` AS `c` JOIN `journal`.`patient` AS `t` ON `t`.`id` = `c`.`patient_id` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `c`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))), `utdrag_added_17_staff` (`id`) AS (SELECT DISTINCT `t`.`id` FROM `journal`.`note` AS `o` JOIN `journal`.`staff` AS `t` ON `t`.`id` = `o`.`author_id` WHERE (EXISTS (SELECT 1 FROM `utdrag_keys_19_visit` AS `p1` WHERE `p1`.`id` = `o`.`visit_id`)) AND ((CASE WHEN EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) THEN 0 ELSE 1 END) = 1)), `utdrag_pads` (`inner_pad`, `outer_pad`) AS (SELECT ?,?) SELECT `p`.`person_no`,`p`.`name`,`p`.`phone`,`s`.`name`,`s`.`email` FROM (SELECT LEFT(SHA2(CONCAT((SELECT `outer_pad` FROM `utdrag_pads`), UNHEX(SHA2(CONCAT((SELECT `inner_pad` FROM `utdrag_pads`), x'757464726167206d61736b20686173682031000000000000000006706572736f6e74', CAST(CONVERT(`t`.`person_no` USING 'utf8mb4') AS BINARY)), 256))), 256), 64) AS `person_no`,CASE WHEN `t`.`name` IS NULL THEN NULL ELSE '***' END AS `name`,NULL AS `phone` FROM `journal`.`patient` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_13_patient` AS `k` WHERE `k`.`id` = `t`.`id`)) AS `p` JOIN (SELECT CASE WHEN `t`.`name` IS NULL THEN NULL ELSE 'somebody' END AS `name`,CASE WHEN `t`.`email` IS NULL THEN NULL WHEN CHAR_LENGTH(`t`.`email`) <= 4 THEN REPEAT('*', CHAR_LENGTH(`t`.`email`)) ELSE CONCAT(SUBSTRING(`t`.`email`, 1, 1), REPEAT('*', (CHAR_LENGTH(`t`.`email`) - 4)), SUBSTRING(`t`.`email`, (CHAR_LENGTH(`t`.`email`) - 2), 3)) END AS `email` FROM `journal`.`staff` AS `t` WHERE ((EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))) OR (EXISTS (SELECT 1 FROM `utdrag_added_17_staff` AS `k` WHERE `k`.`id` = `t`.`id`)))) AS `s`
-- argument 1: "SE1"
-- argument 2: of the masking key
-- argument 3: of the masking key
-- columns: person_no, name, phone, name, email
-- 1:59-68 journal.patient as p: path: a row is included when an included journal.visit names it (by patient_id), or an included journal.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null
-- 1:80-87 journal.staff as s: path: a row is included when its journal.unit is included (by unit_id); with the rows that are named in journal.note (by author_id); masked name: constant("somebody"), email: partial(1, 3)

-- title: WHERE, GROUP and ORDER see masked values only
SELECT p.name, COUNT(*) FROM patient p WHERE p.name = 'Anna' GROUP BY p.name ORDER BY p.name
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?), `utdrag_keys_19_visit` (`id`) AS (SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) INTERSECT SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`area` AS `p1` WHERE (`p1`.`id` = `t`.`area_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))), `utdrag_keys_13_patient` (`id`) AS (SELECT `t`.`id` FROM `journal`.`visit` AS `c` JOIN `journal`.`patient` AS `t` ON `t`.`id` = `c`.`patient_id` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_19_visit` AS `k` WHERE `k`.`id` = `c`.`id`) UNION SELECT `t`.`id` FROM `journal`.`referral` AS `c` JOIN `journal`.`patient` AS `t` ON `t`.`id` = `c`.`patient_id` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `c`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))) SELECT `p`.`name`,COUNT(1) AS `COUNT(*)` FROM (SELECT CASE WHEN `t`.`name` IS NULL THEN NULL ELSE '***' END AS `name` FROM `journal`.`patient` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_13_patient` AS `k` WHERE `k`.`id` = `t`.`id`)) AS `p` WHERE `p`.`name` = 'Anna' GROUP BY `p`.`name` ORDER BY `p`.`name`
-- argument 1: "SE1"
-- columns: name, COUNT(*)
-- 1:30-39 journal.patient as p: path: a row is included when an included journal.visit names it (by patient_id), or an included journal.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null
-- warning UR040 at 1:46-52: column name of journal.patient is masked by redact, and the query sees the masked values
-- warning UR040 at 1:71-77: column name of journal.patient is masked by redact, and the query sees the masked values
-- warning UR040 at 1:87-93: column name of journal.patient is masked by redact, and the query sees the masked values

-- title: a computed column is computed anew from the masked ones
SELECT p.label FROM patient p
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?), `utdrag_keys_19_visit` (`id`) AS (SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) INTERSECT SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`area` AS `p1` WHERE (`p1`.`id` = `t`.`area_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))), `utdrag_keys_13_patient` (`id`) AS (SELECT `t`.`id` FROM `journal`.`visit` AS `c` JOIN `journal`.`patient` AS `t` ON `t`.`id` = `c`.`patient_id` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_19_visit` AS `k` WHERE `k`.`id` = `c`.`id`) UNION SELECT `t`.`id` FROM `journal`.`referral` AS `c` JOIN `journal`.`patient` AS `t` ON `t`.`id` = `c`.`patient_id` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `c`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))), `utdrag_pads` (`inner_pad`, `outer_pad`) AS (SELECT ?,?) SELECT `p`.`label` FROM (SELECT `c`.`id`,`c`.`person_no`,`c`.`name`,`c`.`phone`,`c`.`born`,`c`.`label`,(CONCAT('<', `label`, '>')) AS `tag` FROM (SELECT `c`.`id`,`c`.`person_no`,`c`.`name`,`c`.`phone`,`c`.`born`,(CONCAT(`name`, ', ', `phone`)) AS `label` FROM (SELECT `t`.`id`,LEFT(SHA2(CONCAT((SELECT `outer_pad` FROM `utdrag_pads`), UNHEX(SHA2(CONCAT((SELECT `inner_pad` FROM `utdrag_pads`), x'757464726167206d61736b20686173682031000000000000000006706572736f6e74', CAST(CONVERT(`t`.`person_no` USING 'utf8mb4') AS BINARY)), 256))), 256), 64) AS `person_no`,CASE WHEN `t`.`name` IS NULL THEN NULL ELSE '***' END AS `name`,NULL AS `phone`,`t`.`born` FROM `journal`.`patient` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_13_patient` AS `k` WHERE `k`.`id` = `t`.`id`)) AS `c`) AS `c`) AS `p`
-- argument 1: "SE1"
-- argument 2: of the masking key
-- argument 3: of the masking key
-- columns: label
-- 1:21-30 journal.patient as p: path: a row is included when an included journal.visit names it (by patient_id), or an included journal.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: and so is one that is computed from that
SELECT p.tag FROM patient p
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?), `utdrag_keys_19_visit` (`id`) AS (SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) INTERSECT SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`area` AS `p1` WHERE (`p1`.`id` = `t`.`area_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))), `utdrag_keys_13_patient` (`id`) AS (SELECT `t`.`id` FROM `journal`.`visit` AS `c` JOIN `journal`.`patient` AS `t` ON `t`.`id` = `c`.`patient_id` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_19_visit` AS `k` WHERE `k`.`id` = `c`.`id`) UNION SELECT `t`.`id` FROM `journal`.`referral` AS `c` JOIN `journal`.`patient` AS `t` ON `t`.`id` = `c`.`patient_id` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `c`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))), `utdrag_pads` (`inner_pad`, `outer_pad`) AS (SELECT ?,?) SELECT `p`.`tag` FROM (SELECT `c`.`id`,`c`.`person_no`,`c`.`name`,`c`.`phone`,`c`.`born`,`c`.`label`,(CONCAT('<', `label`, '>')) AS `tag` FROM (SELECT `c`.`id`,`c`.`person_no`,`c`.`name`,`c`.`phone`,`c`.`born`,(CONCAT(`name`, ', ', `phone`)) AS `label` FROM (SELECT `t`.`id`,LEFT(SHA2(CONCAT((SELECT `outer_pad` FROM `utdrag_pads`), UNHEX(SHA2(CONCAT((SELECT `inner_pad` FROM `utdrag_pads`), x'757464726167206d61736b20686173682031000000000000000006706572736f6e74', CAST(CONVERT(`t`.`person_no` USING 'utf8mb4') AS BINARY)), 256))), 256), 64) AS `person_no`,CASE WHEN `t`.`name` IS NULL THEN NULL ELSE '***' END AS `name`,NULL AS `phone`,`t`.`born` FROM `journal`.`patient` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_13_patient` AS `k` WHERE `k`.`id` = `t`.`id`)) AS `c`) AS `c`) AS `p`
-- argument 1: "SE1"
-- argument 2: of the masking key
-- argument 3: of the masking key
-- columns: tag
-- 1:19-28 journal.patient as p: path: a row is included when an included journal.visit names it (by patient_id), or an included journal.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: no key, no masked column
-- key: none
SELECT p.person_no FROM patient p
----
refused UR027 at 1:25-34: column person_no of journal.patient: mask hash("person"): no masking key is given
  hint: give the masking key, or omit the column in the map

-- title: no key is needed for the others
-- key: none
SELECT p.name FROM patient p
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?), `utdrag_keys_19_visit` (`id`) AS (SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) INTERSECT SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`area` AS `p1` WHERE (`p1`.`id` = `t`.`area_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))), `utdrag_keys_13_patient` (`id`) AS (SELECT `t`.`id` FROM `journal`.`visit` AS `c` JOIN `journal`.`patient` AS `t` ON `t`.`id` = `c`.`patient_id` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_19_visit` AS `k` WHERE `k`.`id` = `c`.`id`) UNION SELECT `t`.`id` FROM `journal`.`referral` AS `c` JOIN `journal`.`patient` AS `t` ON `t`.`id` = `c`.`patient_id` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `c`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))) SELECT `p`.`name` FROM (SELECT CASE WHEN `t`.`name` IS NULL THEN NULL ELSE '***' END AS `name` FROM `journal`.`patient` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_13_patient` AS `k` WHERE `k`.`id` = `t`.`id`)) AS `p`
-- argument 1: "SE1"
-- columns: name
-- 1:20-29 journal.patient as p: path: a row is included when an included journal.visit names it (by patient_id), or an included journal.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: a reference that leads outside is blanked
SELECT n.id, n.corrects_id FROM note n
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?), `utdrag_keys_19_visit` (`id`) AS (SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) INTERSECT SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`area` AS `p1` WHERE (`p1`.`id` = `t`.`area_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))) SELECT `n`.`id`,`n`.`corrects_id` FROM (SELECT `t`.`id`,CASE WHEN (`t`.`corrects_id` IS NOT NULL) AND (NOT (EXISTS (SELECT 1 FROM `journal`.`note` AS `p1` WHERE (`p1`.`id` = `t`.`corrects_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_19_visit` AS `p2` WHERE `p2`.`id` = `p1`.`visit_id`))))) THEN NULL ELSE `t`.`corrects_id` END AS `corrects_id` FROM `journal`.`note` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_19_visit` AS `p1` WHERE `p1`.`id` = `t`.`visit_id`)) AS `n`
-- argument 1: "SE1"
-- columns: id, corrects_id
-- 1:33-39 journal.note as n: path: a row is included when its journal.visit is included (by visit_id)

-- title: authors come along, and what they reference is blanked
SELECT s.id, s.unit_id FROM staff s
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?), `utdrag_keys_19_visit` (`id`) AS (SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) INTERSECT SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`area` AS `p1` WHERE (`p1`.`id` = `t`.`area_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))), `utdrag_added_17_staff` (`id`) AS (SELECT DISTINCT `t`.`id` FROM `journal`.`note` AS `o` JOIN `journal`.`staff` AS `t` ON `t`.`id` = `o`.`author_id` WHERE (EXISTS (SELECT 1 FROM `utdrag_keys_19_visit` AS `p1` WHERE `p1`.`id` = `o`.`visit_id`)) AND ((CASE WHEN EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) THEN 0 ELSE 1 END) = 1)) SELECT `s`.`id`,`s`.`unit_id` FROM (SELECT `t`.`id`,CASE WHEN (`t`.`unit_id` IS NOT NULL) AND (NOT (EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))))) THEN NULL ELSE `t`.`unit_id` END AS `unit_id` FROM `journal`.`staff` AS `t` WHERE ((EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))) OR (EXISTS (SELECT 1 FROM `utdrag_added_17_staff` AS `k` WHERE `k`.`id` = `t`.`id`)))) AS `s`
-- argument 1: "SE1"
-- columns: id, unit_id
-- 1:29-36 journal.staff as s: path: a row is included when its journal.unit is included (by unit_id); with the rows that are named in journal.note (by author_id); masked name: constant("somebody"), email: partial(1, 3)

-- title: stub rows
SELECT d.id, d.serial FROM device d
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?), `utdrag_keys_19_visit` (`id`) AS (SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) INTERSECT SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`area` AS `p1` WHERE (`p1`.`id` = `t`.`area_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))), `utdrag_stubs_5_device` (`id`) AS (SELECT DISTINCT `t`.`id` FROM `journal`.`measurement` AS `o` JOIN `journal`.`device` AS `t` ON `t`.`id` = `o`.`device_id` WHERE (EXISTS (SELECT 1 FROM `utdrag_keys_19_visit` AS `p1` WHERE `p1`.`id` = `o`.`visit_id`)) AND ((`o`.`kind` != 'test')) AND ((CASE WHEN EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) THEN 0 ELSE 1 END) = 1)) SELECT `d`.`id`,`d`.`serial` FROM (SELECT `t`.`id`,`t`.`serial` FROM `journal`.`device` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) UNION ALL SELECT `t`.`id`,'-' AS `serial` FROM `journal`.`device` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_stubs_5_device` AS `k` WHERE `k`.`id` = `t`.`id`)) AS `d`
-- argument 1: "SE1"
-- columns: id, serial
-- 1:28-36 journal.device as d: path: a row is included when its journal.unit is included (by unit_id); with nothing but the keys of rows that are named in journal.measurement (by device_id)

-- title: rows that reference outside are dropped
SELECT b.id FROM booking b
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `b`.`id` FROM (SELECT `t`.`id` FROM `journal`.`booking` AS `t` WHERE (EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))) AND ((`t`.`staff_id` IS NULL) OR (EXISTS (SELECT 1 FROM `journal`.`staff` AS `p1` WHERE (`p1`.`id` = `t`.`staff_id`) AND (EXISTS (SELECT 1 FROM `journal`.`unit` AS `p2` WHERE (`p2`.`id` = `p1`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p3` WHERE `p3`.`id` = `p2`.`provider_id`)))))))) AS `b`
-- argument 1: "SE1"
-- columns: id
-- 1:18-27 journal.booking as b: path: a row is included when its journal.unit is included (by unit_id); left out when staff_id leads outside

-- title: a reference that may lead outside is warned of
SELECT r.visit_id FROM referral r
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `r`.`visit_id` FROM (SELECT `t`.`visit_id` FROM `journal`.`referral` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))) AS `r`
-- argument 1: "SE1"
-- columns: visit_id
-- 1:24-34 journal.referral as r: path: a row is included when its journal.unit is included (by unit_id)
-- warning UR041 at 1:24-34: rows of journal.referral may reference rows of journal.visit that are not the provider's, by referral_visit_id_fkey

-- title: a mask of a column with a hard name
SELECT `Prøve [nr]` FROM `Lab Result`
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?), `utdrag_keys_19_visit` (`id`) AS (SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) INTERSECT SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`area` AS `p1` WHERE (`p1`.`id` = `t`.`area_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))) SELECT `Prøve [nr]` FROM (SELECT CASE WHEN `t`.`Prøve [nr]` IS NULL THEN NULL ELSE '-' END AS `Prøve [nr]` FROM `journal`.`Lab Result` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_19_visit` AS `p1` WHERE `p1`.`id` = `t`.`visit id`)) AS `Lab Result`
-- argument 1: "SE1"
-- columns: Prøve [nr]
-- 1:26-38 journal.Lab Result: path: a row is included when its journal.visit is included (by visit id); masked Prøve [nr]: constant("-")
