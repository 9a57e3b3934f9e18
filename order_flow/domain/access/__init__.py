"""Who may do what: rules about rows, second persons, files and tables that leave the site."""
