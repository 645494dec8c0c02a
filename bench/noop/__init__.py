"""A plugin for package `ccc` that does nothing: what is left of an `up` when the plugin costs nothing."""
