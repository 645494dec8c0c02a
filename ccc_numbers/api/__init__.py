"""CCC's OpenAPI: accounts and credentials, transport, retry, rate limit, paging, typed rows, errors."""
