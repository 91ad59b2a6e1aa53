"""A year in the life of a policy: the main job, told by a case that stands in the catalogue as data."""
