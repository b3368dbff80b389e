"""NPT: the operations system of neighbourhood policing teams."""
