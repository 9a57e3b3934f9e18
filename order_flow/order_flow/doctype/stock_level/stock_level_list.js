// A level has no number that anybody knows: product and warehouse name it.

frappe.listview_settings["Stock Level"] = { hide_name_column: true };
