"""What a person may type on the pages of staffing, and the words around it."""
