-- title: a reference table
SELECT code FROM icd
----
SELECT code FROM (SELECT t.[code]
  FROM [dbo].[icd] AS t) AS [icd]
-- columns: code
-- 1:18-21 dbo.icd: reference: every row: code system

-- title: rows = all, masked
SELECT id, phone FROM interpreter
----
SELECT id, phone FROM (SELECT t.[id], CAST(NULL AS nvarchar(200)) COLLATE Finnish_Swedish_CI_AS AS [phone]
  FROM [dbo].[interpreter] AS t) AS [interpreter]
-- columns: id, phone
-- 1:23-34 dbo.interpreter: reference: every row: called in by everyone; masked phone: null
