"""What a host is made of: programs, ports, processes, services, the database, the app."""
