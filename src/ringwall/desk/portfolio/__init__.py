"""The book on a date: what it holds, what a year may bring, what it has brought."""
