-- title: OR in the condition
SELECT u.id FROM unit u WHERE u.id = 1 OR 1 = 1
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `u`.`id` FROM (SELECT `t`.`id` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `u` WHERE (`u`.`id` = 1) OR (1 = 1)
-- argument 1: "SE1"
-- columns: id
-- 1:18-24 journal.unit as u: path: a row is included when its journal.provider is included (by provider_id)

-- title: NOT and precedence
SELECT id FROM unit WHERE NOT id > 0 AND 1 = 0 OR NOT (name = 'x')
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `id` FROM (SELECT `t`.`id`,`t`.`name` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `unit` WHERE ((NOT (`id` > 0)) AND (1 = 0)) OR (NOT (`name` = 'x'))
-- argument 1: "SE1"
-- columns: id
-- 1:16-20 journal.unit: path: a row is included when its journal.provider is included (by provider_id)

-- title: a comment that would end a filter written after it
SELECT id FROM unit -- or any
WHERE id = 1 -- and none
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `id` FROM (SELECT `t`.`id` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `unit` WHERE `id` = 1
-- argument 1: "SE1"
-- columns: id
-- 1:16-20 journal.unit: path: a row is included when its journal.provider is included (by provider_id)
