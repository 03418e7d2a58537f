package pmo

// tables are the columns that are filled, in the order in which rows come.
var tables = []struct {
	name    string
	columns []string
}{
	{"Icd10", []string{"Code", "Name"}},
	{"Atc", []string{"Code", "Name"}},
	{"Analysis", []string{"Code", "Name", "Unit"}},
	{"VisitType", []string{"Code", "Name"}},
	{"Role", []string{"Code", "Name"}},
	{"CareProvider", []string{"Id", "HsaId", "OrganisationNumber", "Name"}},
	{"SecrecyArea", []string{"Id", "CareProviderId", "Code", "Name"}},
	{"CareUnit", []string{"Id", "HsaId", "CareProviderId", "SecrecyAreaId", "ParentUnitId", "ManagerId", "Name", "Phone"}},
	{"Staff", []string{"Id", "HsaId", "UserName", "PersonId", "GivenName", "FamilyName", "Title", "Email", "Phone", "PasswordHash", "CareUnitId"}},
	{"Assignment", []string{"StaffId", "CareUnitId", "RoleCode", "FromDate", "ToDate"}},
	{"Delegation", []string{"Id", "RoleCode", "CareUnitId", "StaffId", "DelegatedById", "Task", "ValidTo"}},
	{"Patient", []string{"Id", "PersonId", "GivenName", "FamilyName", "BirthDate", "Sex", "Protected", "Phone", "Email", "Address", "PostalCode", "City", "DeceasedDate"}},
	{"PatientListing", []string{"PatientId", "CareUnitId", "FromDate", "ToDate"}},
	{"Booking", []string{"Id", "PatientId", "CareUnitId", "StaffId", "StartsAt", "Minutes", "Status"}},
	{"Visit", []string{"Id", "PatientId", "CareUnitId", "SecrecyAreaId", "SeenById", "BookingId", "VisitTypeCode", "StartedAt", "EndedAt", "Reason"}},
	{"Measurement", []string{"VisitId", "Kind", "Reading", "MeasuredAt"}},
	{"Note", []string{"Id", "VisitId", "AuthorId", "SignedById", "CorrectsNoteId", "Template", "Body", "WrittenAt", "SignedAt"}},
	{"NoteValue", []string{"NoteId", "Ordinal", "Keyword", "Content"}},
	{"Diagnosis", []string{"Id", "VisitId", "Icd10Code", "Ordinal"}},
	{"Prescription", []string{"Id", "PatientId", "VisitId", "PrescribedAtUnitId", "PrescriberId", "AtcCode", "Dosage", "PrescribedAt"}},
	{"LabOrder", []string{"Id", "RequisitionNumber", "VisitId", "OrderedById", "LaboratoryUnitId", "OrderedAt"}},
	{"LabResult", []string{"Id", "RequisitionNumber", "AnalysisCode", "Result", "Abnormal", "VerifiedById", "AnsweredAt"}},
	{"Referral", []string{"Id", "PatientId", "VisitId", "FromUnitId", "ToUnitId", "WrittenById", "Question", "Answer", "Cancelled", "SentAt"}},
	{"Document", []string{"Id", "PatientId", "CareUnitId", "VisitId", "Title", "MediaType", "Content"}},
	{"Block", []string{"Id", "PatientId", "Type", "CareProviderId", "CareUnitId", "StartDate", "EndDate"}},
	{"Consent", []string{"Id", "PatientId", "Type", "CareProviderId", "CareUnitId", "StaffId", "StartDate", "EndDate"}},
	{"AccessLog", []string{"Id", "StaffId", "CareUnitId", "PatientId", "Activity", "Purpose", "Address", "StartedAt"}},
	{"EventLog", []string{"Id", "Host", "Severity", "Message", "LoggedAt"}},
	{"Setting", []string{"Name", "Content"}},
}
