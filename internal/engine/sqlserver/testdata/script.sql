USE master;
SET NOEXEC OFF;
SET XACT_ABORT, NOCOUNT, ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL, QUOTED_IDENTIFIER ON;
SET NUMERIC_ROUNDABORT OFF;
SET IMPLICIT_TRANSACTIONS OFF;
SET DATEFORMAT ymd;
-- Others come first: where somebody waits for somebody, it is this script that gives in
SET DEADLOCK_PRIORITY LOW;
SET LOCK_TIMEOUT 60000;
IF @@TRANCOUNT <> 0
BEGIN
  THROW 51000, N'UE340: this session has a transaction open: run the script in a session of its own', 1;
END;
-- sqlcmd on Windows takes a file without a mark for the machine's code page, and texts would be others
IF UNICODE(N'å') <> 229
BEGIN
  THROW 51000, N'UE340: this file was not read as UTF-8: give sqlcmd -f 65001', 1;
END;
EXEC sys.sp_set_session_context N'utdrag.batch', 5;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 5 SET NOEXEC ON;
GO
-- The source, of which only snapshots are read
IF DB_ID(N'Journal å') IS NULL
BEGIN
  THROW 51000, N'UE302: there is no database Journal å on this server, or this login may not see it', 1;
END;
IF NOT EXISTS (SELECT 1 FROM sys.databases WHERE name = N'Journal å' AND snapshot_isolation_state = 1)
BEGIN
  THROW 51000, N'UE316: the source gives no snapshots: ALTER DATABASE [Journal å] SET ALLOW_SNAPSHOT_ISOLATION ON', 1;
END;
EXEC sys.sp_set_session_context N'utdrag.batch', 6;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 6 SET NOEXEC ON;
GO
-- The target, in the source's collation
IF DB_ID(N'utdrag_copy') IS NULL
BEGIN
  DECLARE @collation nvarchar(128) = CONVERT(nvarchar(128), DATABASEPROPERTYEX(N'Journal å', 'Collation'));
  EXEC (N'CREATE DATABASE [utdrag_copy] COLLATE ' + @collation);
END;
IF NOT EXISTS (SELECT 1 FROM sys.databases WHERE name = N'utdrag_copy' AND snapshot_isolation_state = 1)
  EXEC (N'ALTER DATABASE [utdrag_copy] SET ALLOW_SNAPSHOT_ISOLATION ON');
EXEC sys.sp_set_session_context N'utdrag.batch', 7;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 7 SET NOEXEC ON;
GO
IF NOT EXISTS (SELECT 1 FROM sys.databases WHERE name = N'utdrag_copy' AND snapshot_isolation_state = 1)
BEGIN
  THROW 51000, N'UE316: the target gives no snapshots yet: wait until other transactions in it have ended, and run this again', 1;
END;
EXEC sys.sp_set_session_context N'utdrag.batch', 8;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 8 SET NOEXEC ON;
GO
USE [utdrag_copy];
-- Nothing is there but what an earlier run of this script left: its tables, all empty
IF EXISTS (SELECT 1 FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id
  WHERE o.is_ms_shipped = 0 AND o.type IN ('U', 'V', 'P', 'FN', 'IF', 'TF', 'SN')
    AND NOT EXISTS (SELECT 1 FROM (VALUES
      (N'Vårdenhet a]b', N'Vårdenhet a]b'),
      (N'dbo', N'Vårdenhet a]b history'),
      (N'dbo', N'Vårdenhet a]b child')) own (s, t)
      WHERE own.s = s.name AND own.t = o.name AND o.type = 'U'))
BEGIN
  THROW 51000, N'UE320: utdrag_copy holds something else than this copy: name another database, or drop it', 1;
END;
IF OBJECT_ID(N'[Vårdenhet a]]b].[Vårdenhet a]]b]', N'U') IS NOT NULL
BEGIN
  IF EXISTS (SELECT 1 FROM [Vårdenhet a]]b].[Vårdenhet a]]b])
  BEGIN
    THROW 51000, N'UE320: utdrag_copy has rows in [Vårdenhet a]]b].[Vårdenhet a]]b]: a copy that was finished, or stopped at its checks; drop the database to make it anew', 1;
  END;
