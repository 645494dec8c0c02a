"""Calls of the fleet's numbers: read within the quota, kept between runs, compared with what is paid."""
