"""The forms of requests and answers: what a body may contain, and answers made from the rooms' own records."""
