"""Problem solving by SARA: plans with stages, actions and a measured impact."""
