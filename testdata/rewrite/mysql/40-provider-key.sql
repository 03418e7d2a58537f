-- title: a key longer than its column takes is refused and not cut
-- provider: SE1000000000000000000
SELECT id FROM unit
----
refused UF025 at schema.hcl:5:1: an ordered key of journal.provider is none that its column, of type varchar(20), can hold
  hint: give a key that the column can hold

-- title: a key with a quote is an argument
-- provider: SE1' OR '1'='1
SELECT id FROM provider
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `id` FROM (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `k` WHERE `k`.`id` = `t`.`id`)) AS `provider`
-- argument 1: "SE1' OR '1'='1"
-- columns: id
-- 1:16-24 journal.provider: anchor: the ordered care provider's own row

-- title: only some units
-- units: U10 U11
SELECT id FROM booking
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?), `utdrag_keys_18_unit` (`id`) AS (SELECT `t`.`id` FROM `journal`.`unit` AS `t` WHERE (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AND ((`t`.`hsa_id` = ?) OR (`t`.`hsa_id` = ?))) SELECT `id` FROM (SELECT `t`.`id` FROM `journal`.`booking` AS `t` WHERE (EXISTS (SELECT 1 FROM `utdrag_keys_18_unit` AS `p1` WHERE `p1`.`id` = `t`.`unit_id`)) AND ((`t`.`staff_id` IS NULL) OR (EXISTS (SELECT 1 FROM `journal`.`staff` AS `p1` WHERE (`p1`.`id` = `t`.`staff_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_18_unit` AS `p2` WHERE `p2`.`id` = `p1`.`unit_id`)))))) AS `booking`
-- argument 1: "SE1"
-- argument 2: "U10"
-- argument 3: "U11"
-- columns: id
-- 1:16-23 journal.booking: path: a row is included when its journal.unit is included (by unit_id); left out when staff_id leads outside

-- title: trailing spaces are the column's own business
-- provider: "SE1 "
SELECT id FROM provider
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `id` FROM (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `k` WHERE `k`.`id` = `t`.`id`)) AS `provider`
-- argument 1: "SE1 "
-- columns: id
-- 1:16-24 journal.provider: anchor: the ordered care provider's own row
