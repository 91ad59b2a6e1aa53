"""The queue and the schedule: they wake things, the states of things live in their own tables."""
