"""The version of Parley, in the one place that the package, the pages and the command line read."""

__version__ = "0.1.0"
