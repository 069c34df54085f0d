"""Work that no request waits for: the outbox of letters and the jobs that run beside the server."""
