"""A CCC OpenAPI server for development, tests and the quickstart: real HTTP, real signatures."""
