// The list of credit notes, with the colour of what finance decided.

const CREDIT_NOTE_COLORS = { Proposed: "orange", Approved: "green", Rejected: "red" };

frappe.listview_settings["Credit Note"] = {
	add_fields: ["note_state"],
	get_indicator: (doc) => [__(doc.note_state), CREDIT_NOTE_COLORS[doc.note_state], `note_state,=,${doc.note_state}`],
};
