-- title: schema, table and column
SELECT journal.unit.id FROM journal.unit WHERE journal.unit.name = 'x'
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `unit`.`id` FROM (SELECT `t`.`id`,`t`.`name` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `unit` WHERE `unit`.`name` = 'x'
-- argument 1: "SE1"
-- columns: id
-- 1:29-41 journal.unit: path: a row is included when its journal.provider is included (by provider_id)

-- title: a column of the unaliased table, in another case
SELECT unit.ID FROM unit
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `unit`.`ID` FROM (SELECT `t`.`id` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `unit`
-- argument 1: "SE1"
-- columns: ID
-- 1:21-25 journal.unit: path: a row is included when its journal.provider is included (by provider_id)

-- title: an alias hides the table name
SELECT journal.unit.id FROM journal.unit u
----
refused UR023 at 1:8-23: journal.unit could mean more than one table
  hint: give the table an alias and use that

-- title: the schema tells two tables apart
SELECT journal.visit.id, archive.visit.id FROM journal.visit, archive.visit
----
refused UR029 at 1:63-76: two tables of one FROM clause are both called visit
  hint: give each table an alias of its own

-- title: names that must be quoted
SELECT `Lab Result`.`Prøve [nr]`, `Lab Result`.`a"b`, `order`.`select` FROM `Lab Result` JOIN `order` ON `order`.`group` = `Lab Result`.`Order`
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?), `utdrag_keys_19_visit` (`id`) AS (SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`unit_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))) INTERSECT SELECT `t`.`id` FROM `journal`.`visit` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`area` AS `p1` WHERE (`p1`.`id` = `t`.`area_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))) SELECT `Lab Result`.`Prøve [nr]`,`Lab Result`.`a"b`,`order`.`select` FROM (SELECT `t`.`Order`,CASE WHEN `t`.`Prøve [nr]` IS NULL THEN NULL ELSE '-' END AS `Prøve [nr]`,`t`.`a"b` FROM `journal`.`Lab Result` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_19_visit` AS `p1` WHERE `p1`.`id` = `t`.`visit id`)) AS `Lab Result` JOIN (SELECT `t`.`select`,`t`.`group` FROM `journal`.`order` AS `t` WHERE EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`group`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`)))) AS `order` ON `order`.`group` = `Lab Result`.`Order`
-- argument 1: "SE1"
-- columns: Prøve [nr], a"b, select
-- 1:77-89 journal.Lab Result: path: a row is included when its journal.visit is included (by visit id); masked Prøve [nr]: constant("-")
-- 1:95-102 journal.order: path: a row is included when its journal.unit is included (by group)

-- title: an alias that must be quoted
SELECT `a `` b`.id FROM unit AS `a `` b`
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `a `` b`.`id` FROM (SELECT `t`.`id` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `a `` b`
-- argument 1: "SE1"
-- columns: id
-- 1:25-41 journal.unit as a ` b: path: a row is included when its journal.provider is included (by provider_id)

-- title: schema and star
SELECT journal.unit.* FROM journal.unit
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `unit`.* FROM (SELECT `t`.`id`,`t`.`hsa_id`,`t`.`provider_id`,CASE WHEN (`t`.`parent_id` IS NOT NULL) AND (NOT (EXISTS (SELECT 1 FROM `journal`.`unit` AS `p1` WHERE (`p1`.`id` = `t`.`parent_id`) AND (EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p2` WHERE `p2`.`id` = `p1`.`provider_id`))))) THEN NULL ELSE `t`.`parent_id` END AS `parent_id`,`t`.`name` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `unit`
-- argument 1: "SE1"
-- columns: id, hsa_id, provider_id, parent_id, name
-- 1:28-40 journal.unit: path: a row is included when its journal.provider is included (by provider_id)
