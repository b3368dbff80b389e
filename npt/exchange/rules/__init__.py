"""The published folder format: kinds of file, their columns, and what an import must hold. Pure."""
