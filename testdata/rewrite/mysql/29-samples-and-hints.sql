-- title: an index hint stays with the table
SELECT b.id FROM booking AS b USE INDEX (PRIMARY)
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `b`.`id` FROM (SELECT `t`.`id` FROM `journal`.`booking` AS `t` USE INDEX (`PRIMARY`) WHERE (EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))) AND ((`t`.`staff_id` IS NULL) OR (EXISTS (SELECT 1 FROM `journal`.`staff` AS `p1` WHERE (`p1`.`id` = `t`.`staff_id`) AND (EXISTS (SELECT 1 FROM `journal`.`unit` AS `p2` WHERE (`p2`.`id` = `p1`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p3` WHERE `p3`.`id` = `p2`.`provider_id`)))))))) AS `b`
-- argument 1: "SE1"
-- columns: id
-- 1:18-49 journal.booking as b: path: a row is included when its journal.unit is included (by unit_id); left out when staff_id leads outside

-- title: a partition stays with the table
SELECT b.id FROM booking PARTITION (p0) AS b
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `b`.`id` FROM (SELECT `t`.`id` FROM `journal`.`booking` PARTITION(`p0`) AS `t` WHERE (EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))) AND ((`t`.`staff_id` IS NULL) OR (EXISTS (SELECT 1 FROM `journal`.`staff` AS `p1` WHERE (`p1`.`id` = `t`.`staff_id`) AND (EXISTS (SELECT 1 FROM `journal`.`unit` AS `p2` WHERE (`p2`.`id` = `p1`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p3` WHERE `p3`.`id` = `p2`.`provider_id`)))))))) AS `b`
-- argument 1: "SE1"
-- columns: id
-- 1:18-45 journal.booking as b: path: a row is included when its journal.unit is included (by unit_id); left out when staff_id leads outside

-- title: a hint in a comment
SELECT /*+ SET_VAR(sql_mode = '') */ id FROM booking
----
refused UR024 at 1:8-8: an optimizer hint
  hint: leave the hint out

-- title: FOR UPDATE
SELECT id FROM booking FOR UPDATE
----
refused UR008 at 1:24-27: a SELECT that locks rows
  hint: leave INTO and the locking clause out
