"""The operations of CCC's OpenAPI 2020-07-01, one module per family; `ccc_numbers.api.client.Client` joins them."""
