"""Terraform with one built-in `terraform_data` a number: another engine, doing nothing."""
