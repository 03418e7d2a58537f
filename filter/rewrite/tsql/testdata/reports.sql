SELECT p.PatientId, p.LastName, p.FirstName FROM dbo.Patient p WHERE p.BirthDate >= '1950-01-01' ORDER BY p.LastName, p.FirstName;
-- visits per month
SELECT YEAR(v.VisitDate) AS VisitYear, MONTH(v.VisitDate) AS VisitMonth, COUNT(*) AS Visits
FROM dbo.Visit AS v
WHERE v.VisitDate >= DATEADD(month, -12, GETDATE())
GROUP BY YEAR(v.VisitDate), MONTH(v.VisitDate)
ORDER BY VisitYear DESC, VisitMonth;
SELECT TOP (10) WITH TIES d.Code, COUNT(DISTINCT v.PatientId) Patients
FROM dbo.Diagnosis d INNER JOIN dbo.Visit v ON v.VisitId = d.VisitId
GROUP BY d.Code ORDER BY COUNT(DISTINCT v.PatientId) DESC;
SELECT p.PatientId, (SELECT MAX(v.VisitDate) FROM dbo.Visit v WHERE v.PatientId = p.PatientId) AS LastVisit FROM dbo.Patient p;
SELECT p.PatientId FROM dbo.Patient p WHERE NOT EXISTS (SELECT 1 FROM dbo.Visit v WHERE v.PatientId = p.PatientId AND v.Status <> 'cancelled');
SELECT p.PatientId, v.VisitDate, LAG(v.VisitDate) OVER (PARTITION BY p.PatientId ORDER BY v.VisitDate) AS Previous,
  DATEDIFF(day, LAG(v.VisitDate, 1) OVER (PARTITION BY p.PatientId ORDER BY v.VisitDate), v.VisitDate) AS DaysBetween
