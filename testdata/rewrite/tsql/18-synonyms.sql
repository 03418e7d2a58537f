-- title: a synonym
SELECT id FROM besok
----
refused UR016 at 1:16-21: dbo.besok is a synonym
  hint: name the table itself

-- title: a synonym, qualified, in another case
SELECT id FROM [DBO].[BESOK]
----
refused UR016 at 1:16-29: DBO.BESOK is a synonym
  hint: name the table itself