END;
IF OBJECT_ID(N'[dbo].[Vårdenhet a]]b history]', N'U') IS NOT NULL
BEGIN
  IF EXISTS (SELECT 1 FROM [dbo].[Vårdenhet a]]b history])
  BEGIN
    THROW 51000, N'UE320: utdrag_copy has rows in [dbo].[Vårdenhet a]]b history]: a copy that was finished, or stopped at its checks; drop the database to make it anew', 1;
  END;
END;
IF OBJECT_ID(N'[dbo].[Vårdenhet a]]b child]', N'U') IS NOT NULL
BEGIN
  IF EXISTS (SELECT 1 FROM [dbo].[Vårdenhet a]]b child])
  BEGIN
    THROW 51000, N'UE320: utdrag_copy has rows in [dbo].[Vårdenhet a]]b child]: a copy that was finished, or stopped at its checks; drop the database to make it anew', 1;
  END;
END;
DROP TABLE IF EXISTS [dbo].[Vårdenhet a]]b child];
DROP TABLE IF EXISTS [dbo].[Vårdenhet a]]b history];
DROP TABLE IF EXISTS [Vårdenhet a]]b].[Vårdenhet a]]b];
DROP TYPE IF EXISTS [Vårdenhet a]]b].[Vårdenhet a]]b type];
USE [Journal å];
EXEC sys.sp_set_session_context N'utdrag.batch', 9;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 9 SET NOEXEC ON;
GO
USE [utdrag_copy];
IF SCHEMA_ID(N'Vårdenhet a]b') IS NULL EXEC (N'CREATE SCHEMA [Vårdenhet a]]b]');
USE [Journal å];
EXEC sys.sp_set_session_context N'utdrag.batch', 10;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 10 SET NOEXEC ON;
GO
USE [utdrag_copy];
CREATE TYPE [Vårdenhet a]]b].[Vårdenhet a]]b type] FROM varchar(13) NOT NULL;
USE [Journal å];
EXEC sys.sp_set_session_context N'utdrag.batch', 11;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 11 SET NOEXEC ON;
GO
USE [utdrag_copy];
CREATE TABLE [Vårdenhet a]]b].[Vårdenhet a]]b] (
  [Id] int IDENTITY(10,5) NOT NULL,
  [Vårdenhet a]]b] [Vårdenhet a]]b].[Vårdenhet a]]b type] NOT NULL,
  [Stamp] rowversion NOT NULL,
  [Twice] AS ([Id]*(2)) PERSISTED NOT NULL,
  [Sparse] int SPARSE NULL,
  [All] xml COLUMN_SET FOR ALL_SPARSE_COLUMNS,
  [Guid] uniqueidentifier ROWGUIDCOL NOT NULL CONSTRAINT [DF Vårdenhet a]]b] DEFAULT (newsequentialid()),
  [Note] nvarchar(max) COLLATE Finnish_Swedish_CI_AS NULL,
  [ValidFrom] datetime2(7) NOT NULL,
  [ValidTo] datetime2(7) NOT NULL,
  CONSTRAINT [PK Vårdenhet a]]b] PRIMARY KEY CLUSTERED ([Id]),
  CONSTRAINT [UQ Vårdenhet a]]b] UNIQUE NONCLUSTERED ([Vårdenhet a]]b], [Guid]),
  CONSTRAINT [CK Vårdenhet a]]b] CHECK ([Vårdenhet a]]b]<>'it''s')
);
USE [Journal å];
EXEC sys.sp_set_session_context N'utdrag.batch', 12;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 12 SET NOEXEC ON;
GO
USE [utdrag_copy];
CREATE TABLE [dbo].[Vårdenhet a]]b history] (
  [Id] int NOT NULL,
  [Vårdenhet a]]b] varchar(13) COLLATE Finnish_Swedish_CI_AS NOT NULL,
  [ValidFrom] datetime2(7) NOT NULL,
  [ValidTo] datetime2(7) NOT NULL
);
USE [Journal å];
EXEC sys.sp_set_session_context N'utdrag.batch', 13;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 13 SET NOEXEC ON;
GO
USE [utdrag_copy];
CREATE TABLE [dbo].[Vårdenhet a]]b child] (
  [Id] bigint IDENTITY(-1,-1) NOT NULL,
  [P] int NULL,
  [F] float NULL,
  [M] money NULL,
  [B] varbinary(max) NULL,
  [T] ntext COLLATE Finnish_Swedish_CI_AS NULL,
  PRIMARY KEY NONCLUSTERED ([Id])
);
USE [Journal å];
EXEC sys.sp_set_session_context N'utdrag.batch', 14;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 14 SET NOEXEC ON;
GO
DROP TABLE IF EXISTS [#provider];
CREATE TABLE [#provider] ([HsaId] varchar(31) COLLATE Finnish_Swedish_CI_AS NOT NULL, PRIMARY KEY CLUSTERED ([HsaId]));
EXEC sys.sp_set_session_context N'utdrag.batch', 15;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 15 SET NOEXEC ON;
GO
DROP TABLE IF EXISTS [#keys];
CREATE TABLE [#keys] ([Id] int NOT NULL, PRIMARY KEY CLUSTERED ([Id]));
EXEC sys.sp_set_session_context N'utdrag.batch', 16;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 16 SET NOEXEC ON;
GO
DROP TABLE IF EXISTS [#delta];
CREATE TABLE [#delta] ([Id] int NOT NULL, PRIMARY KEY CLUSTERED ([Id]));
EXEC sys.sp_set_session_context N'utdrag.batch', 17;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 17 SET NOEXEC ON;
GO
DROP TABLE IF EXISTS [#next];
CREATE TABLE [#next] ([Id] int NOT NULL, PRIMARY KEY CLUSTERED ([Id]));
EXEC sys.sp_set_session_context N'utdrag.batch', 18;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 18 SET NOEXEC ON;
GO
-- One snapshot of the source for everything until COMMIT
SET TRANSACTION ISOLATION LEVEL SNAPSHOT;
BEGIN TRANSACTION;
EXEC sys.sp_set_session_context N'utdrag.batch', 19;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 19 SET NOEXEC ON;
GO
DECLARE @provider varchar(31) = 'SE2321000016-1003';
INSERT INTO [#provider] ([HsaId]) VALUES (@provider);
EXEC sys.sp_set_session_context N'utdrag.batch', 20;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 20 SET NOEXEC ON;
GO
IF ISNULL((SELECT COUNT_BIG(*) FROM [#provider]), -1) <> 1
BEGIN
  THROW 51000, N'UP001: the ordered provider key is not exactly one row', 1;
END;
EXEC sys.sp_set_session_context N'utdrag.batch', 21;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 21 SET NOEXEC ON;
GO
INSERT INTO [#delta] ([Id])
SELECT 1;
EXEC sys.sp_set_session_context N'utdrag.batch', 22;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 22 SET NOEXEC ON;
GO
INSERT INTO [#keys] ([Id])
SELECT [Id] FROM [#delta];
EXEC sys.sp_set_session_context N'utdrag.batch', 23;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 23 SET NOEXEC ON;
GO
WHILE (SELECT CASE WHEN EXISTS (SELECT 1 FROM [#delta]) THEN 1 ELSE 0 END) = 1
BEGIN
  INSERT INTO [#next] ([Id])
  SELECT d.[Id] + 1 FROM [#delta] d WHERE d.[Id] < 5;
  DELETE FROM [#delta];
  INSERT INTO [#delta] ([Id])
  SELECT [Id] FROM [#next];
  DELETE FROM [#next];
  INSERT INTO [#keys] ([Id])
  SELECT [Id] FROM [#delta];
END;
EXEC sys.sp_set_session_context N'utdrag.batch', 29;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 29 SET NOEXEC ON;
GO
IF ISNULL((SELECT COUNT_BIG(*) FROM [#keys]), -1) <> 5
BEGIN
  THROW 51000, N'UE340: the rounds found another number', 1;
END;
EXEC sys.sp_set_session_context N'utdrag.batch', 30;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 30 SET NOEXEC ON;
GO
-- The masking key, and what can be hashed here
DECLARE @given sql_variant = SESSION_CONTEXT(N'utdrag.mask_key');
IF @given IS NULL
BEGIN
  THROW 51000, N'UE340: there is no masking key in this session: see what the script needs, at its top', 1;
END;
DECLARE @key varbinary(8000) = CONVERT(varbinary(8000), @given);
IF CONVERT(nvarchar(128), SQL_VARIANT_PROPERTY(@given, 'BaseType')) NOT IN (N'varbinary', N'binary') OR DATALENGTH(@key) NOT BETWEEN 32 AND 2048
  OR SUBSTRING(@key, 2, DATALENGTH(@key) - 1) = SUBSTRING(@key, 1, DATALENGTH(@key) - 1)
BEGIN
  THROW 51000, N'UE340: the masking key must be binary, 0x and at least 64 hexadecimal digits of random bytes', 1;
END;
EXEC sys.sp_set_session_context N'utdrag.batch', 1;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 1 SET NOEXEC ON;
GO
DECLARE @key varbinary(8000) = CONVERT(varbinary(8000), SESSION_CONTEXT(N'utdrag.mask_key'));
IF DATALENGTH(@key) > 64 SET @key = HASHBYTES('SHA2_256', @key);
DECLARE @block binary(64) = CONVERT(binary(64), @key);
DECLARE @inner binary(64) = CONVERT(binary(8), CONVERT(bigint, SUBSTRING(@block, 1, 8)) ^ CONVERT(bigint, 0x3636363636363636))
  + CONVERT(binary(8), CONVERT(bigint, SUBSTRING(@block, 9, 8)) ^ CONVERT(bigint, 0x3636363636363636))
  + CONVERT(binary(8), CONVERT(bigint, SUBSTRING(@block, 17, 8)) ^ CONVERT(bigint, 0x3636363636363636))
  + CONVERT(binary(8), CONVERT(bigint, SUBSTRING(@block, 25, 8)) ^ CONVERT(bigint, 0x3636363636363636))
  + CONVERT(binary(8), CONVERT(bigint, SUBSTRING(@block, 33, 8)) ^ CONVERT(bigint, 0x3636363636363636))
  + CONVERT(binary(8), CONVERT(bigint, SUBSTRING(@block, 41, 8)) ^ CONVERT(bigint, 0x3636363636363636))
  + CONVERT(binary(8), CONVERT(bigint, SUBSTRING(@block, 49, 8)) ^ CONVERT(bigint, 0x3636363636363636))
  + CONVERT(binary(8), CONVERT(bigint, SUBSTRING(@block, 57, 8)) ^ CONVERT(bigint, 0x3636363636363636));
DECLARE @outer binary(64) = CONVERT(binary(8), CONVERT(bigint, SUBSTRING(@block, 1, 8)) ^ CONVERT(bigint, 0x5C5C5C5C5C5C5C5C))
  + CONVERT(binary(8), CONVERT(bigint, SUBSTRING(@block, 9, 8)) ^ CONVERT(bigint, 0x5C5C5C5C5C5C5C5C))
  + CONVERT(binary(8), CONVERT(bigint, SUBSTRING(@block, 17, 8)) ^ CONVERT(bigint, 0x5C5C5C5C5C5C5C5C))
  + CONVERT(binary(8), CONVERT(bigint, SUBSTRING(@block, 25, 8)) ^ CONVERT(bigint, 0x5C5C5C5C5C5C5C5C))
  + CONVERT(binary(8), CONVERT(bigint, SUBSTRING(@block, 33, 8)) ^ CONVERT(bigint, 0x5C5C5C5C5C5C5C5C))
  + CONVERT(binary(8), CONVERT(bigint, SUBSTRING(@block, 41, 8)) ^ CONVERT(bigint, 0x5C5C5C5C5C5C5C5C))
  + CONVERT(binary(8), CONVERT(bigint, SUBSTRING(@block, 49, 8)) ^ CONVERT(bigint, 0x5C5C5C5C5C5C5C5C))
  + CONVERT(binary(8), CONVERT(bigint, SUBSTRING(@block, 57, 8)) ^ CONVERT(bigint, 0x5C5C5C5C5C5C5C5C));
EXEC sys.sp_set_session_context N'utdrag.mask_inner', @inner;
EXEC sys.sp_set_session_context N'utdrag.mask_outer', @outer;
EXEC sys.sp_set_session_context N'utdrag.batch', 2;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 2 SET NOEXEC ON;
GO
IF ISNULL((SELECT COUNT_BIG(*) FROM (
  SELECT CONVERT(nvarchar(max), t.[Folded]) COLLATE Latin1_General_100_BIN2 AS cell
  FROM [Vårdenhet a]]b].[Vårdenhet a]]b] t
) cells WHERE cell LIKE N'%[^ -~]%'), -1) <> 0
BEGIN
  THROW 51000, N'UE340: column Folded of [Vårdenhet a]]b].[Vårdenhet a]]b] has a cell with other characters than ASCII''s, whose case only utdrag extract folds', 1;
END;
EXEC sys.sp_set_session_context N'utdrag.batch', 3;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 3 SET NOEXEC ON;
GO
DECLARE @utdrag_inner binary(64) = CONVERT(binary(64), SESSION_CONTEXT(N'utdrag.mask_inner')),
  @utdrag_outer binary(64) = CONVERT(binary(64), SESSION_CONTEXT(N'utdrag.mask_outer'));
USE [utdrag_copy];
SET IDENTITY_INSERT [Vårdenhet a]]b].[Vårdenhet a]]b] ON;
USE [Journal å];
INSERT INTO [utdrag_copy].[Vårdenhet a]]b].[Vårdenhet a]]b] WITH (TABLOCK) ([Id], [Vårdenhet a]]b], [Sparse], [Guid], [Note], [ValidFrom], [ValidTo])
SELECT t.[Id], t.[Vårdenhet a]]b], t.[Sparse], t.[Guid], CASE WHEN t.[Note] IS NOT NULL THEN SUBSTRING(LOWER(CONVERT(char(64), HASHBYTES('SHA2_256', @utdrag_outer + HASHBYTES('SHA2_256', @utdrag_inner + 0x757464726167206D61736B206861736820310000000000000000046E6F746574 + CONVERT(varbinary(max), CONVERT(varchar(max), RTRIM(CONVERT(nvarchar(max), t.[Note])) COLLATE Latin1_General_100_BIN2_UTF8)))), 2)), 1, 64) END AS [Note], t.[ValidFrom], t.[ValidTo]
  FROM [Vårdenhet a]]b].[Vårdenhet a]]b] t;
USE [utdrag_copy];
SET IDENTITY_INSERT [Vårdenhet a]]b].[Vårdenhet a]]b] OFF;
USE [Journal å];
EXEC sys.sp_set_session_context N'utdrag.batch', 31;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 31 SET NOEXEC ON;
GO
INSERT INTO [utdrag_copy].[dbo].[Vårdenhet a]]b history] WITH (TABLOCK) ([Id], [Vårdenhet a]]b], [ValidFrom], [ValidTo])
SELECT t.[Id], t.[Vårdenhet a]]b], t.[ValidFrom], t.[ValidTo]
  FROM [dbo].[Vårdenhet a]]b history] t;
