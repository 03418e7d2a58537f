-- title: an expression that fails on one row only
SELECT 1 / (u.id - 20) FROM unit u
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT 1 / (`u`.`id` - 20) AS `1 / (u.id - 20)` FROM (SELECT `t`.`id` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `u`
-- argument 1: "SE1"
-- columns: 1 / (u.id - 20)
-- 1:29-35 journal.unit as u: path: a row is included when its journal.provider is included (by provider_id)

-- title: strict: the rows are staged first
-- strict:
SELECT 1 / (u.id - 20) FROM unit u
----
refused UR028 at 1:29-35: rows can't be staged in mysql
  hint: make the filter without the strict mode

-- title: strict: with masks and a self join
-- strict:
SELECT a.name, b.id FROM staff a JOIN staff b ON b.id = a.id
----
refused UR028 at 1:26-33: rows can't be staged in mysql
  hint: make the filter without the strict mode
