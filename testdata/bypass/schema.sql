-- Two care providers. Every cell that SE2 owns says CANARY or begins with 666. Cells of SE1 that a mask or the map hides say
-- SECRET. Neither may come out of a query for SE1. The statements are those that SQLite and PostgreSQL have in common.
CREATE TABLE provider (id INTEGER PRIMARY KEY, hsaid VARCHAR(20) NOT NULL UNIQUE, name VARCHAR(40));
CREATE TABLE unit (id INTEGER PRIMARY KEY, provider_id INTEGER NOT NULL REFERENCES provider (id), parent_id INTEGER REFERENCES unit (id), name VARCHAR(40));
CREATE TABLE clinician (id INTEGER PRIMARY KEY, unit_id INTEGER REFERENCES unit (id), name VARCHAR(40), title VARCHAR(40) NOT NULL);
CREATE TABLE patient (id INTEGER PRIMARY KEY, pnr VARCHAR(64), name VARCHAR(40), address VARCHAR(40), sex VARCHAR(10), initials VARCHAR(2) GENERATED ALWAYS AS (substr(name, 1, 2)) STORED);
CREATE TABLE visit (id INTEGER PRIMARY KEY, unit_id INTEGER NOT NULL REFERENCES unit (id), patient_id INTEGER NOT NULL REFERENCES patient (id), clinician_id INTEGER REFERENCES clinician (id), amount INTEGER, reason VARCHAR(200));
CREATE TABLE note (id INTEGER PRIMARY KEY, visit_id INTEGER NOT NULL REFERENCES visit (id), corrects_id INTEGER REFERENCES note (id), body VARCHAR(200));
CREATE TABLE icd (code VARCHAR(10) PRIMARY KEY, title VARCHAR(40), editor VARCHAR(40));
CREATE TABLE payroll (id INTEGER PRIMARY KEY, clinician_id INTEGER, salary INTEGER, iban VARCHAR(40));
CREATE TABLE inbox (id INTEGER PRIMARY KEY, message VARCHAR(40));
CREATE VIEW visit_names AS SELECT v.id, v.reason, p.name, p.pnr FROM visit v JOIN patient p ON p.id = v.patient_id;
CREATE VIEW visit_reasons AS SELECT n.id, n.reason FROM visit_names n WHERE n.reason IS NOT NULL;
CREATE VIEW shadowed AS WITH patient AS (SELECT id, reason FROM visit) SELECT patient.id, patient.reason FROM patient;
CREATE VIEW salaries AS SELECT id, salary FROM payroll;
CREATE VIEW addresses AS SELECT id, address FROM patient;
CREATE VIEW everybody AS SELECT * FROM patient;
CREATE VIEW icd_titles AS SELECT code, title FROM icd;
INSERT INTO provider VALUES (1, 'SE1', 'First'), (666002, 'SE2', 'CANARY provider');
INSERT INTO unit VALUES (66620, 666002, NULL, 'CANARY unit'), (10, 1, 66620, 'Ward'), (11, 1, 10, 'Lab');
INSERT INTO clinician VALUES (30, 10, 'Berg', 'doctor'), (31, 11, 'Dahl', 'nurse'), (79, 66620, 'CANARY clinician', 'CANARY title'), (66632, 66620, 'CANARY other', 'CANARY title');
INSERT INTO patient VALUES (100, 'SECRET-1', 'Anna SECRET', 'SECRET street 1', 'F'), (101, 'SECRET-2', 'Bo SECRET', 'SECRET street 2', 'M'), (666102, 'CANARY-3', 'CANARY Cecilia', 'CANARY street', 'CANARY');
INSERT INTO visit VALUES (1000, 10, 100, 30, 50, 'flu'), (1001, 11, 101, 79, 70, 'x-ray'), (1002, 10, 100, NULL, NULL, NULL), (666003, 66620, 100, 79, 666100, 'CANARY reason'), (666004, 66620, 666102, 66632, 666200, '{CANARY json');
INSERT INTO note VALUES (1, 1000, NULL, 'first'), (2, 1000, 1, 'second'), (666005, 666003, NULL, 'CANARY body'), (3, 1001, 666005, 'third');
INSERT INTO icd VALUES ('J06', 'Cold', 'SECRET editor'), ('S52', 'Fracture', 'SECRET editor');
INSERT INTO payroll VALUES (1, 30, 666300, 'CANARY iban');
INSERT INTO inbox VALUES (1, 'CANARY message');
