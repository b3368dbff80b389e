"""The Cambridgeshire force of the source report, as import files and a loader. The people are invented."""
