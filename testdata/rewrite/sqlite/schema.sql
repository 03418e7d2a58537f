CREATE TABLE provider (id INTEGER PRIMARY KEY, hsa_id TEXT NOT NULL UNIQUE, name TEXT);
CREATE TABLE area (id INTEGER PRIMARY KEY, provider_id INTEGER NOT NULL REFERENCES provider (id), name TEXT);
CREATE TABLE unit (id INTEGER PRIMARY KEY, hsa_id TEXT NOT NULL UNIQUE, provider_id INTEGER REFERENCES provider (id), parent_id INTEGER REFERENCES unit (id), name TEXT);
CREATE TABLE staff (id INTEGER PRIMARY KEY, unit_id INTEGER REFERENCES unit (id), name TEXT, email TEXT);
CREATE TABLE patient (id INTEGER PRIMARY KEY, person_no TEXT UNIQUE, name TEXT, phone TEXT, address TEXT, born TEXT,
  street TEXT GENERATED ALWAYS AS (substr(address, 1, 10)) STORED, label TEXT GENERATED ALWAYS AS (name || ', ' || born) STORED,
  tag TEXT GENERATED ALWAYS AS ('<' || label || '>') VIRTUAL);
CREATE TABLE visit (id INTEGER PRIMARY KEY, unit_id INTEGER REFERENCES unit (id), area_id INTEGER REFERENCES area (id),
  patient_id INTEGER NOT NULL REFERENCES patient (id), reason TEXT, started TEXT, cost NUMERIC(8,2));
CREATE TABLE note (id INTEGER PRIMARY KEY, visit_id INTEGER NOT NULL REFERENCES visit (id), author_id INTEGER REFERENCES staff (id),
  corrects_id INTEGER REFERENCES note (id), body TEXT);
CREATE TABLE device (id INTEGER PRIMARY KEY, serial TEXT NOT NULL, unit_id INTEGER REFERENCES unit (id));
CREATE TABLE measurement (id INTEGER PRIMARY KEY, visit_id INTEGER NOT NULL REFERENCES visit (id), device_id INTEGER REFERENCES device (id),
  kind TEXT NOT NULL, amount INTEGER);
CREATE INDEX measurement_kind ON measurement (kind);
CREATE TABLE booking (id INTEGER PRIMARY KEY, unit_id INTEGER NOT NULL REFERENCES unit (id), staff_id INTEGER REFERENCES staff (id));
CREATE TABLE referral (id INTEGER PRIMARY KEY, unit_id INTEGER NOT NULL REFERENCES unit (id), patient_id INTEGER NOT NULL REFERENCES patient (id),
  visit_id INTEGER REFERENCES visit (id));
CREATE TABLE "Lab Result" ("visit id" INTEGER NOT NULL REFERENCES visit (id), "Order" INTEGER NOT NULL, "Prøve [nr]" TEXT, "a""b" INTEGER,
  PRIMARY KEY ("visit id", "Order"));
CREATE TABLE "order" ("select" INTEGER PRIMARY KEY, "group" INTEGER REFERENCES unit (id));
CREATE TABLE interpreter (id INTEGER PRIMARY KEY, phone TEXT, language TEXT);
CREATE TABLE queue (id INTEGER PRIMARY KEY, line TEXT);
CREATE TABLE draft (id INTEGER PRIMARY KEY, line TEXT);
CREATE TABLE log (id INTEGER PRIMARY KEY, line TEXT);
CREATE TABLE icd (code TEXT NOT NULL PRIMARY KEY, name TEXT);
CREATE VIEW seen AS SELECT v.id, v.reason, p.person_no, p.name AS patient FROM visit v JOIN patient p ON p.id = v.patient_id;
CREATE VIEW unit_load (unit, visits) AS SELECT u.name, COUNT(s.id) FROM unit u LEFT JOIN visit v ON v.unit_id = u.id LEFT JOIN seen s ON s.id = v.id GROUP BY u.id, u.name;
CREATE VIEW log_line AS SELECT line FROM log;
CREATE VIEW open_code AS SELECT code FROM icd;
