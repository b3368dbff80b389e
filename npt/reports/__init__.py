"""The monthly resources report: assembled from the figures of the contexts below."""
