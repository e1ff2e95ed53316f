"""The command line: parses, calls the library, prints; needs the extra `cli`."""
