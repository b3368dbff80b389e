"""The speed figures, and the force-sized data they run on."""
