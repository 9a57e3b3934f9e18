"""`make style`: the shape of the code as numbers, each beside its target."""