EXEC sys.sp_set_session_context N'utdrag.batch', 32;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 32 SET NOEXEC ON;
GO
USE [utdrag_copy];
SET IDENTITY_INSERT [dbo].[Vårdenhet a]]b child] ON;
USE [Journal å];
INSERT INTO [utdrag_copy].[dbo].[Vårdenhet a]]b child] WITH (TABLOCK) ([Id], [P], [F], [M], [B], [T])
SELECT t.[Id], t.[P], t.[F], t.[M], t.[B], t.[T]
  FROM [dbo].[Vårdenhet a]]b child] t;
USE [utdrag_copy];
SET IDENTITY_INSERT [dbo].[Vårdenhet a]]b child] OFF;
USE [Journal å];
EXEC sys.sp_set_session_context N'utdrag.batch', 33;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 33 SET NOEXEC ON;
GO
-- Nothing of the key is left
EXEC sys.sp_set_session_context N'utdrag.mask_inner', NULL;
EXEC sys.sp_set_session_context N'utdrag.mask_outer', NULL;
EXEC sys.sp_set_session_context N'utdrag.mask_key', NULL;
EXEC sys.sp_set_session_context N'utdrag.batch', 4;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 4 SET NOEXEC ON;
GO
COMMIT TRANSACTION;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
EXEC sys.sp_set_session_context N'utdrag.batch', 34;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 34 SET NOEXEC ON;
GO
USE [utdrag_copy];
CREATE UNIQUE INDEX [IX Vårdenhet a]]b] ON [Vårdenhet a]]b].[Vårdenhet a]]b] ([Vårdenhet a]]b] DESC) INCLUDE ([Guid]) WHERE ([Sparse] IS NOT NULL);
USE [Journal å];
EXEC sys.sp_set_session_context N'utdrag.batch', 35;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 35 SET NOEXEC ON;
GO
USE [utdrag_copy];
CREATE CLUSTERED INDEX [ix_former] ON [dbo].[Vårdenhet a]]b history] ([ValidTo], [ValidFrom]);
USE [Journal å];
EXEC sys.sp_set_session_context N'utdrag.batch', 36;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 36 SET NOEXEC ON;
GO
USE [utdrag_copy];
ALTER TABLE [Vårdenhet a]]b].[Vårdenhet a]]b] ADD CONSTRAINT [FK self Vårdenhet a]]b] FOREIGN KEY ([Sparse]) REFERENCES [Vårdenhet a]]b].[Vårdenhet a]]b] ([Id]);
USE [Journal å];
EXEC sys.sp_set_session_context N'utdrag.batch', 37;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 37 SET NOEXEC ON;
GO
USE [utdrag_copy];
DBCC CHECKIDENT (N'[Vårdenhet a]]b].[Vårdenhet a]]b]', RESEED) WITH NO_INFOMSGS;
USE [Journal å];
EXEC sys.sp_set_session_context N'utdrag.batch', 38;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 38 SET NOEXEC ON;
GO
USE [utdrag_copy];
IF EXISTS (SELECT 1 FROM sys.columns WHERE object_id = OBJECT_ID(N'[Vårdenhet a]]b].[Vårdenhet a]]b]') AND name = N'Vårdenhet a]b' AND collation_name <> N'Finnish_Swedish_CI_AS')
BEGIN
  THROW 51000, N'UE312: column Vårdenhet a]b of [Vårdenhet a]]b].[Vårdenhet a]]b] is of an alias type and got another collation than it had: make the target database with Finnish_Swedish_CI_AS', 1;
