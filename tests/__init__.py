"""All tests; a package, because one of the bench's libraries installs a package of the same name."""
