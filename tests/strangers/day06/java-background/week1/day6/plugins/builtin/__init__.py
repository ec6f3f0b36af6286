"""The plugins that are shipped with the framework."""
