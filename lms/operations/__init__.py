"""Running the program: set-up, server, operators' commands."""
