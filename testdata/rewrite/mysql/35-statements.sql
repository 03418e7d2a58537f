-- title: two statements
SELECT id FROM unit; SELECT id FROM visit
----
refused UR004 at 1:22-22: something follows the end of the statement
  hint: send one statement at a time

-- title: a semicolon at the end is nothing
SELECT id FROM unit;
----
WITH `utdrag_keys_14_provider` (`id`) AS (SELECT `t`.`id` FROM `journal`.`provider` AS `t` WHERE `t`.`hsa_id` = ?) SELECT `id` FROM (SELECT `t`.`id` FROM `journal`.`unit` AS `t` WHERE EXISTS (SELECT 1 FROM `utdrag_keys_14_provider` AS `p1` WHERE `p1`.`id` = `t`.`provider_id`)) AS `unit`
-- argument 1: "SE1"
-- columns: id
-- 1:16-20 journal.unit: path: a row is included when its journal.provider is included (by provider_id)

-- title: something after it
SELECT id FROM unit ) x
----
refused UR003 at 1:21-21: a parenthesis is closed that was not opened
  hint: check the query against the dialect of the database

-- title: nothing at all
-- nothing
----
refused UR001 at 1:11-11: the query is empty
  hint: split the query, or make a view of a part of it

-- title: hidden in a comment of another dialect
SELECT id FROM unit /*! UNION SELECT id FROM visit */
----
refused UR006 at 1:21-21: a comment that some servers run
  hint: write the query without it
