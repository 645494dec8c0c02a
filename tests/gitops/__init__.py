"""Tests of what pipelines need."""
