"""Read models of the portal: one file a page, a frozen record and one function that makes it; they write nothing."""
