"""Where parcels are: asked of a tracking service, whichever carrier has them (R-297, R-298)."""
