"""Files in and files out: the published folder format."""
