"""What comes from outside and is read on the way in: feeds, reports of other scanners, answers to findings."""
