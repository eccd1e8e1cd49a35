"""Files for people without a server: the form at `/generator`, and the ZIP that it answers with."""
