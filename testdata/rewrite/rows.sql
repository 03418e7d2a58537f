-- Two care providers, SE1 and SE2, who share a patient, a member of staff and a device.
INSERT INTO provider VALUES (1, 'SE1', 'One'), (2, 'SE2', 'Two');
INSERT INTO area VALUES (1, 1, 'one'), (2, 2, 'two');
INSERT INTO unit VALUES (10, 'U10', 1, NULL, 'Ten'), (11, 'U11', 1, 10, 'Eleven'), (20, 'U20', 2, NULL, 'Twenty'), (12, 'U12', 1, 20, 'Twelve');
INSERT INTO staff VALUES (1, 10, 'Ada Alm', 'ada@example.org'), (2, 20, 'Bo Berg', 'bo@example.org'), (3, 20, 'Ed Ek', 'ed@example.org');
INSERT INTO patient (id, person_no, name, phone, address, born) VALUES (100, '200001019801', 'Anna', '1', 'Lane 1', '2000-01-01'),
  (101, '200001019802', 'Bea', '2', 'Lane 2', '2000-01-01'), (102, NULL, 'Cecilia', '3', 'Lane 3', '1950-05-05'), (103, '200001019804', 'Dora', NULL, NULL, NULL);
INSERT INTO visit VALUES (1000, 10, 1, 100, 'cold', '2024-01-01 10:00:00', 100), (1001, 20, 2, 100, 'secret', '2024-01-02 10:00:00', 200),
  (1002, 20, 2, 101, 'secret', '2024-01-03 10:00:00', 300), (1003, 11, 1, 103, 'back', '2024-01-04 10:00:00', 150.5), (1004, 10, 2, 102, 'secret', NULL, 1), (1005, 10, NULL, 102, 'secret', NULL, 1);
INSERT INTO note VALUES (1, 1000, 1, NULL, 'x'), (2, 1001, 2, NULL, 'secret'), (3, 1000, 2, 1, 'y'), (4, 1003, NULL, 2, 'across');
INSERT INTO device VALUES (1, 'S1', 10), (2, 'secret', 20), (3, 'secret', 20);
INSERT INTO measurement VALUES (1, 1000, 1, 'pulse', 60), (2, 1000, 2, 'pulse', 70), (3, 1001, 3, 'pulse', 80), (4, 1000, 1, 'test', 0);
INSERT INTO booking VALUES (1, 10, 1), (2, 10, 3), (3, 20, 3), (4, 11, NULL);
INSERT INTO referral VALUES (1, 10, 102, 1000), (2, 20, 101, 1001), (3, 11, 103, NULL);
INSERT INTO "Lab Result" VALUES (1000, 1, 'p1', 5), (1001, 1, 'secret', 6);
INSERT INTO "order" VALUES (1, 10), (2, 20);
INSERT INTO interpreter VALUES (1, '070', 'sv'), (2, '071', 'fi');
INSERT INTO queue VALUES (1, 'secret');
INSERT INTO draft VALUES (1, 'secret');
INSERT INTO log VALUES (1, 'secret');
INSERT INTO icd VALUES ('J06', 'Cold'), ('M54', 'Back pain');
