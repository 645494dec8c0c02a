"""Tests of the project as a package that somebody installs."""