END;
USE [Journal å];
EXEC sys.sp_set_session_context N'utdrag.batch', 39;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 39 SET NOEXEC ON;
GO
USE [utdrag_copy];
ALTER TABLE [Vårdenhet a]]b].[Vårdenhet a]]b] ADD PERIOD FOR SYSTEM_TIME ([ValidFrom], [ValidTo]);
USE [Journal å];
EXEC sys.sp_set_session_context N'utdrag.batch', 40;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 40 SET NOEXEC ON;
GO
USE [utdrag_copy];
ALTER TABLE [Vårdenhet a]]b].[Vårdenhet a]]b] ALTER COLUMN [ValidFrom] ADD HIDDEN;
USE [Journal å];
EXEC sys.sp_set_session_context N'utdrag.batch', 41;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 41 SET NOEXEC ON;
GO
USE [utdrag_copy];
ALTER TABLE [Vårdenhet a]]b].[Vårdenhet a]]b] ALTER COLUMN [ValidTo] ADD HIDDEN;
USE [Journal å];
EXEC sys.sp_set_session_context N'utdrag.batch', 42;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 42 SET NOEXEC ON;
GO
USE [utdrag_copy];
ALTER TABLE [Vårdenhet a]]b].[Vårdenhet a]]b] SET (SYSTEM_VERSIONING = ON (HISTORY_TABLE = [dbo].[Vårdenhet a]]b history], DATA_CONSISTENCY_CHECK = ON, HISTORY_RETENTION_PERIOD = 6 MONTHS));
USE [Journal å];
EXEC sys.sp_set_session_context N'utdrag.batch', 43;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 43 SET NOEXEC ON;
GO
USE [utdrag_copy];
ALTER TABLE [dbo].[Vårdenhet a]]b child] ADD CONSTRAINT [FK Vårdenhet a]]b] FOREIGN KEY ([P]) REFERENCES [Vårdenhet a]]b].[Vårdenhet a]]b] ([Id]) ON DELETE CASCADE ON UPDATE SET NULL;
USE [Journal å];
EXEC sys.sp_set_session_context N'utdrag.batch', 44;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 44 SET NOEXEC ON;
GO
USE [utdrag_copy];
DECLARE @last_8faf4ae3 bigint = (SELECT MIN([Id]) FROM [dbo].[Vårdenhet a]]b child]);
IF @last_8faf4ae3 IS NOT NULL DBCC CHECKIDENT (N'[dbo].[Vårdenhet a]]b child]', RESEED, @last_8faf4ae3) WITH NO_INFOMSGS;
USE [Journal å];
EXEC sys.sp_set_session_context N'utdrag.batch', 45;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 45 SET NOEXEC ON;
GO
USE [utdrag_copy];
-- Every constraint of the copy was held against every row
IF EXISTS (SELECT 1 FROM sys.foreign_keys WHERE is_disabled = 1 OR is_not_trusted = 1)
BEGIN
  THROW 51000, N'UE324: a foreign key of the copy is not trusted', 1;
