"""The server of an environment: the environment-service protocol over HTTP, with the standard library alone."""
