"""Hands numbers or instances from one stack to another: files and states, never CCC."""
