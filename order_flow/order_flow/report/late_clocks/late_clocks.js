frappe.query_reports["Late Clocks"] = {
	filters: [
		{ fieldname: "owner_role", label: __("Role That Must Act"), fieldtype: "Link", options: "Role" },
		{ fieldname: "flow_profile", label: __("Flow Profile"), fieldtype: "Link", options: "Flow Profile" },
	],
};
