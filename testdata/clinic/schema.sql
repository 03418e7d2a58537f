-- Two care providers, three units, and a patient whom both have seen: the smallest database that is worth a test.
CREATE TABLE Provider (Id INTEGER PRIMARY KEY, HsaId TEXT NOT NULL UNIQUE);
CREATE TABLE Unit (Id INTEGER PRIMARY KEY, HsaId TEXT NOT NULL UNIQUE, ProviderId INTEGER NOT NULL REFERENCES Provider(Id));
CREATE TABLE Patient (Id INTEGER PRIMARY KEY, Pnr TEXT UNIQUE, Name TEXT);
CREATE TABLE Visit (Id INTEGER PRIMARY KEY, UnitId INTEGER REFERENCES Unit(Id), PatientId INTEGER NOT NULL REFERENCES Patient(Id), Reason TEXT);
CREATE TABLE Note (Id INTEGER PRIMARY KEY, VisitId INTEGER NOT NULL REFERENCES Visit(Id), CorrectsId INTEGER REFERENCES Note(Id), Body TEXT);
CREATE TABLE Icd (Code TEXT PRIMARY KEY, Name TEXT);
CREATE TABLE Log (Line TEXT);
INSERT INTO Provider VALUES (1, 'SE1'), (2, 'SE2');
INSERT INTO Unit VALUES (10, 'U10', 1), (11, 'U11', 1), (20, 'U20', 2);
INSERT INTO Patient VALUES (100, '200001019801', 'Anna'), (101, '200001019802', 'Bo'), (102, NULL, 'Cecilia');
INSERT INTO Visit VALUES (1000, 10, 100, 'a'), (1001, 20, 100, 'b'), (1002, 20, 101, 'c'), (1003, NULL, 102, 'd');
INSERT INTO Note VALUES (1, 1000, NULL, 'x'), (2, 1000, 1, 'y'), (3, 1001, NULL, 'z'), (4, 1000, 3, 'across');
INSERT INTO Icd VALUES ('J06', 'Cold');
INSERT INTO Log VALUES ('secret');
