"""Users, sign-in, roles; from a user to an actor."""
