CREATE TABLE Provider (Id INTEGER PRIMARY KEY, HsaId TEXT NOT NULL UNIQUE);
CREATE TABLE Unit (Id INTEGER PRIMARY KEY, HsaId TEXT NOT NULL UNIQUE, ProviderId INTEGER NOT NULL REFERENCES Provider(Id));
CREATE TABLE Patient (Id INTEGER PRIMARY KEY, Pnr TEXT UNIQUE, Name TEXT);
CREATE TABLE Visit (Id INTEGER PRIMARY KEY, UnitId INTEGER NOT NULL REFERENCES Unit(Id), PatientId INTEGER NOT NULL REFERENCES Patient(Id), Reason TEXT);
INSERT INTO Provider VALUES (1, 'SE5500000020-1000'), (2, 'SE5500000061-1000');
INSERT INTO Unit VALUES (10, 'SE5500000020-U002', 1), (11, 'SE5500000020-U003', 1), (20, 'SE5500000061-U006', 2);
INSERT INTO Patient VALUES (1, 'canary-pnr-1', 'canary-name-1'), (2, 'canary-pnr-2', 'canary-name-2'), (3, 'canary-pnr-3', 'canary-name-3'), (4, 'canary-pnr-4', 'canary-name-4');
INSERT INTO Visit VALUES (100, 10, 1, 'canary-reason-1'), (101, 10, 2, 'canary-reason-2'), (102, 10, 3, 'canary-reason-3'), (103, 20, 4, 'canary-reason-4'), (104, 11, 4, 'canary-reason-5');