FROM dbo.Patient p JOIN dbo.Visit v ON v.PatientId = p.PatientId;
WITH LastVisit AS (
  SELECT v.*, ROW_NUMBER() OVER (PARTITION BY v.PatientId ORDER BY v.VisitDate DESC) AS rn FROM dbo.Visit v
)
SELECT l.PatientId, l.VisitDate FROM LastVisit l WHERE l.rn = 1;
SELECT * FROM (SELECT DATEPART(year, VisitDate) AS y, Status, VisitId FROM dbo.Visit) src
PIVOT (COUNT(VisitId) FOR Status IN ([booked], [done], [cancelled])) AS p ORDER BY y;
SELECT u.PatientId, u.Kind, u.Amount FROM dbo.Invoice UNPIVOT (Amount FOR Kind IN (Fee, Tax, Discount)) u;
SELECT p.PatientId, STRING_AGG(d.Code, ', ') WITHIN GROUP (ORDER BY d.Code) AS Codes
FROM dbo.Patient p LEFT JOIN dbo.Diagnosis d ON d.PatientId = p.PatientId GROUP BY p.PatientId;
SELECT p.PatientId, STUFF((SELECT ', ' + d.Code FROM dbo.Diagnosis d WHERE d.PatientId = p.PatientId FOR XML PATH('')), 1, 2, '') AS Codes FROM dbo.Patient p;
SELECT p.PatientId, STUFF((SELECT ', ' + d.Code FROM dbo.Diagnosis d WHERE d.PatientId = p.PatientId FOR XML PATH(''), TYPE).value('.', 'nvarchar(max)'), 1, 2, '') AS Codes FROM dbo.Patient p;
SELECT p.PatientId AS id, v.VisitDate AS [visit.date] FROM dbo.Patient p JOIN dbo.Visit v ON v.PatientId = p.PatientId FOR JSON PATH, ROOT('visits'), INCLUDE_NULL_VALUES;
SELECT f.PatientId, j.[key], j.value FROM dbo.Form f CROSS APPLY OPENJSON(f.Answers) AS j WHERE ISJSON(f.Answers) = 1;
SELECT f.PatientId, a.Question, a.Score FROM dbo.Form f
CROSS APPLY OPENJSON(f.Answers, '$.items') WITH (Question nvarchar(50) '$.q', Score int '$.s', Raw nvarchar(max) '$.raw' AS JSON) AS a WHERE a.Score > 3;
SELECT JSON_VALUE(f.Answers, '$.weight') AS Weight, JSON_QUERY(f.Answers, '$.list') FROM dbo.Form AS f;
SELECT t.value AS Tag, COUNT(*) AS n FROM dbo.Visit v CROSS APPLY STRING_SPLIT(v.Tags, ';') t GROUP BY t.value HAVING COUNT(*) > 5;
SELECT CASE WHEN DATEDIFF(year, p.BirthDate, GETDATE()) < 18 THEN 'child' WHEN DATEDIFF(year, p.BirthDate, GETDATE()) >= 65 THEN 'old' ELSE 'adult' END AS AgeGroup, COUNT(*) AS n
FROM dbo.Patient p
GROUP BY CASE WHEN DATEDIFF(year, p.BirthDate, GETDATE()) < 18 THEN 'child' WHEN DATEDIFF(year, p.BirthDate, GETDATE()) >= 65 THEN 'old' ELSE 'adult' END;
SELECT SUM(CASE WHEN v.Status = 'done' THEN 1 ELSE 0 END) * 100.0 / NULLIF(COUNT(*), 0) AS Share FROM dbo.Visit v;
SELECT c.Name, x.VisitDate FROM dbo.Clinic c OUTER APPLY (SELECT TOP 1 v.VisitDate FROM dbo.Visit v WHERE v.ClinicId = c.ClinicId ORDER BY v.VisitDate DESC) x;
SELECT Region, Clinic, SUM(Amount) AS Total, GROUPING(Clinic) AS IsTotal FROM dbo.Invoice GROUP BY ROLLUP (Region, Clinic);
SELECT Region, Clinic, SUM(Amount) AS Total, GROUPING_ID(Region, Clinic) AS g FROM dbo.Invoice GROUP BY GROUPING SETS ((Region, Clinic), (Region), ());
SELECT Region, Clinic, SUM(Amount) FROM dbo.Invoice GROUP BY CUBE (Region, Clinic);
SELECT PatientId, Amount, SUM(Amount) OVER (PARTITION BY PatientId ORDER BY InvoiceDate ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS Running FROM dbo.Invoice;
SELECT PatientId, AVG(CAST(Weight AS decimal(9, 2))) OVER (PARTITION BY PatientId ORDER BY MeasuredAt ROWS 2 PRECEDING) AS Smooth FROM dbo.Measurement;
SELECT DISTINCT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY m.Value) OVER (PARTITION BY m.Kind) AS Median, m.Kind FROM dbo.Measurement AS m;
SELECT NTILE(4) OVER (ORDER BY Amount) AS Quartile, Amount FROM dbo.Invoice;
SELECT p.PatientId FROM dbo.Patient p WHERE p.PatientId IN (SELECT v.PatientId FROM dbo.Visit v WHERE v.VisitDate BETWEEN @from AND @to) AND p.Deceased IS NULL;
SELECT PatientId FROM dbo.Patient EXCEPT SELECT PatientId FROM dbo.Visit;
SELECT 'new' AS Kind, COUNT(*) AS n FROM dbo.Patient WHERE Created >= '2024-01-01' UNION ALL SELECT 'old', COUNT(*) FROM dbo.Patient WHERE Created < '2024-01-01' ORDER BY Kind;
SELECT PatientId, LastName FROM dbo.Patient ORDER BY LastName OFFSET @skip ROWS FETCH NEXT 50 ROWS ONLY;
WITH Days AS (SELECT CAST('2024-01-01' AS date) AS d UNION ALL SELECT DATEADD(day, 1, d) FROM Days WHERE d < '2024-12-31')
SELECT Days.d, COUNT(v.VisitId) AS n FROM Days LEFT JOIN dbo.Visit v ON CAST(v.VisitDate AS date) = Days.d GROUP BY Days.d OPTION (MAXRECURSION 400);
SELECT p.PatientId FROM dbo.Patient p WITH (NOLOCK) JOIN dbo.Visit v (NOLOCK) ON v.PatientId = p.PatientId;
SELECT v.VisitDate AT TIME ZONE 'UTC' AT TIME ZONE 'Central European Standard Time' AS LocalTime FROM dbo.Visit v;
SELECT CONVERT(varchar(10), v.VisitDate, 120) AS Day, FORMAT(v.VisitDate, 'yyyy-MM') AS Month FROM dbo.Visit v;
SELECT IIF(p.Sex = 'F', 'woman', 'man') AS Sex, CHOOSE(p.Kind, 'a', 'b') FROM dbo.Patient p;
SELECT COALESCE(p.Phone, p.Mobile, '') AS Phone, ISNULL(p.Email, '-'), LEFT(p.PostCode, 3) + '**', RIGHT(p.Phone, 4) FROM dbo.Patient p;
SELECT Antal = COUNT(*), [Max värde] = MAX(m.Value) FROM dbo.Measurement m WHERE m.Unit = N'µg/l';
SELECT k.Kön, COUNT(*) FROM dbo.Kön k WHERE k.Ålder > 18 GROUP BY k.Kön;
SELECT p.LastName COLLATE Finnish_Swedish_CI_AS AS LastName FROM dbo.Patient p WHERE p.LastName COLLATE Latin1_General_CI_AI LIKE N'%ö%' ORDER BY p.LastName COLLATE Finnish_Swedish_CI_AS;
SELECT v.VisitId FROM dbo.Visit v WHERE (v.Minutes + v.Extra) / 60.0 > 1.5 AND (v.Status = 'done' OR (v.Status = 'late' AND v.Minutes > 10));
SELECT v.VisitId FROM dbo.Visit v WHERE v.Minutes > ALL (SELECT x.Minutes FROM dbo.Visit x WHERE x.Kind = 2) OR v.Minutes = ANY (SELECT 5);
SELECT p.PatientId FROM dbo.Patient p WHERE (SELECT COUNT(*) FROM dbo.Visit v WHERE v.PatientId = p.PatientId) BETWEEN 2 AND 5;
SELECT a.PatientId, b.PatientId FROM dbo.Patient a JOIN dbo.Patient b ON a.PersonNumber = b.PersonNumber AND a.PatientId < b.PatientId;
SELECT p.PatientId, v.VisitId, d.Code FROM dbo.Patient p LEFT JOIN (dbo.Visit v JOIN dbo.Diagnosis d ON d.VisitId = v.VisitId) ON v.PatientId = p.PatientId;
SELECT p.PatientId, v.VisitId, d.Code FROM dbo.Patient p LEFT JOIN dbo.Visit v JOIN dbo.Diagnosis d ON d.VisitId = v.VisitId ON v.PatientId = p.PatientId;
SELECT x.a, x.b FROM (VALUES (1, 'one'), (2, 'two')) AS x(a, b) FULL OUTER JOIN dbo.Code c ON c.Id = x.a;
SELECT p.PatientId FROM dbo.Patient p, dbo.Visit v WHERE p.PatientId = v.PatientId AND v.Kind IN (1, 2, 3);
SELECT n.x.value('(@code)[1]', 'varchar(10)') AS Code FROM dbo.Form f CROSS APPLY f.Doc.nodes('/form/item') AS n(x) WHERE f.Doc.exist('/form[@v="2"]') = 1;
SELECT TRY_CONVERT(int, f.Value), TRY_CAST(f.Value AS decimal(10, 2)), TRY_PARSE(f.Value AS date USING 'sv-SE') FROM dbo.Form f;
SELECT EOMONTH(v.VisitDate), DATEFROMPARTS(2024, 1, 1), DATENAME(weekday, v.VisitDate), DATEPART(iso_week, v.VisitDate) FROM dbo.Visit v;
SELECT TOP 5 PERCENT PatientId FROM dbo.Patient TABLESAMPLE SYSTEM (10 PERCENT) REPEATABLE (7);
SELECT p.PatientId, p.LastName FROM dbo.Patient FOR SYSTEM_TIME AS OF '2023-01-01' AS p;
SELECT p.PatientId FROM dbo.Patient p WHERE p.Ref IS NOT DISTINCT FROM @ref;
WITH A AS (SELECT PatientId FROM dbo.Visit), B (PatientId, n) AS (SELECT PatientId, COUNT(*) FROM A GROUP BY PatientId) SELECT B.PatientId, B.n, AVG(B.n * 1.0) OVER () FROM B;
SELECT v.ClinicId, COUNT(*) AS n, RANK() OVER (ORDER BY COUNT(*) DESC) AS r, SUM(COUNT(*)) OVER () AS total FROM dbo.Visit v GROUP BY v.ClinicId;
SELECT FIRST_VALUE(m.Value) OVER w AS f, LAST_VALUE(m.Value) IGNORE NULLS OVER (PARTITION BY m.PatientId ORDER BY m.MeasuredAt) FROM dbo.Measurement m WINDOW w AS (PARTITION BY m.PatientId ORDER BY m.MeasuredAt);
SELECT r.Message, r.Type, r.[Time], r.Password, r.Work, r.Job, r.Query FROM dbo.Report r WHERE r.Message LIKE '%[_]x!%%' ESCAPE '!';
SELECT -m.Value, +m.Value, ~m.Flags, m.Flags & 4 | 1 ^ 2, m.Value % 7, $12.50, 0xFF, 1e3, .5 FROM dbo.Measurement m;
SELECT PatientId FROM dbo.Patient UNION SELECT PatientId FROM dbo.Visit ORDER BY PatientId OFFSET 10 ROWS FETCH FIRST 5 ROWS ONLY;
SELECT TRIM(p.LastName), TRIM('x' FROM p.LastName), UPPER(LTRIM(RTRIM(p.FirstName))), LEN(p.LastName), CONCAT_WS(' ', p.FirstName, p.LastName) FROM dbo.Patient p;
SELECT d.y, d.n FROM (SELECT YEAR(VisitDate), COUNT(*) FROM dbo.Visit GROUP BY YEAR(VisitDate)) AS d (y, n) WHERE d.n <> 0;
SELECT c.Name, (SELECT v.VisitId AS id, v.VisitDate AS [date] FROM dbo.Visit v WHERE v.ClinicId = c.ClinicId FOR JSON AUTO) AS Visits FROM dbo.Clinic c FOR JSON AUTO, WITHOUT_ARRAY_WRAPPER;
SELECT p.PatientId FROM dbo.Patient p INNER HASH JOIN dbo.Visit v ON v.PatientId = p.PatientId OPTION (RECOMPILE, MAXDOP 4);
SELECT "p"."PatientId" FROM "dbo"."Patient" AS "p" WHERE "p"."Born" > {d '1950-01-01'} AND "p"."Seen" < {ts '2024-01-01 00:00:00'};
SELECT COUNT(*) FROM dbo.Patient WHERE LEN(REPLACE(PersonNumber, '-', '')) <> 12 AND PersonNumber NOT LIKE '[0-9][0-9]%';
SELECT ISNULL(m.Value, 0) FROM dbo.Measurement m WHERE m.MeasuredAt >= CAST(CURRENT_TIMESTAMP AS date) AND m.MeasuredAt < DATEADD(DAY, 1, CAST(SYSDATETIME() AS date));
SELECT s.value FROM GENERATE_SERIES(1, 12) AS s LEFT JOIN dbo.Visit v ON MONTH(v.VisitDate) = s.value;
SELECT v.x FROM t CROSS APPLY (VALUES (t.a), (t.b)) v(x);
SELECT t.a FROM t WHERE t.b NOT IN ('x', 'y') AND t.c IS NOT NULL AND NOT EXISTS (SELECT * FROM u WHERE u.i = t.i);
SELECT t.Offset, t.[Rows], t.First, t.Next, t.Value, t.Path, t.Root FROM t;
SELECT Offset, Value, Type, Status, Name, Description, Date, Year, Month, Day, Hour, Count, Level, Text, Language FROM t;
SELECT t.Date AS Date, Year = t.Year, COUNT(*) Count FROM t GROUP BY t.Date, t.Year;
SELECT a FROM t WHERE (a) = 1 AND ((b = 2) OR (c = 3 AND (d + 1) > 4)) AND (SELECT 1) = 1;
SELECT CASE WHEN (a = 1 OR b = 2) AND NOT (c = 3) THEN (a + b) * 2 ELSE ((c)) END FROM t;
SELECT IIF((a + b) * 2 > 3, 1, 0), IIF((a = 1), 1, 0) FROM t;
SELECT a FROM t JOIN u ON (t.i = u.i AND (t.a + u.a) / 2 > 1) LEFT JOIN v ON ((v.i = u.i));
SELECT a FROM t HAVING (SUM(a) + 1) > 2;
SELECT SUM(a) / COUNT(*) OVER () FROM t;
SELECT ROW_NUMBER() OVER (ORDER BY (SELECT NULL)) FROM t;
SELECT a, ROW_NUMBER() OVER(PARTITION BY a,b ORDER BY c DESC,d) rn FROM t;
select top 100 * from t order by 1 desc;
select top(100) percent a from t;
SELECT a FROM t WHERE a LIKE '%' + @q + '%' AND CAST(b AS date) = '2024-01-01' OR c >= ALL(SELECT d FROM u);
SELECT ISNULL(NULLIF(LTRIM(RTRIM(a)), ''), 'x') + ' ' + b FROM t;
SELECT DATEDIFF(MINUTE, a, b) / 60.0, DATEADD(mm, DATEDIFF(mm, 0, a), 0), DATEPART(dw, a) FROM t;
SELECT CONVERT(char(8), a, 112), CONVERT(decimal(18,4), b), CONVERT(nvarchar(max), c), CAST(d AS double precision), CAST(e AS char varying(3)), TRY_CAST(f AS float(53)) FROM t;
SELECT x.n FROM (SELECT n = a FROM t) x WHERE x.n = -1 OR x.n = - 1 OR x.n = +.5;
SELECT a FROM (SELECT a FROM t UNION ALL SELECT a FROM u) AS q WHERE a IN (SELECT a FROM v UNION SELECT a FROM w);
SELECT a FROM t WHERE a = (SELECT TOP 1 b FROM u ORDER BY c) OR a IN ((SELECT 1), (SELECT 2));
SELECT (SELECT a FROM t) + 1, -(SELECT 1), ((SELECT 2));
SELECT a FROM t WHERE b = CASE WHEN c = 1 THEN 2 ELSE 3 END AND d = (CASE e WHEN 1 THEN 2 END);
SELECT t.a, SUM(t.b) AS s FROM dbo.t AS t WITH (NOLOCK) LEFT OUTER JOIN dbo.u AS u WITH(NOLOCK) ON u.i = t.i AND u.k IN ('a','b') WHERE ISNULL(u.x, 0) = 0 GROUP BY t.a WITH ROLLUP ORDER BY s DESC;
SELECT JSON_OBJECT('a':t.a, 'b':JSON_ARRAY(1, 2 NULL ON NULL) ABSENT ON NULL) FROM t;
SELECT STRING_AGG(CAST(a AS nvarchar(max)), N',') WITHIN GROUP (ORDER BY a DESC), APPROX_COUNT_DISTINCT(a) FROM t;
SELECT * FROM (SELECT a, b, c FROM t) AS s PIVOT (MAX(c) FOR b IN ([x], [y])) AS p LEFT JOIN u ON u.a = p.a ORDER BY p.a;
SELECT a FROM t p PIVOT (COUNT(a) FOR b IN ("x", y)) q WHERE q.x > 1;
SELECT a FROM t AS [select] WHERE [select].[from] = 1;
SELECT TOP (@n) a FROM t ORDER BY a OFFSET 0 ROWS;
SELECT a FROM t ORDER BY CASE WHEN a IS NULL THEN 1 ELSE 0 END, a COLLATE Latin1_General_BIN ASC;
SELECT PATINDEX('%[^0-9]%', a), CHARINDEX('x', a, 2), STUFF(a, 1, 1, ''), REPLICATE('0', 3 - LEN(a)) + a, FORMAT(b, 'N2', 'sv-SE'), STR(c, 10, 2) FROM t;
WITH a AS (SELECT 1 AS x), b AS (SELECT x FROM a UNION ALL SELECT x + 1 FROM b WHERE x < 10), c(y, z) AS (SELECT x, x * 2 FROM b) SELECT y, z FROM c WHERE EXISTS (SELECT 1 FROM a WHERE a.x = c.y) OPTION (MAXRECURSION 0);
SELECT x.a, (SELECT COUNT(*) FROM (SELECT DISTINCT b FROM u WHERE u.i = x.i) q) FROM t x;
SELECT a AS "My Col", b AS 'Other', c [Third], d Fourth FROM t;
SELECT LEAD(a, 1, 0) OVER (ORDER BY b ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING), COUNT(*) OVER (ORDER BY b RANGE UNBOUNDED PRECEDING) FROM t;
SELECT a FROM t WHERE b BETWEEN DATEADD(day,-30,GETDATE()) AND GETDATE() AND c NOT BETWEEN 1 AND 2 AND d NOT LIKE 'x' AND e IS NULL;
SELECT COUNT(CASE WHEN a > 1 THEN 1 END), SUM(IIF(b=1,1,0)), AVG(1.0*c), MIN(d), STDEV(e) FROM t;
SELECT a.*, b.c FROM dbo.x a, dbo.y b WHERE a.i = b.i AND a.j <> b.j AND a.k != 3 AND a.l !> 2 AND a.m !< 1;
SELECT GREATEST(a, b), LEAST(a, b), TRANSLATE(a, 'x', 'y'), DATETRUNC(month, c), DATE_BUCKET(week, 1, c) FROM t;
SELECT t.doc.value('(/a/b)[1]', 'int') AS v, t.doc.query('/a') FROM dbo.docs AS t WHERE t.doc.exist('/a[b="x"]') = 1;
SELECT (SELECT a AS '@id', b FROM u WHERE u.t = t.i FOR XML PATH('row'), ROOT('rows'), TYPE) FROM t FOR XML PATH('');
SELECT a FROM t WHERE EXISTS (SELECT a INTERSECT SELECT b);
SELECT a FROM t WHERE a IN (SELECT b FROM u WHERE u.c = t.c) GROUP BY a HAVING COUNT(*) > (SELECT AVG(d) FROM v) ORDER BY COUNT(*) DESC, a OFFSET @p * 10 ROWS FETCH NEXT 10 ROWS ONLY;
SELECT 1 AS a WHERE EXISTS(SELECT 1 FROM t) AND 1=1;
SELECT a FROM t INNER JOIN (SELECT MAX(i) AS i FROM t GROUP BY k) m ON m.i = t.i CROSS JOIN (SELECT COUNT(*) AS n FROM t) c
;
