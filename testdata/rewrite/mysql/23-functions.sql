-- title: one that the map allows
SELECT age_years(p.born) FROM patient p
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?), `utdrag_keys_19_visit` (`id`) AS (SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) INTERSECT SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`area` AS `p1` WHERE (`p1`.`id` = `t`.`area_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))), `utdrag_keys_13_patient` (`id`) AS (SELECT `t`.`id` FROM `journal`.`visit` AS `c` JOIN `journal`.`patient` AS `t` ON `t`.`id` = `c`.`patient_id` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_19_visit` AS `k` WHERE `k`.`id` = `c`.`id`) UNION SELECT `t`.`id` FROM `journal`.`referral` AS `c` JOIN `journal`.`patient` AS `t` ON `t`.`id` = `c`.`patient_id` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `c`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))) SELECT `age_years`(`p`.`born`) AS `age_years(p.born)` FROM (SELECT `t`.`born` FROM `journal`.`patient` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_13_patient` AS `k` WHERE `k`.`id` = `t`.`id`)) AS `p`
-- argument 1: "SE1"
-- columns: age_years(p.born)
-- 1:31-40 journal.patient as p: path: a row is included when an included journal.visit names it (by patient_id), or an included journal.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: one that nobody allows
SELECT patient_count()
----
refused UR020 at 1:8-21: function patient_count is not on the list
  hint: declare the function in an allowed block of the map if it only computes, or write the query without it

-- title: one of another schema
SELECT archive.age_years(p.born) FROM patient p
----
refused UR020 at 1:8-25: function archive.age_years is not on the list
  hint: declare the function in an allowed block of the map if it only computes, or write the query without it

-- title: one that has an effect
SELECT SLEEP(10), GET_LOCK('a', 1)
----
refused UR020 at 1:8-13: the function SLEEP
  hint: declare the function in an allowed block of the map if it only computes, or write the query without it

-- title: its own functions
SELECT UPPER(name), COALESCE(name, '-'), ROUND(1.5), YEAR(NOW()) FROM unit
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT UPPER(`name`) AS `UPPER(name)`,COALESCE(`name`, '-') AS `COALESCE(name, '-')`,ROUND(1.5) AS `ROUND(1.5)`,YEAR(NOW()) AS `YEAR(NOW())` FROM (SELECT `t`.`name` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `unit`
-- argument 1: "SE1"
-- columns: UPPER(name), COALESCE(name, '-'), ROUND(1.5), YEAR(NOW())
-- 1:71-75 journal.unit: path: a row is included when its journal.provider is included (by provider_id)
