"""What each person sees first. Views only."""