END;
IF EXISTS (SELECT 1 FROM sys.check_constraints WHERE is_disabled = 1 OR is_not_trusted = 1)
BEGIN
  THROW 51000, N'UE323: a check of the copy is not trusted', 1;
END;
IF (SELECT COUNT(*) FROM sys.foreign_keys WHERE parent_object_id = OBJECT_ID(N'[Vårdenhet a]]b].[Vårdenhet a]]b]')) <> 1
BEGIN
  THROW 51000, N'UE324: [Vårdenhet a]]b].[Vårdenhet a]]b] doesn''t have every foreign key that it should', 1;
END;
IF (SELECT COUNT(*) FROM sys.foreign_keys WHERE parent_object_id = OBJECT_ID(N'[dbo].[Vårdenhet a]]b child]')) <> 1
BEGIN
  THROW 51000, N'UE324: [dbo].[Vårdenhet a]]b child] doesn''t have every foreign key that it should', 1;
END;
EXEC sys.sp_set_session_context N'utdrag.batch', 46;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 46 SET NOEXEC ON;
GO
-- What was copied
USE [utdrag_copy];
SELECT N'[Vårdenhet a]]b].[Vårdenhet a]]b]' AS copied_table, COUNT_BIG(*) AS copied_rows FROM [Vårdenhet a]]b].[Vårdenhet a]]b]
UNION ALL SELECT N'dbo.[Vårdenhet a]]b history]' AS copied_table, COUNT_BIG(*) AS copied_rows FROM [dbo].[Vårdenhet a]]b history]
UNION ALL SELECT N'dbo.[Vårdenhet a]]b child]' AS copied_table, COUNT_BIG(*) AS copied_rows FROM [dbo].[Vårdenhet a]]b child]
ORDER BY copied_table;
USE [Journal å];
PRINT N'The copy is complete.';
EXEC sys.sp_set_session_context N'utdrag.batch', 47;
GO
IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> 47 SET NOEXEC ON;
GO
-- Whatever happened: what is not committed is undone, and the session holds no keys
SET NOEXEC OFF;
GO
IF @@TRANCOUNT <> 0 ROLLBACK TRANSACTION;
EXEC sys.sp_set_session_context N'utdrag.batch', NULL;
EXEC sys.sp_set_session_context N'utdrag.mask_inner', NULL;
EXEC sys.sp_set_session_context N'utdrag.mask_outer', NULL;
EXEC sys.sp_set_session_context N'utdrag.mask_key', NULL;
DROP TABLE IF EXISTS [#provider];
DROP TABLE IF EXISTS [#keys];
DROP TABLE IF EXISTS [#delta];
DROP TABLE IF EXISTS [#next];
GO

