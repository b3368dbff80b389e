"""Emails: written in the transaction of what they tell of, sent once it is kept."""
